//! What is not the lesson: the client's settings, and how a body is read.

use std::time::Duration;

use anyhow::{Result, ensure};
use reqwest::{Client, Response};
use rustls::crypto::ring;

pub const MAX_REQ: usize = 10; // at once
const MAX_BYTES: u64 = 10 * 1024 * 1024; // of a body
const TIMEOUT: Duration = Duration::from_secs(30);
const USER_AGENT: &str =
    concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Makes the client. Its clones share one pool of connections.
pub fn new_client() -> Result<Client> {
    // TLS with ring, as in ureq, for the whole process. An error means
    // that a provider is already installed.
    _ = ring::default_provider().install_default();
    let client = Client::builder()
        .user_agent(USER_AGENT)
        .timeout(TIMEOUT)
        .build()?;
    Ok(client)
}

/// Reads the body, up to a limit: reqwest has none.
pub async fn read_body(response: &mut Response) -> Result<Vec<u8>> {
    let limit = MAX_BYTES;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        ensure!(body.len() as u64 <= limit, "larger than {limit} bytes");
    }
    Ok(body)
}
