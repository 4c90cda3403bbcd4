//! Runs a flag downloader for a person at a terminal.
//!
//! [`main`] parses the command line, starts the [demo site](site), shows progress, handles Ctrl-C,
//! says what happened, and draws the [timeline] of a run. A downloader passes its strategy:
//!
//! ```no_run
//! use std::process::ExitCode;
//!
//! use flags_common::{Plan, Report, Result};
//!
//! fn download_many(plan: Plan, report: &mut impl Report) -> Result<()> {
//!     for flag in plan.flags {
//!         report.record(&flag, Ok(())); // download and save it first
//!     }
//!     Ok(())
//! }
//!
//! fn main() -> ExitCode {
//!     flags_cli::main(download_many)
//! }
//! ```

mod background;
mod check;
mod claims;
mod lock;
mod options;
mod overlap;
mod report;
mod screen;
mod session;
pub mod site;
mod stop;
mod text;
pub mod timeline;
mod witness;

use std::process::ExitCode;

use anyhow::Result;
use flags_common::Plan;

pub use crate::claims::Tally;
use crate::options::Options;
use crate::report::{report_error, summarize};
use crate::session::Session;

/// Runs a downloader: everything but its strategy, `download_many`. The counterpart of
/// `main(downloader)` in the book's `flags.py`.
///
/// The exit status is 0 if every flag was saved, 1 if one was not, 2 if the command line is wrong,
/// and 128 + n on signal n.
///
/// Call it once: when it returns, `save_flag` saves nothing any more, since that would not be counted.
pub fn main(download_many: impl FnOnce(Plan, &mut Tally) -> Result<()>) -> ExitCode {
    run(download_many).unwrap_or_else(|error| {
        report_error(&error);
        ExitCode::FAILURE
    })
}

fn run(download_many: impl FnOnce(Plan, &mut Tally) -> Result<()>) -> Result<ExitCode> {
    let options = Options::from_command_line();
    if options.check {
        return check::check();
    }
    let background = background::start()?;
    let site = options.site.open(&background)?;
    let plan = options.plan(&site.base_url);
    let canvas = options.prepare_output()?;
    let session = Session::new(&options, &plan, &site, canvas)?;
    stop::on_signals(&background, &session)?; // before the first line is printed
    site.introduce(&plan);
    report::watch(&background, &session);
    let returned = session.call(download_many, plan);
    Ok(summarize(&session, returned))
}
