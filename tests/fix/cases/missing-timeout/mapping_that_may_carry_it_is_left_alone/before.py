import requests

OPTIONS = {"headers": {"Accept": "application/json"}}


def report(number):
    return requests.get(f"https://reports.example/{number}", **OPTIONS).json()
