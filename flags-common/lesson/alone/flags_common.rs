//! Stands in for the crate `flags-common` where the code of one downloader is taken home alone: put
//! this file beside its `main.rs`, and your own list, folder and report in place of these.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs};

#[allow(unused_imports)] // only flags-async has use for Error
pub use anyhow::{Error, Result, ensure};

pub const MAX_FLAG_BYTES: u64 = 256 * 1024;
pub const USER_AGENT: &str = "my-flags/0.1";

pub struct Flag {
    pub url: String,
    pub path: PathBuf,
}

pub struct Plan {
    pub flags: Vec<Flag>,
    pub max_req: usize,
    pub timeout: Duration,
}

#[derive(Default)]
pub struct Report {
    saved: usize,
    failed: usize,
}

impl Report {
    pub fn record(&mut self, flag: &Flag, saved: Result<()>) {
        match saved {
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

pub fn main(download_many: impl FnOnce(Plan, &mut Report) -> Result<()>) -> ExitCode {
    let site = env::args().nth(1).unwrap_or("https://www.fluentpython.com/data/flags".to_owned());
    let flags = ["br", "cn", "in", "us"].map(|cc| Flag {
        url: format!("{site}/{cc}/{cc}.gif"),
        path: format!("{cc}.gif").into(),
    });
    let (max_req, timeout) = (flags.len(), Duration::from_secs(6));
    let plan = Plan { flags: flags.into(), max_req, timeout };

    let (started, mut report) = (Instant::now(), Report::default());
    let ended = download_many(plan, &mut report);
    println!("{} downloads in {:.2}s", report.saved, started.elapsed().as_secs_f64());
    match ended {
        Ok(()) if report.failed == 0 => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
