//! Downloads flags in sequence: the counterpart of the book's `flags.py`.
//!
//! Unlike `flags.py`, it keeps its connection open for the next flag, and
//! when a flag fails it goes on with the others.

mod client;

use std::process::ExitCode;

use client::{new_client, read_body};
use flags_common::{Plan, Report, Result, check_status, save_flag};
use ureq::Agent;

#[tracing::instrument(skip(client))] // a decorator: --timeline draws calls
fn get_flag(client: &Agent, url: &str) -> Result<Vec<u8>> {
    let mut response = client.get(url).call()?;
    // Read the body even of a 404, or its connection may not be reused.
    let image = read_body(&mut response);
    check_status(response.status())?;
    image
}

fn download_many(plan: Plan, report: &mut impl Report) -> Result<()> {
    let client = new_client(&plan);
    for flag in plan.flags {
        let image = get_flag(&client, &flag.url);
        let result = image.and_then(|image| save_flag(&image, &flag.path));
        report.record(&flag, result);
    }
    Ok(())
}

fn main() -> ExitCode {
    flags_cli::main(download_many)
}
