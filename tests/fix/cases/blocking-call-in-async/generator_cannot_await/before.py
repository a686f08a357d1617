import requests


async def total(skus):
    return sum(requests.get(f"https://prices.example/{sku}", timeout=2).json() for sku in skus)
