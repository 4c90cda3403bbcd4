"""Our flags-async in Python, not the book's flags_asyncio.py: that one
starts all requests at once, gets results in the order of the requests
(gather), and saves an error page as a flag: it checks no status.
"""

import asyncio
import sys

import httpx

from flags_seq import main, save_flag


async def get_flag(client: httpx.AsyncClient, url: str) -> bytes:
    response = await client.get(url)
    response.raise_for_status()
    return response.content


async def download_one(
    client: httpx.AsyncClient, limit: asyncio.Semaphore, cc: str, url: str
) -> tuple[str, Exception | None]:
    async with limit:
        try:
            save_flag(await get_flag(client, url), cc)
        except (httpx.HTTPError, OSError) as error:
            return cc, error
    return cc, None


async def supervisor(urls: dict[str, str], max_req: int, record) -> None:
    limit = asyncio.Semaphore(max_req)
    async with httpx.AsyncClient(
        timeout=6.1, follow_redirects=True
    ) as client:
        jobs = [
            download_one(client, limit, cc, url) for cc, url in urls.items()
        ]
        for job in asyncio.as_completed(jobs):
            record(*await job)


def download_many(urls: dict[str, str], max_req: int, record) -> None:
    asyncio.run(supervisor(urls, max_req, record))


if __name__ == "__main__":
    sys.exit(main(download_many, *sys.argv[1:]))
