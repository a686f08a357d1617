import httpx

client = httpx.AsyncClient(base_url="https://media.example", timeout=3)
