import requests


def rate(currency):
    answer = requests.get(f"https://rates.example/{currency}", timeout=5)  # one line, one remark
    return answer.json()["rate"]
