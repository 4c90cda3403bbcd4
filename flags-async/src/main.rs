//! Downloads flags with futures on one thread: the counterpart of the book's `flags_asyncio.py`.
//!
//! The thread waits for all requests at once. Unlike `asyncio.gather`, the stream of futures hands
//! results over as they arrive, and has at most so many under way.

use std::process::ExitCode;

use flags_common::{
    Error, Flag, MAX_FLAG_BYTES, Plan, Report, Result, USER_AGENT, check_status, save_flag,
};
use futures::{StreamExt, stream};
use http_body_util::{BodyExt, Limited};
use reqwest::{Body, Client};
use tokio::runtime;
use tokio::task::coop::unconstrained;

fn new_client(plan: &Plan) -> Result<Client> {
    // TLS with ring, as in ureq. An error would say that it was chosen before.
    _ = rustls::crypto::ring::default_provider().install_default();
    let builder = || {
        Client::builder()
            .user_agent(USER_AGENT)
            .read_timeout(plan.timeout) // to the answer, then from each part of it to the next
            .timeout(2 * plan.timeout) // in all: a body may come in parts for ever
            .no_proxy() // a proxy could not reach 127.0.0.1
    };
    // Where the system has no certificates at all, as in a small container, trust no HTTPS site.
    let client = builder().build().or_else(|_| builder().tls_certs_only([]).build())?;
    Ok(client)
}

#[tracing::instrument(skip(client))]
async fn get_flag(client: &Client, url: &str) -> Result<Vec<u8>> {
    let response = client.get(url).send().await?;
    let status = response.status();
    let image = Limited::new(Body::from(response), MAX_FLAG_BYTES as usize).collect().await;
    check_status(status)?;
    Ok(image.map_err(Error::from_boxed)?.to_bytes().into())
}

async fn download_one(client: &Client, flag: &Flag) -> Result<()> {
    let image = get_flag(client, &flag.url).await?;
    // This blocks the one thread, and so every download, for some 0.2 ms: as long as a trip to a
    // helper thread takes. With large files or a slow disk, that trip pays: `spawn_blocking`.
    save_flag(&image, &flag.path)
}

async fn supervisor(plan: Plan, report: &mut Report) -> Result<()> {
    let client = new_client(&plan)?;
    let mut arrivals = stream::iter(plan.flags)
        .map(async |flag| {
            let saved = download_one(&client, &flag).await;
            (flag, saved)
        })
        .buffer_unordered(plan.max_req); // lazy: nothing runs until next().await
    while let Some((flag, saved)) = arrivals.next().await {
        report.record(&flag, saved);
    }
    Ok(())
}

fn download_many(plan: Plan, report: &mut Report) -> Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    // As asyncio.run. Unconstrained, since tokio would make hundreds of new connections take turns
    // with the first answers, and more of them would be opened than there are requests at once.
    runtime.block_on(unconstrained(supervisor(plan, report)))
}

fn main() -> ExitCode {
    flags_common::main(download_many)
}
