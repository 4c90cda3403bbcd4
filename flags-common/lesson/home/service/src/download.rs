//! The route `/flags`, with the client and the limit in its state.

use std::{fs, path::Path, sync::Arc, time::Duration};

use axum::extract::State;
use axum::{Router, http::StatusCode, routing::get};
use flags_common::{Flag, POP20_CC, Plan, Result};
use reqwest::Client;
use tokio::sync::Semaphore;

use crate::flags::{new_client, supervisor};

/// One of each for the whole service. A clone shares them.
#[derive(Clone)]
struct Downloader {
    client: Client,
    limit: Arc<Semaphore>,
    plan: Plan,
}

/// Downloads from `site`, at most five flags at once for all callers.
pub fn router(site: &str) -> Result<Router> {
    let dir = Path::new("downloaded");
    fs::create_dir_all(dir)?;
    let plan = Plan::new(POP20_CC, site, dir, 5, Duration::from_secs(6));
    let client = new_client(&plan)?;
    let limit = Arc::new(Semaphore::new(plan.max_req));
    let state = Downloader { client, limit, plan };
    Ok(Router::new().route("/flags", get(download)).with_state(state))
}

/// Answers with the codes of the flags, or with 502 if one is missing. If
/// the caller hangs up, axum drops this future, and its downloads stop.
async fn download(
    State(Downloader { client, limit, plan }): State<Downloader>,
) -> Result<String, StatusCode> {
    let planned = plan.flags.len();
    let mut saved = Vec::new();
    let mut report = |flag: &Flag, result: Result<()>| match result {
        Ok(()) => saved.push(flag.cc.to_string()),
        Err(error) => eprintln!("{}: {error:#}", flag.cc),
    };
    let result = supervisor(&client, &limit, plan, &mut report).await;
    if result.is_err() || saved.len() < planned {
        return Err(StatusCode::BAD_GATEWAY);
    }
    Ok(saved.join(" "))
}
