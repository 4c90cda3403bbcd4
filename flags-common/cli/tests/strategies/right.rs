//! Right strategies: nothing false is said of them, nothing is suspected, and every flag that the site
//! gives is saved. A new one goes into the list; it runs with each of the options.

use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use ::futures::StreamExt;
use ::futures::stream::{self, FuturesUnordered};
use backon::{ConstantBuilder, Retryable};
use flags_cli::Tally;
use flags_common::{Plan, Report, Result};
use libtest_mimic::Trial;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::Strategy;
use crate::client::{block_on, download_one, futures, new_agent, new_client};
use crate::runner::{run, said, trial};

pub const STRATEGIES: &[(&str, Strategy)] = &[
    ("sequence", sequence),
    ("scoped_threads", scoped_threads),
    ("rayon_pool", rayon_pool),
    ("crossbeam", crossbeam),
    ("buffer_unordered", buffer_unordered),
    ("join_set", join_set),
    ("futures_unordered_with_refill", futures_unordered_with_refill),
    ("chunks", chunks),
    ("several_runtime_threads", several_runtime_threads),
    ("retries", retries),
    ("rate_limit", rate_limit),
];

/// Options, and how many of the flags are saved.
const OPTIONS: &[(&str, usize)] =
    &[("-m 1 -l 4", 4), ("-l 1", 1), ("-a -m 50", 194), ("-s ERROR -l 8", 7), ("--latency 0", 20)];

pub fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for &(name, _) in STRATEGIES {
        for &(args, saved) in OPTIONS {
            let test = move || nothing_is_suspected(name, args, saved);
            let slow = args.contains("-a") && ["sequence", "rate_limit"].contains(&name);
            trials.push(trial(format!("right: {name} {args}"), test).with_ignored_flag(slow));
        }
    }
    trials
}

fn nothing_is_suspected(name: &str, args: &str, saved: usize) {
    let run = run(name, &args.split(' ').collect::<Vec<_>>());
    let retried = name == "retries" && args.contains("ERROR");
    let saved = if retried { 8 } else { saved };
    let complete = retried || !args.contains("ERROR");
    assert_eq!(run.status, i32::from(!complete), "{run:?}");
    assert_eq!(run.files().len(), saved, "{run:?}");
    let said = said(&run);
    for word in ["Note", "no result", "recorded as", "no request", "not those", "has been no"] {
        assert!(!said.contains(word), "{word:?} in {run:?}");
    }
    // A busy machine may take over 10 ms to send the next request; then it is not said.
    assert!(name == "sequence" || !said.contains("waited for the one before"), "{run:?}");
    let downloads = if saved == 1 { " 1 download in " } else { &format!("{saved} downloads in ") };
    assert!(said.contains(downloads.trim()), "{run:?}");
}

fn sequence(plan: Plan, report: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    plan.flags.iter().for_each(|flag| report.record(flag, download_one(&agent, flag)));
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

fn rayon_pool(plan: Plan, report: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(plan.max_req).build()?;
    let results: Vec<_> = pool.install(|| {
        let flags = plan.flags.into_par_iter();
        flags.map(|flag| (download_one(&agent, &flag), flag)).collect()
    });
    results.into_iter().for_each(|(result, flag)| report.record(&flag, result));
    Ok(())
}

fn crossbeam(plan: Plan, report: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    let (jobs, queue) = crossbeam_channel::unbounded();
    let (sender, results) = mpsc::channel();
    for flag in plan.flags {
        jobs.send(flag)?;
    }
    drop(jobs);
    for _ in 0..plan.max_req {
        let (agent, queue, sender) = (agent.clone(), queue.clone(), sender.clone());
        thread::spawn(move || {
            for flag in queue {
                let result = download_one(&agent, &flag);
                sender.send((flag, result)).unwrap();
            }
        });
    }
    drop(sender);
    results.iter().for_each(|(flag, result)| report.record(&flag, result));
    Ok(())
}

fn buffer_unordered(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(async {
        let client = new_client(&plan)?;
        let downloads = stream::iter(plan.flags).map(async |flag| {
            let result = futures::download_one(&client, &flag).await;
            (flag, result)
        });
        let mut results = downloads.buffer_unordered(plan.max_req);
        while let Some((flag, result)) = results.next().await {
            report.record(&flag, result);
        }
        Ok(())
    })?
}

async fn in_tasks(plan: Plan, report: &mut Tally) -> Result<()> {
    let client = new_client(&plan)?;
    let places = Arc::new(Semaphore::new(plan.max_req));
    let mut tasks = JoinSet::new();
    for flag in plan.flags {
        let (client, places) = (client.clone(), places.clone());
        tasks.spawn(async move {
            let _place = places.acquire().await;
            let result = futures::download_one(&client, &flag).await;
            (flag, result)
        });
    }
    while let Some(joined) = tasks.join_next().await {
        let (flag, result) = joined?;
        report.record(&flag, result);
    }
    Ok(())
}

fn join_set(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(in_tasks(plan, report))?
}

fn several_runtime_threads(plan: Plan, report: &mut Tally) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(in_tasks(plan, report))
}

fn futures_unordered_with_refill(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(async {
        let client = new_client(&plan)?;
        let download = async |flag| {
            let result = futures::download_one(&client, &flag).await;
            (flag, result)
        };
        let mut flags = plan.flags.into_iter();
        let mut running: FuturesUnordered<_> =
            flags.by_ref().take(plan.max_req).map(download).collect();
        while let Some((flag, result)) = running.next().await {
            running.extend(flags.next().map(download));
            report.record(&flag, result);
        }
        Ok(())
    })?
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
    })?
}

fn retries(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(async {
        let client = new_client(&plan)?;
        let downloads = stream::iter(plan.flags).map(async |flag| {
            let retry =
                ConstantBuilder::default().with_delay(Duration::from_millis(1)).with_max_times(9);
            let download = || futures::download_one(&client, &flag);
            let result = download.retry(retry).await;
            (flag, result)
        });
        let mut results = downloads.buffer_unordered(plan.max_req);
        while let Some((flag, result)) = results.next().await {
            report.record(&flag, result);
        }
        Ok(())
    })?
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
