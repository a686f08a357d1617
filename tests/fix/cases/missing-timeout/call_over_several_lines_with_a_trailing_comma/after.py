import requests


def capture(payment):
    return requests.post(
        "https://payments.example/captures",
        json={
            "payment": payment,
        },
        timeout=5,
    ).json()
