from aiohttp import ClientSession, ClientTimeout


async def pages(urls):
    async with ClientSession(timeout=ClientTimeout(total=5)) as session:
        return [await (await session.get(url)).text() for url in urls]
