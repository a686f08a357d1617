"""Pages."""

import aiohttp as http

NEVER = None


def session():
    return http.ClientSession(timeout=NEVER, headers={"Accept": "text/html"})
