//! A web service whose route `/flags` downloads flags.
//!
//! The module `flags` is flags-async without `main`. The module `download`
//! has its client and limit: callers share five connections, not five each.

mod download;
mod flags;

use std::{env, error::Error};

use axum::{Router, routing::get};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let book = "https://www.fluentpython.com/data/flags".to_owned();
    let site = env::args().nth(1).unwrap_or(book);
    let app = Router::new()
        .route("/", get(async || "hello"))
        .merge(download::router(&site)?);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
