// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the flags workspace's authors
//! Stands in for the crates `flags-common` and `flags-cli` where the code of one downloader is
//! taken home alone: put this file beside its `main.rs`, and your own flags and report in place of
//! these.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs};

pub use anyhow::{Result, ensure};

pub const MAX_FLAG_BYTES: u64 = 256 * 1024;

pub struct Flag {
    pub url: String,
    pub path: PathBuf,
}

pub struct Plan {
    pub flags: Vec<Flag>,
    pub max_req: usize,
    pub timeout: Duration,
}

pub trait Report {
    fn record(&mut self, flag: &Flag, result: Result<()>);
}

#[derive(Default)]
pub struct Tally {
    saved: usize,
    failed: usize,
}

impl Report for Tally {
    fn record(&mut self, flag: &Flag, result: Result<()>) {
        match result {
            Ok(()) => self.saved += 1,
            Err(error) => {
                self.failed += 1;
                eprintln!("{}: {error:#}", flag.url);
            }
        }
    }
}

pub fn check_status(status: http::StatusCode) -> Result<()> {
    ensure!(status.is_success(), "HTTP status {status}");
    Ok(())
}

pub fn save_flag(image: &[u8], path: &Path) -> Result<()> {
    Ok(fs::write(path, image)?)
}

pub fn main(download_many: impl FnOnce(Plan, &mut Tally) -> Result<()>) -> ExitCode {
    let site = env::args().nth(1).unwrap_or("https://www.fluentpython.com/data/flags".to_owned());
    let flags = ["br", "cn", "in", "us"]
        .map(|cc| Flag { url: format!("{site}/{cc}/{cc}.gif"), path: format!("{cc}.gif").into() });
    let (planned, timeout) = (flags.len(), Duration::from_secs(6));
    let plan = Plan { flags: flags.into(), max_req: planned, timeout };

    let (started, mut tally) = (Instant::now(), Tally::default());
    let returned = download_many(plan, &mut tally);
    println!("{} downloads in {:.2}s", tally.saved, started.elapsed().as_secs_f64());
    if let Err(error) = &returned {
        eprintln!("error: {error:#}");
    }
    let lost = planned.saturating_sub(tally.saved + tally.failed);
    if lost > 0 {
        // A job has panicked, for example.
        eprintln!("error: {lost} of {planned} flags have no result");
    }
    if returned.is_ok() && tally.saved == planned { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
