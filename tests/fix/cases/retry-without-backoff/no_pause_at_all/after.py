import requests
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential


@retry(stop=stop_after_attempt(4), retry=retry_if_exception_type(requests.ConnectionError), wait=wait_random_exponential(max=10))
def stock(sku):
    return requests.get(f"https://stock.example/{sku}", timeout=2).json()
