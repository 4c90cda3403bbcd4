// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the flags workspace's authors
//! Downloads flags with a pool of threads: the counterpart of the book's `flags_threadpool.py`.
//!
//! Unlike `executor.map`, the pool does not return a job's result: results come back through a
//! channel, in the order of arrival.

use std::process::ExitCode;
use std::sync::mpsc;

use flags_common::{Flag, MAX_FLAG_BYTES, Plan, Report, Result, check_status, save_flag};
use threadpool::ThreadPool;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

#[tracing::instrument(skip(client))] // the span that --timeline draws
fn get_flag(client: &Agent, url: &str) -> Result<Vec<u8>> {
    let mut response = client.get(url).call()?;
    // Read the body even of a 404: a connection with an unread response cannot be reused.
    let image = response.body_mut().with_config().limit(MAX_FLAG_BYTES).read_to_vec();
    check_status(response.status())?;
    Ok(image?)
}

fn download_one(client: &Agent, flag: &Flag) -> Result<()> {
    let image = get_flag(client, &flag.url)?;
    save_flag(&image, &flag.path)
}

fn download_many(plan: Plan, report: &mut impl Report) -> Result<()> {
    let client = new_client(&plan);
    let pool = ThreadPool::new(plan.max_req); // ThreadPoolExecutor(max_workers)
    let (sender, results) = mpsc::channel();
    // plan.flags: by default those of POP20_CC, in alphabetical order, each with its flag_url.
    for flag in plan.flags {
        let (client, sender) = (client.clone(), sender.clone()); // cheap: both are handles
        pool.execute(move || {
            let result = download_one(&client, &flag);
            sender.send((flag, result)).expect("the receiver outlives the jobs");
        });
    }
    drop(sender); // only the jobs hold senders now, so the last one to finish ends this loop:
    for (flag, result) in results {
        report.record(&flag, result);
    }
    Ok(())
}

fn main() -> ExitCode {
    flags_lab::main(download_many)
}

fn new_client(plan: &Plan) -> Agent {
    let trusted_by_system = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
    Agent::config_builder()
        .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
        .http_status_as_error(false) // check_status does it, after the body is read
        // Keep every connection for reuse; ureq's default is 10 connections, 3 per host.
        .max_idle_connections(plan.max_req)
        .max_idle_connections_per_host(plan.max_req)
        // ureq's default is 128 KiB each, zeroed for every connection.
        .input_buffer_size(65 * 1024) // more than a response head may have: 64 KiB
        .output_buffer_size(8 * 1024)
        .timeout_connect(Some(plan.timeout))
        .timeout_recv_response(Some(plan.timeout))
        .timeout_recv_body(Some(plan.timeout))
        .proxy(None) // a proxy could not reach the demo site; at home, delete this line
        .tls_config(trusted_by_system)
        .build()
        .into()
}
