//! What is not the lesson: the client's settings, and how a body is read.

use flags_common::{MAX_FLAG_BYTES, Plan, Result, ensure};
use reqwest::{Client, Response};
use rustls::crypto::ring;

const USER_AGENT: &str =
    concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Makes the client. Its clones share one pool of connections.
pub fn new_client(plan: &Plan) -> Result<Client> {
    // TLS with ring, as in ureq, for the whole process. An error means
    // that a provider is already installed.
    _ = ring::default_provider().install_default();
    let client = Client::builder()
        .user_agent(USER_AGENT)
        .timeout(plan.timeout)
        // A proxy could not reach the demo site; at home, delete this line.
        .no_proxy()
        .build()?;
    Ok(client)
}

/// Reads the body, up to a limit: reqwest has none.
pub async fn read_body(response: &mut Response) -> Result<Vec<u8>> {
    let limit = MAX_FLAG_BYTES;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        ensure!(body.len() as u64 <= limit, "larger than {limit} bytes");
    }
    Ok(body)
}
