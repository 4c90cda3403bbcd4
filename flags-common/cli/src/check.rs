//! `--check`: two runs of the strategy, each as a child of this program, and what is wrong with what was
//! seen of them. Symptoms, never causes: those are the learner's to find.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use flags_common::{CountryCode, POP20_CC};

use crate::options::is_sequential;
use crate::text::note;
use crate::timeline::{Request, Timeline};

/// Arguments of the runs, and how many flags they request. The site answers all of the first, and
/// refuses some of the second.
const RUNS: [(&str, usize); 2] =
    [("-l 12 -m 4 --latency 200", 12), ("-s ERROR -m 4 --latency 100", 20)];

/// When a run is stopped. The right ones take 0.6 s; flags-seq takes 2.4 s.
const PATIENCE: Duration = Duration::from_secs(4);

/// A call that goes on for longer than this after its answer is a symptom, if the machine is not busy.
const AFTER_ANSWER: Duration = Duration::from_millis(100);

/// A client may open a connection while another becomes free. Each of the five refusals of the second
/// run costs one more if its body is not read.
const SPARE_CONNECTIONS: usize = 2;

/// Prints `ok`, or the symptoms of the first run that has any.
pub(crate) fn check() -> Result<ExitCode> {
    note("Two runs of the strategy, each again if something looks wrong: 1 to 16 s");
    let mut stdout = io::stdout().lock();
    for (args, flags) in RUNS {
        let look = || look(args, flags).context("cannot run the check");
        let mut symptoms = look()?;
        if !symptoms.is_empty() {
            symptoms = look()?; // on a busy machine, the first look may find what the second does not
        }
        if !symptoms.is_empty() {
            _ = writeln!(stdout, "{}", symptoms.join("\n"));
            note(format_args!("This run shows it: {args} --timeline"));
            return Ok(ExitCode::FAILURE);
        }
    }
    _ = writeln!(stdout, "ok");
    Ok(ExitCode::SUCCESS)
}

/// Runs this program in a new folder, to download `flags`, and returns the symptoms.
fn look(args: &str, flags: usize) -> Result<Vec<String>> {
    let folder = tempfile::tempdir()?;
    let child = Command::new(env::current_exe()?)
        .args(args.split(' '))
        .arg("--timeline=run.json")
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let (status, late) = wait(child)?;
    let json = fs::read_to_string(folder.path().join("run.json")).unwrap_or_default();
    let timeline: Option<Timeline> = json.parse().ok();
    let requests = timeline.as_ref().map_or(&[][..], |run| &run.requests);
    let is_refused = |request: &Request| {
        request.failure.as_deref().is_some_and(|why| why.starts_with("HTTP status 418"))
    };
    let is_missing = |cc: &CountryCode| {
        let last = requests.iter().rfind(|it| it.label == cc.as_str());
        let file = folder.path().join(format!("downloaded/{cc}.gif"));
        !last.is_some_and(is_refused) && !file.exists()
    };
    let mut codes = POP20_CC;
    codes.sort_unstable();
    let missing = codes.into_iter().take(flags).filter(is_missing).count();
    let all_answered = !requests.iter().any(is_refused);
    let mut symptoms = match (status, &timeline) {
        (None, _) => vec![format!("Still running after {} s.", PATIENCE.as_secs())],
        (Some(_), None) => vec!["The program ended without a summary.".to_owned()],
        _ => vec![],
    };
    if missing > 0 {
        let are = if missing == 1 { "is" } else { "are" };
        symptoms.push(format!("{missing} of {flags} flags {are} missing."));
    }
    if let Some(timeline) = timeline {
        let remarks = timeline.remarks.clone();
        symptoms.extend(seen_by_the_site(timeline, AFTER_ANSWER + 3 * late));
        symptoms.extend(remarks);
    }
    // Such as an error that the strategy returns, or its own exit.
    if all_answered && symptoms.is_empty() && status.is_some_and(|status| !status.success()) {
        symptoms.push("All flags are there, but the exit status is not 0.".to_owned());
    }
    Ok(symptoms)
}

/// Waits for the end, or stops the program, which then has no status. Also returns how late this thread
/// woke up at worst: so late may any thread of a busy machine.
fn wait(mut child: Child) -> io::Result<(Option<ExitStatus>, Duration)> {
    const PERIOD: Duration = Duration::from_millis(5);
    let (deadline, mut late) = (Instant::now() + PATIENCE, Duration::ZERO);
    while child.try_wait()?.is_none() && Instant::now() < deadline {
        let asleep = Instant::now();
        thread::sleep(PERIOD);
        late = late.max(asleep.elapsed().saturating_sub(PERIOD));
    }
    let status = child.try_wait()?;
    child.kill()?; // does nothing if it has ended
    child.wait()?;
    Ok((status, late))
}

/// What is wrong with the requests for flags, if a call may go on for `a_while` after its answer.
fn seen_by_the_site(mut run: Timeline, a_while: Duration) -> Vec<String> {
    run.requests.retain(|it| it.label.len() == 2 && it.arrived.is_some());
    let (most, connections) = (run.max_in_flight(), run.connections.unwrap_or(0));
    let after = run.requests.iter().filter_map(Request::after_answer).max().unwrap_or_default();
    let symptoms = [
        (most == 0).then(|| "The site saw no request for a flag.".to_owned()),
        (most != 0 && most != 4 && !is_sequential())
            .then(|| format!("At most {most} at once; -m 4 allows 4.")),
        (connections > most + SPARE_CONNECTIONS)
            .then(|| format!("{connections} connections for at most {most} at once.")),
        (after > a_while)
            .then(|| format!("A call ended {} ms after its answer.", after.as_millis())),
    ];
    symptoms.into_iter().flatten().collect()
}
