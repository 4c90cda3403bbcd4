//! Runs a flag downloader for a person at a terminal.
//!
//! [`main`] parses the command line, starts the [demo site](site), shows progress, handles Ctrl-C,
//! prints a summary, and draws the [timeline] of a run. A downloader passes its strategy:
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

pub mod site;
mod terminal;
mod text;
pub mod timeline;

use std::env;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use flags_common::Plan;
use tokio::time::{interval, sleep};

use crate::site::{DemoSite, EventKind, FLAGS_PATH};
pub use crate::terminal::Tally;
use crate::terminal::{Background, Ending, Interrupt, Options, Panics, Screen, Site};
use crate::text::{counted, note};
use crate::timeline::{Output, Recording};

/// Runs a downloader: everything but its strategy, `download_many`. The counterpart of
/// `main(downloader)` in the book's `flags.py`.
///
/// The exit status is 0 if every flag was saved, 1 if one was not, 2 if the command line is wrong,
/// and 128 + n on signal n.
pub fn main<D>(download_many: D) -> ExitCode
where
    D: FnOnce(Plan, &mut Tally) -> Result<()>,
{
    run(download_many).unwrap_or_else(|error| {
        terminal::report_error(&error);
        ExitCode::FAILURE
    })
}

fn run<D>(download_many: D) -> Result<ExitCode>
where
    D: FnOnce(Plan, &mut Tally) -> Result<()>,
{
    let program = program_name();
    let options = Options::from_command_line(&program);
    let panics = Panics::install();
    let (name, source) = options.site();
    let demo_site = matches!(source, Site::Demo(_));
    let (possible, open_files) = terminal::max_requests(demo_site)?;
    let background = Background::new().context("cannot start the background thread")?;
    let (base_url, site) = match source {
        Site::External(base_url) => (base_url, None),
        Site::Demo(behaviour) => {
            let _context = background.enter();
            let listener = site::listen(0).context("cannot start the demo site")?;
            let base_url = site::base_url(&listener).context("cannot start the demo site")?;
            let site = Arc::new(DemoSite::new(behaviour));
            background.spawn(site::serve(listener, Arc::clone(&site)));
            (base_url, Some(site))
        }
    };
    let plan = options.plan(&base_url, possible);
    create_folder(&options.dest_dir)
        .with_context(|| format!("cannot save flags in {}", options.dest_dir.display()))?;
    let canvas = options.timeline.clone().map(Output::open).transpose()?;
    note(format_args!("{name}: {base_url}"));
    note(outline(&plan));
    if plan.max_req < options.max_req().min(plan.flags.len()) {
        note(format_args!(
            "Note: more are not possible, since the system allows only {open_files} open files."
        ));
    }

    let background = background.start().context("cannot start the background thread")?;
    let record = |canvas| Recording::start(canvas, program, &plan, background.clone());
    let recording = canvas.map(record).transpose()?.map(Arc::new);
    if let (Some(site), Some(recording)) = (&site, &recording) {
        let (recording, origin) = (Arc::clone(recording), origin(&base_url));
        site.observe(move |event| {
            if event.kind == EventKind::Answered {
                recording.answered(&format!("{origin}{}", event.path), event.at);
            }
        });
    }
    let started = recording.as_ref().map_or_else(Instant::now, |recording| recording.started());
    let (flags, max_req) = (plan.flags.len(), plan.max_req);
    let screen = Screen::new(flags, !options.verbose);
    let (shown, recorded, seen) = (screen.clone(), recording.clone(), site.clone());
    let interrupt = Interrupt { screen: shown, flags, started, recording: recorded, site: seen };
    terminal::stop_on_signals(&background, &interrupt).context("cannot listen for signals")?;
    background.spawn(refresh(screen.clone()));
    let ended = Arc::new(AtomicBool::new(false));
    let watch = watch_for_return(screen.clone(), flags, Arc::clone(&ended));
    let on_complete = move || _ = background.spawn(watch);

    let mut tally = Tally::new(&plan, screen, options.verbose, recording, on_complete);
    let returned = catch_unwind(AssertUnwindSafe(|| download_many(plan, &mut tally))).ok();
    let elapsed = started.elapsed();
    ended.store(true, Relaxed);
    let (panics, site) = (panics.count(), site.map(|site| site.counters()));
    let dest_dir = &options.dest_dir;
    Ok(terminal::summarize(tally, Ending { returned, elapsed, panics, site, max_req, dest_dir }))
}

fn create_folder(path: &Path) -> Result<()> {
    ensure!(!path.exists() || path.is_dir(), "it is not a folder");
    Ok(fs::create_dir_all(path)?)
}

/// Name of the program as it was started, without a path and the suffix of an executable; `flags`
/// if it has none.
fn program_name() -> String {
    let path = env::args_os().next().map(PathBuf::from).unwrap_or_default();
    let suffixed = path.extension().is_some_and(|suffix| suffix == env::consts::EXE_EXTENSION);
    let name = if suffixed { path.file_stem() } else { path.file_name() };
    name.map_or_else(|| "flags".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The demo site's URL without the path.
fn origin(base_url: &str) -> String {
    base_url.strip_suffix(FLAGS_PATH).unwrap_or(base_url).to_owned()
}

/// `20 flags, BD to VN; at most 20 requests at once allowed`.
fn outline(plan: &Plan) -> String {
    let codes = match plan.flags.as_slice() {
        [first, .., last] => format!("{} to {}", first.cc, last.cc),
        one => one.iter().map(|flag| flag.cc.as_str()).collect(),
    };
    let (flags, requests) = (counted(plan.flags.len(), "flag"), counted(plan.max_req, "request"));
    format!("{flags}, {codes}; at most {requests} at once allowed")
}

/// Keeps the progress bar up to date.
async fn refresh(screen: Screen) {
    let mut interval = interval(Duration::from_millis(100));
    loop {
        interval.tick().await;
        screen.refresh();
    }
}

/// Says what might keep the program, if it has not `ended` 2 s after every flag has a result.
async fn watch_for_return(screen: Screen, flags: usize, ended: Arc<AtomicBool>) {
    sleep(Duration::from_secs(2)).await;
    if !ended.load(Relaxed) {
        let flags = counted(flags, "flag");
        screen.note(format_args!(
            "All {flags} have a result, but download_many has not returned: is a Sender still alive?"
        ));
    }
}
