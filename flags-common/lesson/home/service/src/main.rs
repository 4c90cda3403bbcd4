//! A web service whose route `/flags` downloads flags.
//!
//! The module `flags` is flags-async without `main`. Client and limit are in
//! the service's state: callers share five connections, not five each.

mod flags;

use std::{env, fs, path::Path, sync::Arc, time::Duration};

use axum::extract::State;
use axum::{Router, http::StatusCode, routing::get};
use flags_common::{Flag, POP20_CC, Plan, Result};
use reqwest::Client;
use tokio::{net::TcpListener, sync::Semaphore};

/// One of each for the whole service. A clone shares them.
#[derive(Clone)]
struct Downloader {
    client: Client,
    limit: Arc<Semaphore>,
    plan: Plan,
}

impl Downloader {
    /// Downloads from `site`, at most five flags at once for all callers.
    fn new(site: &str) -> Result<Self> {
        let dir = Path::new("downloaded");
        fs::create_dir_all(dir)?;
        let timeout = Duration::from_secs(6);
        let plan = Plan::new(POP20_CC, site, dir, 5, timeout);
        let client = flags::new_client(&plan)?;
        let limit = Arc::new(Semaphore::new(plan.max_req));
        Ok(Self { client, limit, plan })
    }
}

/// Answers with the codes of the flags, or with 502 if one is missing. If
/// the caller hangs up, axum drops this future, and its downloads stop.
async fn download_flags(
    State(Downloader { client, limit, plan }): State<Downloader>,
) -> Result<String, StatusCode> {
    let planned = plan.flags.len();
    let mut saved = Vec::new();
    let mut report = |flag: &Flag, result: Result<()>| match result {
        Ok(()) => saved.push(flag.cc.to_string()),
        Err(error) => eprintln!("{}: {error:#}", flag.cc),
    };
    let result =
        flags::supervisor(&client, &limit, plan, &mut report).await;
    if result.is_err() || saved.len() < planned {
        return Err(StatusCode::BAD_GATEWAY);
    }
    Ok(saved.join(" "))
}

#[tokio::main]
async fn main() -> Result<()> {
    let book = "https://www.fluentpython.com/data/flags".to_owned();
    let site = env::args().nth(1).unwrap_or(book);
    let app = Router::new()
        .route("/", get(async || "hello"))
        .route("/flags", get(download_flags))
        .with_state(Downloader::new(&site)?);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
