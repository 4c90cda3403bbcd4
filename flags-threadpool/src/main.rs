//! Downloads flags with a pool of threads: the counterpart of the book's `flags_threadpool.py`.
//!
//! Each thread blocks on a request of its own. Unlike `executor.map`, the pool returns nothing from
//! a job: results come back through a channel, as they arrive.

use std::process::ExitCode;
use std::sync::mpsc;

use flags_common::{
    Flag, MAX_FLAG_BYTES, Plan, Report, Result, USER_AGENT, check_status, save_flag,
};
use threadpool::ThreadPool;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

fn new_client(plan: &Plan) -> Agent {
    let trusted_by_system = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
    Agent::config_builder()
        .user_agent(USER_AGENT)
        .http_status_as_error(false) // check_status does it, after the body is read
        .max_idle_connections(plan.max_req) // ureq's 10, and 3 of them to one host,
        .max_idle_connections_per_host(plan.max_req) // would have the others connect again
        .timeout_connect(Some(plan.timeout))
        .timeout_recv_response(Some(plan.timeout))
        .timeout_recv_body(Some(plan.timeout))
        .proxy(None) // a proxy could not reach 127.0.0.1
        .tls_config(trusted_by_system)
        .build()
        .into()
}

#[tracing::instrument(skip(client))]
fn get_flag(client: &Agent, url: &str) -> Result<Vec<u8>> {
    let mut response = client.get(url).call()?;
    // The body is read even if it is no flag: only then can its connection be used again.
    let image = response.body_mut().with_config().limit(MAX_FLAG_BYTES).read_to_vec();
    check_status(response.status())?;
    Ok(image?)
}

fn download_one(client: &Agent, flag: &Flag) -> Result<()> {
    let image = get_flag(client, &flag.url)?;
    save_flag(&image, &flag.path)
}

fn download_many(plan: Plan, report: &mut Report) -> Result<()> {
    let client = new_client(&plan);
    let pool = ThreadPool::new(plan.max_req); // as ThreadPoolExecutor(max_workers)
    let (sender, arrivals) = mpsc::channel();
    for flag in plan.flags {
        let (client, sender) = (client.clone(), sender.clone()); // a job owns what it uses
        pool.execute(move || {
            let saved = download_one(&client, &flag);
            sender.send((flag, saved)).expect("arrivals outlives every job");
        });
    }
    drop(sender); // arrivals ends with the last sender: keep this one, and the loop never ends
    for (flag, saved) in arrivals {
        report.record(&flag, saved);
    }
    Ok(())
}

fn main() -> ExitCode {
    flags_common::main(download_many)
}
