import requests
from tenacity import (
    retry,
    retry_if_exception_type,  # never on what we did wrong
    wait_random_exponential,
)


@retry(
    retry=retry_if_exception_type(requests.ConnectionError),
    wait=wait_random_exponential(max=20),
)
def stock(sku):
    return requests.get(f"https://stock.example/{sku}", timeout=2).json()
