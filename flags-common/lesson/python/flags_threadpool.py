"""Our flags-threadpool in Python, not the book's flags_threadpool.py: that
one gets results in the order of the requests (executor.map), opens a
connection for each, and ends with a traceback if one fails.
"""

import sys
from concurrent.futures import ThreadPoolExecutor, as_completed

import httpx

from flags_seq import get_flag, main, save_flag


def download_one(client: httpx.Client, cc: str, url: str) -> None:
    save_flag(get_flag(client, url), cc)


def download_many(urls: dict[str, str], max_req: int, record) -> None:
    with (
        httpx.Client(timeout=6.1, follow_redirects=True) as client,
        ThreadPoolExecutor(max_req) as pool,
    ):
        jobs = {
            pool.submit(download_one, client, cc, url): cc
            for cc, url in urls.items()
        }
        for job in as_completed(jobs):
            record(jobs[job], job.exception())


if __name__ == "__main__":
    sys.exit(main(download_many, *sys.argv[1:]))
