//! Downloads the URLs on stdin, one per line, with futures on one thread.
//!
//! This is flags-async with URLs instead of flags: see
//! `from-flags-async.diff`. The last loop handles each body.

mod client;

use std::io::{self, Write};

use anyhow::{Result, ensure};
use client::{MAX_REQ, new_client, read_body};
use futures::{StreamExt, stream};
use reqwest::Client;
use tokio::runtime::Builder;

async fn get_url(client: &Client, url: &str) -> Result<Vec<u8>> {
    let mut response = client.get(url).send().await?;
    // Read the body even of a 404, or its connection may not be reused.
    let body = read_body(&mut response).await;
    let status = response.status();
    ensure!(status.is_success(), "HTTP status {status}");
    body
}

async fn supervisor(urls: Vec<String>) -> Result<()> {
    let client = new_client()?;
    let mut missing = urls.len();
    let mut results = stream::iter(urls)
        .map(async |url| {
            let result = get_url(&client, &url).await;
            (url, result)
        })
        .buffer_unordered(MAX_REQ); // lazy: runs only in next().await
    while let Some((url, result)) = results.next().await {
        // An .await in this loop stalls all requests.
        missing -= usize::from(result.is_ok());
        // Not println!, which panics once `head -1` has its line.
        _ = match result {
            Ok(body) => writeln!(io::stdout(), "{} {url}", body.len()),
            Err(error) => writeln!(io::stderr(), "{url}: {error:#}"),
        };
    }
    ensure!(missing == 0, "{missing} failed"); // the exit status is 1
    Ok(())
}

fn download_many(urls: Vec<String>) -> Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(supervisor(urls)) // asyncio.run
}

fn main() -> Result<()> {
    download_many(io::stdin().lines().collect::<io::Result<_>>()?)
}
