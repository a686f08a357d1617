import httpx

client = httpx.AsyncClient(base_url="https://media.example", verify=False, timeout=3)
