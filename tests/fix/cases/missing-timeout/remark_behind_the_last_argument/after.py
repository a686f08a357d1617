import requests


def capture(payment):
    return requests.post(
        "https://payments.example/captures",
        json={"payment": payment},  # the provider reads nothing else
        timeout=5
    )


def refund(payment):
    return requests.post("https://payments.example/refunds",
                         json={"payment": payment},
                         timeout=5)
