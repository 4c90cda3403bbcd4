"""Not the book's flags.py, which stops at an error, but our flags-seq."""

import sys
from pathlib import Path
from time import perf_counter

import httpx

POP20_CC = "CN IN US ID BR PK NG BD RU JP MX PH VN ET EG DE IR TR CD FR"


def get_flag(client: httpx.Client, url: str) -> bytes:
    response = client.get(url)
    response.raise_for_status()
    return response.content


def save_flag(image: bytes, cc: str) -> None:
    Path("downloaded", f"{cc}.gif").write_bytes(image)  # Rust's is atomic


def download_many(urls: dict[str, str], max_req: int, record) -> None:
    # The book's flags.py opens a connection for each flag.
    with httpx.Client(timeout=6.1, follow_redirects=True) as client:
        for cc, url in urls.items():
            try:
                save_flag(get_flag(client, url), cc)
            except (httpx.HTTPError, OSError) as error:
                record(cc, error)
            else:
                record(cc, None)


def main(download_many, base: str, max_req: str = "20") -> int:
    urls = {cc: f"{base}/{cc}/{cc}.gif".lower() for cc in POP20_CC.split()}
    errors = []

    def record(cc: str, error: BaseException | None) -> None:
        print(cc, repr(error) if error else "saved", flush=True)
        errors.append(error)

    Path("downloaded").mkdir(exist_ok=True)
    t0 = perf_counter()
    download_many(urls, int(max_req), record)
    print(f"{errors.count(None)} downloads in {perf_counter() - t0:.2f}s")
    return 1 if any(errors) else 0


if __name__ == "__main__":
    sys.exit(main(download_many, *sys.argv[1:]))
