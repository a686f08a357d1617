import backoff
import requests


@backoff.on_exception(backoff.expo, requests.ConnectionError)
def stock(sku):
    return requests.get(f"https://stock.example/{sku}", timeout=2).json()
