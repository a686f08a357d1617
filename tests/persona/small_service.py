"""The small service of these tests, and what its reviewer may spend."""

from __future__ import annotations

from staff_review.load.rulebook import rulebook_of
from staff_review.nouns.settings import PersonaSettings

RULEBOOK = rulebook_of()
MODE = "live"  # kept apart, so that no scanner of this repository takes the example for a secret
CHARGE = """\
import requests
from flask import Flask

from billing.store import orders

app = Flask(__name__)
API_KEY = "{key}"


@app.post("/pay")
def pay():
    order = orders.next()
    answer = requests.post("https://bank.example/charge", json=order, auth=API_KEY)
    orders.mark_paid(order)
    return answer.json()


def unrelated():
    return 1
""".replace("{key}", f"sk_{MODE}_4eC39HqLyjWDarjtT1zdp7dc")
RATES = '''\
import requests


def rates():
    """Fetch the rates of the day."""
    return requests.get("https://rates.example/today").json()
'''
ASKED = PersonaSettings(max_usd=5.0, deadline=20.0)
