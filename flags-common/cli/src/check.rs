//! `--check`: two runs of the strategy, each as a child of this program, and what is wrong with what was
//! seen of them. Symptoms, never causes: those are the learner's to find.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use flags_common::{CountryCode, POP20_CC};
use tempfile::TempDir;

use crate::options::is_sequential;
use crate::site::flag_image;
use crate::text::note;
use crate::timeline::{Request, Timeline};

/// Arguments of the runs, and how many flags they request. The site answers all of the first, and
/// refuses some of the second.
const RUNS: [(&str, usize); 2] =
    [("-l 12 -m 4 --latency 200", 12), ("-s ERROR -m 4 --latency 100", 20)];

/// When a run is stopped. The right ones take 0.6 s; flags-seq takes 2.4 s.
const PATIENCE: Duration = Duration::from_secs(4);

/// An answer that lay unread for longer than this is a symptom, if the machine is not busy.
const UNREAD: Duration = Duration::from_millis(100);

/// How often a run is looked at, to see whether it has ended.
const PERIOD: Duration = Duration::from_millis(5);

/// A client may open a connection while another becomes free. Each of the five refusals of the second
/// run costs one more if its body is not read.
const SPARE_CONNECTIONS: usize = 2;

/// Prints `ok`, or the symptoms of the first run that has any. This takes 9 s at most.
pub(crate) fn check() -> Result<ExitCode> {
    note("Two runs of the strategy, each again if something looks wrong: 1 to 9 s");
    let runs = thread::scope(|scope| {
        let look = |(args, flags)| scope.spawn(move || look_twice(args, flags));
        RUNS.map(look).map(|run| run.join().expect("a look does not panic"))
    });
    let mut stdout = io::stdout().lock();
    for ((args, _), symptoms) in RUNS.into_iter().zip(runs) {
        let symptoms = symptoms.context("cannot run the check")?;
        if !symptoms.is_empty() {
            _ = writeln!(stdout, "{}", symptoms.join("\n"));
            note(format_args!("This run shows it: {args} --timeline"));
            return Ok(ExitCode::FAILURE);
        }
    }
    _ = writeln!(stdout, "ok");
    Ok(ExitCode::SUCCESS)
}

/// On a busy machine, the first look may find what the second does not.
fn look_twice(args: &str, flags: usize) -> Result<Vec<String>> {
    let symptoms = run(args)?.symptoms(flags);
    if symptoms.is_empty() { Ok(symptoms) } else { Ok(run(args)?.symptoms(flags)) }
}

/// What a run left behind.
struct Remains {
    folder: TempDir,
    /// `None` if it had to be stopped.
    status: Option<ExitStatus>,
    /// `None` if it did not write its data.
    timeline: Option<Timeline>,
    /// How late this thread woke up at worst: so late may any thread of a busy machine.
    late: Duration,
}

/// Runs this program in a new folder.
fn run(args: &str) -> io::Result<Remains> {
    let folder = tempfile::tempdir()?;
    let mut child = Command::new(env::current_exe()?)
        .args(args.split(' '))
        .arg("--timeline=run.json")
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let (deadline, mut late) = (Instant::now() + PATIENCE, Duration::ZERO);
    while child.try_wait()?.is_none() && Instant::now() < deadline {
        let asleep = Instant::now();
        thread::sleep(PERIOD);
        late = late.max(asleep.elapsed().saturating_sub(PERIOD));
    }
    let status = child.try_wait()?;
    child.kill()?; // does nothing if it has ended
    child.wait()?;
    let json = fs::read_to_string(folder.path().join("run.json"));
    let timeline = json.ok().and_then(|json| json.parse().ok());
    Ok(Remains { folder, status, timeline, late })
}

impl Remains {
    /// What is wrong with them, if `flags` were requested.
    fn symptoms(mut self, flags: usize) -> Vec<String> {
        let mut codes = POP20_CC;
        codes.sort_unstable();
        let (refused, got): (Vec<_>, Vec<_>) =
            codes.into_iter().take(flags).partition(|cc| self.is_refused(*cc));
        let missing = got.into_iter().filter(|cc| !self.is_saved(*cc)).count();
        let mut symptoms = Vec::new();
        if self.status.is_none() {
            symptoms.push(format!("Still running after {} s.", PATIENCE.as_secs()));
        }
        if self.status.is_some() && self.timeline.is_none() {
            symptoms.push("The program ended without a summary.".to_owned());
        }
        if missing > 0 {
            let are = if missing == 1 { "is" } else { "are" };
            symptoms.push(format!("{missing} of {flags} flags {are} missing."));
        }
        if let Some(mut timeline) = self.timeline.take() {
            let remarks = std::mem::take(&mut timeline.remarks);
            symptoms.extend(seen_by_the_site(timeline, UNREAD + 3 * self.late));
            symptoms.extend(remarks);
        }
        // Such as an error that the strategy returns, or its own exit.
        let failed = self.status.is_some_and(|status| !status.success());
        if refused.is_empty() && symptoms.is_empty() && failed {
            symptoms.push("All flags are there, but the exit status is not 0.".to_owned());
        }
        symptoms
    }

    fn is_saved(&self, cc: CountryCode) -> bool {
        let file = fs::read(self.folder.path().join(format!("downloaded/{cc}.gif")));
        file.ok().as_deref() == flag_image(cc)
    }

    /// Whether the site refused the last request for a flag: that it is missing is no symptom.
    fn is_refused(&self, cc: CountryCode) -> bool {
        let requests = self.timeline.as_ref().map_or(&[][..], |run| &run.requests);
        let last = requests.iter().rfind(|it| it.label == cc.as_str());
        let failure = last.and_then(|it| it.failure.as_deref());
        failure.is_some_and(|failure| failure.starts_with("HTTP status 418"))
    }
}

/// What is wrong with the requests for flags, if an answer may lie unread for `a_while`.
fn seen_by_the_site(mut run: Timeline, a_while: Duration) -> Vec<String> {
    run.requests.retain(|it| it.label.len() == 2 && it.arrived.is_some());
    let mut symptoms = Vec::new();
    let (most, connections) = (run.max_in_flight(), run.connections.unwrap_or(0));
    if most == 0 {
        symptoms.push("The site saw no request for a flag.".to_owned());
    } else if most != 4 && !is_sequential() {
        symptoms.push(format!("At most {most} at once; -m 4 allows 4."));
    }
    if connections > most + SPARE_CONNECTIONS {
        symptoms.push(format!("{connections} connections for at most {most} at once."));
    }
    let unread = run.requests.iter().filter_map(Request::unread).max().unwrap_or_default();
    if unread > a_while {
        symptoms.push(format!("An answer lay unread for {} ms.", unread.as_millis()));
    }
    symptoms
}
