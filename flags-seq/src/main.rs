//! Downloads flags one after the other: the counterpart of the book's `flags.py`.
//!
//! The next flag is requested only when the one before is saved. Unlike `flags.py`, it keeps its
//! connection open from one flag to the next, and goes on when one of them fails.

use std::process::ExitCode;

use flags_common::{MAX_FLAG_BYTES, Plan, Report, Result, USER_AGENT, check_status, save_flag};
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

fn download_many(plan: Plan, report: &mut Report) -> Result<()> {
    let client = new_client(&plan);
    for flag in plan.flags {
        let saved = get_flag(&client, &flag.url).and_then(|image| save_flag(&image, &flag.path));
        report.record(&flag, saved);
    }
    Ok(())
}

fn main() -> ExitCode {
    flags_common::main(download_many)
}
