//! Downloads flags with a pool of threads: the counterpart of the book's
//! `flags_threadpool.py`.
//!
//! Unlike `executor.map`, the pool does not return a job's result: results
//! come back through a channel, in the order of arrival.

mod client;

use std::process::ExitCode;
use std::sync::mpsc;

use client::{new_client, read_body};
use flags_common::{Flag, Plan, Report, Result, check_status, save_flag};
use threadpool::ThreadPool;
use ureq::Agent;

#[tracing::instrument(skip(client))] // a decorator: --timeline draws calls
fn get_flag(client: &Agent, url: &str) -> Result<Vec<u8>> {
    let mut response = client.get(url).call()?;
    // Read the body even of a 404, or its connection may not be reused.
    let image = read_body(&mut response);
    check_status(response.status())?;
    image
}

fn download_one(client: &Agent, flag: &Flag) -> Result<()> {
    let image = get_flag(client, &flag.url)?;
    save_flag(&image, &flag.path)
}

fn download_many(plan: Plan, report: &mut impl Report) -> Result<()> {
    let client = new_client(&plan);
    let pool = ThreadPool::new(plan.max_req); // ThreadPoolExecutor
    let (sender, results) = mpsc::channel();
    for flag in plan.flags {
        let client = client.clone(); // cheap: a handle, as is the sender
        let sender = sender.clone();
        pool.execute(move || {
            let result = download_one(&client, &flag);
            sender.send((flag, result)).expect("results outlives the jobs");
        });
    }
    drop(sender); // the jobs have clones: the loop ends with the last
    for (flag, result) in results {
        report.record(&flag, result);
    }
    Ok(())
}

fn main() -> ExitCode {
    flags_cli::main(download_many)
}
