import requests
from tenacity import (
    retry,
    retry_if_exception_type,  # never on what we did wrong
    stop_after_attempt,
    wait_random_exponential,
)


@retry(
    retry=retry_if_exception_type(requests.ConnectionError),
    wait=wait_random_exponential(max=20),
    stop=stop_after_attempt(5),
)
def stock(sku):
    return requests.get(f"https://stock.example/{sku}", timeout=2).json()
