"""Pages."""

import aiohttp as http

NEVER = None


def session():
    return http.ClientSession(timeout=http.ClientTimeout(total=5), headers={"Accept": "text/html"})
