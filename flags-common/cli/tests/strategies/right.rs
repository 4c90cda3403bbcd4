//! Right strategies: nothing false is said of them, nothing is suspected, and every flag that the site
//! gives is saved. A new one goes into the list; it runs with each of the options. What flags-threadpool
//! and flags-async do is in the contract.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use ::futures::StreamExt;
use ::futures::stream::{self, FuturesUnordered};
use backon::{ConstantBuilder, Retryable};
use flags_cli::Tally;
use flags_common::{Plan, Report, Result};
use flags_testing::trial;
use libtest_mimic::Trial;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::client::{block_on, download_one, futures, new_agent, new_client};
use crate::runner::run;

strategies! {
    prints scoped_threads join_set several_runtime_threads futures_unordered_with_refill chunks
    retries rate_limit
}

/// Options, how many flags are requested, and how many of them are refused.
const OPTIONS: &[(&str, usize, usize)] = &[
    ("-m 1 -l 4", 4, 0),
    ("-a -m 50 --latency 20", 194, 0),
    ("-s ERROR DE EG FR US", 4, 1),
    ("-l 1 --latency 0", 1, 0),
];

pub fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for &(name, _) in STRATEGIES {
        for &(args, flags, refused) in OPTIONS {
            let refused = if name == "retries" { 0 } else { refused };
            let test = move || nothing_is_suspected(name, args, flags - refused, refused > 0);
            let slow = args.contains("-a") && ["prints", "rate_limit"].contains(&name);
            trials.push(trial("right", &format!("{name} {args}"), test).with_ignored_flag(slow));
        }
    }
    #[cfg(unix)]
    trials.push(trial("right", "what_is_printed_stays_on_the_screen", printed_lines_stay));
    trials
}

fn nothing_is_suspected(name: &str, args: &str, saved: usize, refused: bool) {
    let run = run(&format!("{name} {args}"));
    run.assert(i32::from(refused), saved);
    for word in ["Note", "ecorded", "no request", "no answer", "-m allows", "given up"] {
        assert!(!run.stdout.contains(word), "{word:?} in {run}");
    }
    assert!(run.stdout.contains(&format!("\n{saved} download")), "{run}");
}

/// Eight requests of 0.3 s, one after the other: a bar is drawn while the lines are printed.
#[cfg(unix)]
fn printed_lines_stay() {
    let (command, dir) = crate::runner::downloader("prints", &["-l", "8", "--latency", "300"]);
    let mut terminal = flags_testing::pty::OnTerminal::run(command, dir, (24, 80));
    terminal.wait_until(|screen| screen.contains("/8"));
    let (status, screen) = terminal.finish();
    assert_eq!(status, 0, "{screen}");
    assert_eq!(screen.matches("downloading ").count(), 8, "{screen}");
}

fn prints(plan: Plan, report: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    for flag in &plan.flags {
        println!("downloading {}", flag.cc);
        report.record(flag, download_one(&agent, flag));
    }
    Ok(())
}

fn scoped_threads(plan: Plan, report: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    let flags = Mutex::new(plan.flags.iter());
    let next_flag = || flags.lock().unwrap().next();
    let report = Mutex::new(report);
    thread::scope(|scope| {
        for _ in 0..plan.max_req {
            scope.spawn(|| {
                while let Some(flag) = next_flag() {
                    let result = download_one(&agent, flag);
                    report.lock().unwrap().record(flag, result);
                }
            });
        }
    });
    Ok(())
}

async fn in_tasks(plan: Plan, report: &mut Tally) -> Result<()> {
    let client = new_client(&plan)?;
    let places = Arc::new(Semaphore::new(plan.max_req));
    let mut tasks = JoinSet::new();
    for flag in plan.flags {
        let (client, places) = (client.clone(), places.clone());
        tasks.spawn(async move {
            let _place = places.acquire().await;
            futures::download(&client, flag).await
        });
    }
    while let Some(joined) = tasks.join_next().await {
        let (flag, result) = joined?;
        report.record(&flag, result);
    }
    Ok(())
}

fn join_set(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(in_tasks(plan, report))
}

fn several_runtime_threads(plan: Plan, report: &mut Tally) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(in_tasks(plan, report))
}

fn futures_unordered_with_refill(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(async {
        let client = new_client(&plan)?;
        let download = |flag| futures::download(&client, flag);
        let mut flags = plan.flags.into_iter();
        let mut running: FuturesUnordered<_> =
            flags.by_ref().take(plan.max_req).map(download).collect();
        while let Some((flag, result)) = running.next().await {
            running.extend(flags.next().map(download));
            report.record(&flag, result);
        }
        Ok(())
    })
}

fn chunks(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(async {
        let client = new_client(&plan)?;
        for chunk in plan.flags.chunks(plan.max_req) {
            let downloads = chunk.iter().map(|flag| futures::download_one(&client, flag));
            let results = ::futures::future::join_all(downloads).await;
            chunk.iter().zip(results).for_each(|(flag, result)| report.record(flag, result));
        }
        Ok(())
    })
}

fn retries(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(async {
        let client = new_client(&plan)?;
        let nine = ConstantBuilder::new().with_delay(Duration::from_millis(1)).with_max_times(9);
        let downloads = stream::iter(&plan.flags).map(async |flag| {
            let download = || futures::download_one(&client, flag);
            (flag, download.retry(nine).await)
        });
        let mut results = downloads.buffer_unordered(plan.max_req);
        while let Some((flag, result)) = results.next().await {
            report.record(flag, result);
        }
        Ok(())
    })
}

/// A request begins 30 ms after the end of the one before.
fn rate_limit(plan: Plan, report: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    for flag in &plan.flags {
        report.record(flag, download_one(&agent, flag));
        thread::sleep(Duration::from_millis(30));
    }
    Ok(())
}
