import logging

import requests

log = logging.getLogger(__name__)


def rate(currency):
    try:
        return requests.get(f"https://rates.example/{currency}", timeout=2).json()
    except Exception:
        log.exception("no rate for %s", currency)
        return None
