import requests
from tenacity import retry, stop_after_attempt, wait_exponential


@retry(stop=stop_after_attempt(4), wait=wait_exponential(multiplier=0.5, max=10))
def stock(sku):
    return requests.get(f"https://stock.example/{sku}", timeout=2).json()
