//! Downloads flags with futures on one thread: the counterpart of the book's `flags_asyncio.py`.

use std::process::ExitCode;

use flags_common::ensure;
use flags_common::{
    Flag, MAX_FLAG_BYTES, MAX_REDIRECTS, Plan, Report, Result, USER_AGENT, check_status, save_flag,
};
use futures::{StreamExt, stream};
use reqwest::{Client, Response, redirect};
use tokio::runtime;

fn new_client(plan: &Plan) -> Result<Client> {
    // The first call installs ring; a later one would find it there.
    _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .user_agent(USER_AGENT)
        .redirect(redirect::Policy::limited(MAX_REDIRECTS as usize))
        .read_timeout(plan.timeout) // to the answer, and from each part of it to the next
        .timeout(2 * plan.timeout) // to the end of the body
        .no_proxy() // a proxy could not reach 127.0.0.1
        .build()?;
    Ok(client)
}

async fn get_flag(client: &Client, url: &str) -> Result<Vec<u8>> {
    let response = client.get(url).send().await?;
    let status = response.status();
    let image = read_limited(response).await;
    check_status(status)?;
    image
}

async fn download_one(client: &Client, flag: &Flag) -> Result<()> {
    let image = get_flag(client, &flag.url).await?;
    save_flag(&image, &flag.path)
}

async fn supervisor(plan: Plan, report: &mut Report) -> Result<()> {
    let client = new_client(&plan)?;
    let mut arrivals = stream::iter(plan.flags)
        .map(async |flag| {
            let saved = download_one(&client, &flag).await;
            (flag, saved)
        })
        .buffer_unordered(plan.max_req); // lazy: nothing runs until `next().await`
    while let Some((flag, saved)) = arrivals.next().await {
        report.record(&flag, saved);
    }
    Ok(())
}

fn download_many(plan: Plan, report: &mut Report) -> Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(supervisor(plan, report))
}

fn main() -> ExitCode {
    flags_common::main(download_many)
}

/// Reads the body, up to the limit that the others have ureq set.
async fn read_limited(mut response: Response) -> Result<Vec<u8>> {
    let mut image = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        ensure!(
            image.len() + chunk.len() <= MAX_FLAG_BYTES as usize,
            "the response body is larger than {MAX_FLAG_BYTES} bytes"
        );
        image.extend_from_slice(&chunk);
    }
    Ok(image)
}
