//! From the command line to the exit status.

use std::any::type_name;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::options::{Options, Site};
use crate::report::{Report, counted};
use crate::screen::{Screen, note};
use crate::timeline::Recording;
use crate::{Plan, background, site};

/// The whole of a downloader but for its strategy: reads the command line, starts the demo site if
/// that is where the flags come from, has `download_many` carry out the plan, and reports. The exit
/// status is 0 if every flag was saved, 1 if one was not, 2 if the command line is wrong, 130 on
/// Ctrl-C.
///
/// The counterpart of `main(downloader)` in the book's `flags.py`.
pub fn main<D>(download_many: D) -> ExitCode
where
    D: FnOnce(Plan, &mut Report) -> Result<()>,
{
    run(download_many).unwrap_or_else(|error| {
        note(format_args!("error: {error:#}"));
        ExitCode::FAILURE
    })
}

fn run<D>(download_many: D) -> Result<ExitCode>
where
    D: FnOnce(Plan, &mut Report) -> Result<()>,
{
    let program = program::<D>();
    let options = Options::from_command_line(&program);
    // A connection is an open file, two where the demo site has its other end: 1,000 requests at
    // once go beyond the usual limit, 256 to 1,024.
    _ = rlimit::increase_nofile_limit(u64::MAX);

    let runtime = background::new_runtime().context("cannot start")?;
    let (name, site) = options.site();
    let (base_url, counters) = match site {
        Site::At(base_url) => (base_url, None),
        Site::Demo(behaviour) => {
            let started = site::start(&runtime, behaviour).context("cannot start the demo site")?;
            (started.0, Some(started.1))
        }
    };
    let in_sequence = program == "flags-seq";
    let plan = options.plan(&base_url, if in_sequence { 1 } else { usize::MAX });
    fs::create_dir_all(&options.dest_dir)
        .with_context(|| format!("cannot save flags in {}", options.dest_dir.display()))?;
    if let Some(output) = &options.timeline {
        output.check()?;
    }

    note(format_args!("{name}: {base_url}"));
    note(what(&plan));
    note(match (plan.max_req, options.max_req) {
        (n, asked) if in_sequence && asked.is_some_and(|asked| asked > n) => {
            format!("1 request at a time, whatever -m says: {program} has no concurrency")
        }
        (1, _) => "1 request at a time".to_owned(),
        (n, _) => format!("at most {n} requests at once"),
    });

    let background = runtime.handle().clone();
    let screen = Screen::new(plan.flags.len(), !options.verbose);
    background::stop_on_signals(&runtime, &screen, plan.flags.len())
        .and_then(|()| background::start(runtime))
        .context("cannot start")?;
    let start = |output| Recording::start(output, program, &plan, background);
    let recording = options.timeline.map(start).transpose()?;
    let mut report = Report::new(&plan, screen, options.verbose, recording);
    // A panic in a pool's thread ends that thread. One here is to have the same consequence: the
    // flags of which nothing was heard are reported as lost.
    let ended = catch_unwind(AssertUnwindSafe(|| download_many(plan, &mut report)));
    Ok(report.finish(ended.unwrap_or(Ok(())), counters.as_deref()))
}

/// How many flags, and which.
fn what(plan: &Plan) -> String {
    let n = counted(plan.flags.len(), "flag");
    match plan.flags.as_slice() {
        [first, .., last] => format!("{n}, {} to {}", first.cc, last.cc),
        one => format!("{n}, {}", one.iter().map(|flag| flag.cc.as_str()).collect::<String>()),
    }
}

/// The name of the crate that a function is from, as cargo names its binary: a type's name starts
/// with its crate. So `main` needs no other argument than the strategy.
fn program<D>() -> String {
    let crate_name = type_name::<D>().split("::").next().unwrap_or_default();
    crate_name.replace('_', "-")
}
