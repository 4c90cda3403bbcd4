// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the flags workspace's authors
//! Downloads flags with futures on one thread: the counterpart of the book's `flags_asyncio.py`.
//!
//! Unlike `asyncio.gather`, the stream yields results in the order of arrival and runs at most
//! `max_req` futures at a time.

use std::process::ExitCode;

use flags_common::{Flag, MAX_FLAG_BYTES, Plan, Report, Result, check_status, ensure, save_flag};
use futures::{StreamExt, stream};
use reqwest::{Client, Response};
use tokio::runtime;

#[tracing::instrument(skip(client))] // the span that --timeline draws
async fn get_flag(client: &Client, url: &str) -> Result<Vec<u8>> {
    let mut response = client.get(url).send().await?;
    // Read the body even of a 404: a connection with an unread response cannot be reused.
    let image = read_body(&mut response).await;
    check_status(response.status())?;
    image
}

async fn download_one(client: &Client, flag: &Flag) -> Result<()> {
    let image = get_flag(client, &flag.url).await?;
    save_flag(&image, &flag.path) // blocks for 0.2 ms: too short to be worth spawn_blocking
}

async fn supervisor(plan: Plan, report: &mut impl Report) -> Result<()> {
    let client = new_client(&plan)?;
    // plan.flags: by default those of POP20_CC, in alphabetical order, each with its flag_url.
    let mut results = stream::iter(plan.flags)
        .map(async |flag| {
            let result = download_one(&client, &flag).await;
            (flag, result)
        })
        .buffer_unordered(plan.max_req); // lazy: nothing runs until next().await
    while let Some((flag, result)) = results.next().await {
        report.record(&flag, result); // do not .await here: meanwhile, no request would move
    }
    Ok(())
}

fn download_many(plan: Plan, report: &mut impl Report) -> Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?; // the event loop
    let result = runtime.block_on(supervisor(plan, report)); // asyncio.run(supervisor(...))
    runtime.shutdown_background(); // do not wait for a name that is still being looked up
    result
}

fn main() -> ExitCode {
    flags_lab::main(download_many)
}

/// Reads the body, up to a limit: reqwest has none.
async fn read_body(response: &mut Response) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        ensure!(body.len() as u64 <= MAX_FLAG_BYTES, "larger than {MAX_FLAG_BYTES} bytes");
    }
    Ok(body)
}

fn new_client(plan: &Plan) -> Result<Client> {
    // TLS with ring, as in ureq. Process-wide; an error means that a provider is already installed.
    _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
        .http1_max_headers(128) // as in ureq
        .read_timeout(plan.timeout) // for the response to begin, then for each part of it
        .timeout(2 * plan.timeout) // for the whole request: a body can trickle in endlessly
        .no_proxy() // a proxy could not reach the demo site; at home, delete this line
        .build()?;
    Ok(client)
}
