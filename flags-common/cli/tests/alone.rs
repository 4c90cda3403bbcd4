//! The stand-in for flags-common, for the code of one downloader alone: a flag that was not saved
//! makes it exit with 1. This test is a downloader too: it runs itself.

#[allow(dead_code)] // what only a client needs
#[path = "../../lesson/alone/flags_common.rs"]
mod flags_common;

use std::env;
use std::process::{Command, ExitCode};
use std::sync::mpsc;
use std::thread;

use flags_common::{Flag, Plan, Report, Result, check_status, save_flag};
use http::StatusCode;
use libtest_mimic::{Arguments, Trial};

/// The environment variable that makes this program a downloader, and says what happens to a flag.
const MISTAKE: &str = "FLAGS_TEST_MISTAKE";

fn main() -> ExitCode {
    if env::var_os(MISTAKE).is_some() {
        return flags_common::main(download_many);
    }
    let not_found = "http://h/cn/cn.gif: HTTP status 404 Not Found";
    let lost = "error: 1 of 4 flags have no result";
    let trials = [
        ("all_saved_is_a_success", "none", 0, "4 downloads in ", ""),
        ("failed_flag_is_a_failure", "error", 1, "3 downloads in ", not_found),
        ("flag_of_a_panicked_job_is_a_failure", "panic", 1, "3 downloads in ", lost),
    ];
    let trials = trials.map(|(name, mistake, status, printed, said)| {
        Trial::test(name, move || {
            let dir = tempfile::tempdir().unwrap();
            let mut downloader = Command::new(env::current_exe().unwrap());
            downloader.arg("http://h").env(MISTAKE, mistake).current_dir(dir.path());
            let output = downloader.output().unwrap();
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(status), "{stderr}");
            assert!(output.stdout.starts_with(printed.as_bytes()));
            assert_eq!(stderr.lines().last().unwrap_or_default(), said);
            assert_eq!(dir.path().join("cn.gif").exists(), mistake == "none");
            Ok(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.into()).exit_code()
}

/// Like flags-threadpool, without the network.
fn download_many(plan: Plan, report: &mut impl Report) -> Result<()> {
    let (sender, results) = mpsc::channel();
    for flag in plan.flags {
        let sender = sender.clone();
        thread::spawn(move || {
            let result = download_one(&flag);
            sender.send((flag, result)).expect("the receiver outlives the jobs");
        });
    }
    drop(sender);
    for (flag, result) in results {
        report.record(&flag, result);
    }
    Ok(())
}

fn download_one(flag: &Flag) -> Result<()> {
    let mistake = if flag.url.ends_with("/cn.gif") { env::var(MISTAKE)? } else { String::new() };
    assert!(mistake != "panic", "as a bug would");
    check_status(if mistake == "error" { StatusCode::NOT_FOUND } else { StatusCode::OK })?;
    save_flag(b"GIF89a", &flag.path)
}
