//! What is not the lesson: the client's settings, and how a body is read.

use flags_common::{MAX_FLAG_BYTES, Plan, Result};
use ureq::http::Response;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

const USER_AGENT: &str =
    concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Makes the client. Its clones share one pool of connections.
pub fn new_client(plan: &Plan) -> Agent {
    // The certificates that the system trusts, instead of ureq's own.
    let system = RootCerts::PlatformVerifier;
    Agent::config_builder()
        .user_agent(USER_AGENT)
        // check_status does that, after the body has been read.
        .http_status_as_error(false)
        // Keep every connection; ureq's default is 10, and 3 per host.
        .max_idle_connections(plan.max_req)
        .max_idle_connections_per_host(plan.max_req)
        // ureq's default is 128 KiB each, zeroed for every connection. The
        // first is more than the 64 KiB that a response head may have.
        .input_buffer_size(65 * 1024)
        .output_buffer_size(8 * 1024)
        // ureq starts a thread for each request if timeout_global,
        // timeout_per_call or timeout_resolve is set; these three do not.
        .timeout_connect(Some(plan.timeout))
        .timeout_recv_response(Some(plan.timeout))
        .timeout_recv_body(Some(plan.timeout))
        // A proxy could not reach the demo site; at home, delete this line.
        .proxy(None)
        .tls_config(TlsConfig::builder().root_certs(system).build())
        .build()
        .into()
}

/// Reads the body, up to a limit.
pub fn read_body(response: &mut Response<Body>) -> Result<Vec<u8>> {
    let body = response.body_mut().with_config().limit(MAX_FLAG_BYTES);
    Ok(body.read_to_vec()?)
}
