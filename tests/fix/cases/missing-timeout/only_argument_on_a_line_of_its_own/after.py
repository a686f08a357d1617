import requests


def health():
    return requests.get(
        "https://payments.example/health",
        timeout=5
    )
