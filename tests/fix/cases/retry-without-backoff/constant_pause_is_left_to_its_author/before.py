import requests
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_fixed


@retry(stop=stop_after_attempt(4), wait=wait_fixed(2), retry=retry_if_exception_type(requests.ConnectionError))
def stock(sku):
    return requests.get(f"https://stock.example/{sku}", timeout=2).json()
