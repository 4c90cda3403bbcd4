//! Downloads flags with futures on one thread: the counterpart of the
//! book's `flags_asyncio.py`.
//!
//! Unlike `asyncio.gather`, the stream yields results in the order of
//! arrival and runs at most `max_req` futures at a time.

mod client;

use std::process::ExitCode;

use client::{new_client, read_body};
use flags_common::{Flag, Plan, Report, Result, check_status, save_flag};
use futures::{StreamExt, stream};
use reqwest::Client;
use tokio::runtime::Builder;

#[tracing::instrument(skip(client))] // a decorator: --timeline draws calls
async fn get_flag(client: &Client, url: &str) -> Result<Vec<u8>> {
    let mut response = client.get(url).send().await?;
    // Read the body even of a 404, or its connection may not be reused.
    let image = read_body(&mut response).await;
    check_status(response.status())?;
    image
}

async fn download_one(client: &Client, flag: &Flag) -> Result<()> {
    let image = get_flag(client, &flag.url).await?;
    save_flag(&image, &flag.path) // 0.2 ms: not worth spawn_blocking
}

async fn supervisor(plan: Plan, report: &mut impl Report) -> Result<()> {
    let client = new_client(&plan)?;
    let mut results = stream::iter(plan.flags)
        .map(async |flag| {
            let result = download_one(&client, &flag).await;
            (flag, result)
        })
        .buffer_unordered(plan.max_req); // lazy: runs only in next().await
    while let Some((flag, result)) = results.next().await {
        report.record(&flag, result); // an .await here stalls all requests
    }
    Ok(())
}

fn download_many(plan: Plan, report: &mut impl Report) -> Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(supervisor(plan, report)) // asyncio.run
}

fn main() -> ExitCode {
    flags_cli::main(download_many)
}
