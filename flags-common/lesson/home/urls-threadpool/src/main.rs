//! Downloads the URLs on stdin, one per line, with a pool of threads.
//!
//! This is flags-threadpool with URLs instead of flags: see
//! `from-flags-threadpool.diff`. The last loop handles each body.

mod client;

use std::io::{self, Write};
use std::sync::mpsc;

use anyhow::{Result, ensure};
use client::{MAX_REQ, new_client, read_body};
use threadpool::ThreadPool;
use ureq::Agent;

fn get_url(client: &Agent, url: &str) -> Result<Vec<u8>> {
    let mut response = client.get(url).call()?;
    // Read the body even of a 404, or its connection may not be reused.
    let body = read_body(&mut response);
    let status = response.status();
    ensure!(status.is_success(), "HTTP status {status}");
    body
}

fn download_many(urls: Vec<String>) -> Result<()> {
    let client = new_client();
    let pool = ThreadPool::new(MAX_REQ); // ThreadPoolExecutor
    let (sender, results) = mpsc::channel();
    let mut missing = urls.len();
    for url in urls {
        let client = client.clone(); // cheap: a handle, as is the sender
        let sender = sender.clone();
        pool.execute(move || {
            let result = get_url(&client, &url);
            sender.send((url, result)).expect("results outlives the jobs");
        });
    }
    drop(sender); // the jobs have clones: the loop ends with the last
    for (url, result) in results {
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

fn main() -> Result<()> {
    download_many(io::stdin().lines().collect::<io::Result<_>>()?)
}
