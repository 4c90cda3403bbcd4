//! What `--check` says of strategies, right and wrong. A new symptom is a row of `checked.txt`, of a
//! strategy here or in the other modules. The mistakes test has those of the lesson's patches.

use std::process;
use std::thread;
use std::time::Duration;

use ::futures::StreamExt;
use ::futures::stream;
use flags_cli::Tally;
use flags_common::{Error, Flag, Plan, Report, Result, check_status, save_flag};
use flags_testing::{Transcript, trial};
use libtest_mimic::Trial;

use crate::client::{block_on, futures, new_agent, new_client};
use crate::right;
use crate::runner::run;

strategies! { exits leaves_bodies_unread records_no_failure fails_after_all pauses_between_results }

static ROWS: Transcript =
    Transcript::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/strategies/checked.txt"));

pub fn trials() -> Vec<Trial> {
    // A run that does not end is stopped after 4 s, and looked at twice.
    let hangs = |name: &str| name.contains("keeps_a_sender") || name.contains("barrier_for_more");
    let rows = ROWS.trials("checked", None, run).into_iter().map(|row| {
        let slow = hangs(row.name());
        row.with_ignored_flag(slow)
    });
    let mut trials: Vec<_> = rows.collect();
    // These have more connections than requests at once, take too long, or cannot be drawn, and hear it.
    let hears_more =
        ["closes_connections", "races_a_mirror", "head_before_get", "sets_a_subscriber"];
    for (name, _) in right::strategies().into_iter().filter(|it| !hears_more.contains(&it.0)) {
        trials.push(trial("checked", &format!("right {name}"), move || is_right(name)));
    }
    trials
}

/// A right strategy has no symptom, unless it sends one request at a time: then it hears that.
fn is_right(name: &str) {
    let run = run(&format!("{name} --check"));
    let concurrent = ["scoped_threads", "workers_with_a_queue"];
    let in_sequence = right::is_blocking(name) && !concurrent.contains(&name);
    let said = if in_sequence { "\nAt most 1 at once; -m 4 allows 4.\nThis run" } else { "\nok\n" };
    assert!(run.stdout.contains(said), "{run}");
    assert_eq!(run.status, i32::from(in_sequence), "{run}");
}

fn exits(_: Plan, _: &mut Tally) -> Result<()> {
    process::exit(0)
}

/// As `get_flag` would without `read_body`.
fn leaves_bodies_unread(plan: Plan, report: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    let download = |flag: &Flag| {
        let mut response = agent.get(&flag.url).call()?;
        check_status(response.status())?;
        save_flag(&response.body_mut().read_to_vec()?, &flag.path)
    };
    for flags in plan.flags.chunks(plan.max_req) {
        let results = thread::scope(|scope| {
            let threads = flags.iter().map(|flag| scope.spawn(move || download(flag)));
            let threads: Vec<_> = threads.collect();
            threads.into_iter().map(|it| it.join().expect("no panic")).collect::<Vec<_>>()
        });
        flags.iter().zip(results).for_each(|(flag, result)| report.record(flag, result));
    }
    Ok(())
}

/// Downloads as flags-async does, and gives each result to `take`.
fn in_a_stream(plan: Plan, mut take: impl FnMut(&Flag, Result<()>)) -> Result<()> {
    block_on(async {
        let client = new_client(&plan)?;
        let downloads = plan.flags.into_iter().map(|flag| futures::download(&client, flag));
        let mut results = stream::iter(downloads).buffer_unordered(plan.max_req);
        while let Some((flag, result)) = results.next().await {
            take(&flag, result);
        }
        Ok(())
    })
}

fn records_no_failure(plan: Plan, report: &mut Tally) -> Result<()> {
    in_a_stream(plan, |flag, result| {
        if result.is_ok() {
            report.record(flag, result);
        }
    })
}

fn fails_after_all(plan: Plan, report: &mut Tally) -> Result<()> {
    in_a_stream(plan, |flag, result| report.record(flag, result))?;
    Err(Error::msg("no list of the flags"))
}

/// For as long as a busy machine might keep it waiting.
fn pauses_between_results(plan: Plan, report: &mut Tally) -> Result<()> {
    in_a_stream(plan, |flag, result| {
        thread::sleep(Duration::from_millis(10));
        report.record(flag, result);
    })
}
