//! Strategies that do not end, or not soon: the program describes a hang while it lasts, and Ctrl-C
//! says the same. A new one is a function, an entry in the list, and a case.

use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use ::futures::StreamExt;
use ::futures::future::join_all;
use ::futures::stream;
use flags_cli::Tally;
use flags_common::{Plan, Report, Result};
use flags_testing::Running;
use libtest_mimic::Trial;
use tokio::sync::Semaphore;

use crate::Strategy;
use crate::client::{block_on, download_one, futures, new_agent, new_client};
use crate::runner::{downloader, run, said, trial};

pub const STRATEGIES: &[(&str, Strategy)] = &[
    ("keeps_a_sender", keeps_a_sender),
    ("guard_held_over_await", guard_held_over_await),
    ("two_locks_in_two_orders", two_locks_in_two_orders),
    ("barrier_for_more", barrier_for_more),
    ("rendezvous_channel_and_join", rendezvous_channel_and_join),
    ("forgotten_permit", forgotten_permit),
    ("buffer_of_zero", buffer_of_zero),
    ("retries_without_end", retries_without_end),
    ("downloads_again_and_again", downloads_again_and_again),
    ("works_after_the_last_result", works_after_the_last_result),
];

/// What is said while it lasts, and after Ctrl-C.
const CASES: &[(&str, &[&str], &[&str])] = &[
    (
        "keeps_a_sender",
        &["Every flag has its result and its file; download_many has not returned."],
        &["Interrupted: 3 of 3 saved."],
    ),
    (
        "guard_held_over_await",
        &[
            "For 2 s, there has been no request in flight, no result and no new file.",
            "have no result",
        ],
        &["Interrupted: 0 of 3 saved.", "have no result"],
    ),
    (
        "two_locks_in_two_orders",
        &["3 flags have no result; never requested BR CN US"],
        &[
            "Interrupted: 0 of 3 saved.",
            "3 flags have no result; never requested BR CN US",
            "The site saw no request.",
        ],
    ),
    (
        "barrier_for_more",
        &["3 flags have no result; never requested BR CN US"],
        &["Interrupted: 0 of 3"],
    ),
    (
        "rendezvous_channel_and_join",
        &["3 flags have no result; the site answered 200 OK; the file is there BR CN US"],
        &["Interrupted: 3 of 3 saved.", "The site saw 3 requests"],
    ),
    (
        "forgotten_permit",
        &["1 flag has no result; never requested US"],
        &["Interrupted: 2 of 3 saved.", "1 flag has no result; never requested US"],
    ),
    (
        "buffer_of_zero",
        &["3 flags have no result; never requested BR CN US"],
        &["Interrupted: 0 of 3 saved."],
    ),
    (
        "retries_without_end",
        &["For 10 s, there has been no result and no new file.", "3 flags have no result"],
        &["Interrupted: 0 of 3 saved.", "no result"],
    ),
];

pub fn trials() -> Vec<Trial> {
    let mut trials: Vec<_> = CASES
        .iter()
        .map(|&(name, during, after)| {
            let test = move || is_described(name, during, after);
            trial(format!("hang: {name}"), test).with_ignored_flag(name == "retries_without_end")
        })
        .collect();
    trials.push(trial("hang: right code that works for 3 s is described by facts", right_but_slow));
    #[cfg(unix)]
    trials.push(trial("hang: no more flags are saved than there are", endless_loop));
    trials
}

fn start(name: &str, args: &[&str]) -> Running {
    let (command, dir) = downloader(name, args);
    Running::start(command, dir)
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_described(name: &str, during: &[&str], after: &[&str]) {
    let mut hanging = start(name, &["BR", "CN", "US"]);
    hanging.wait_until(|it| {
        let said = in_one_line(&it.stderr());
        during.iter().all(|text| said.contains(text))
    });
    #[cfg(unix)]
    {
        let run = hanging.interrupt();
        let said = in_one_line(&run.stderr);
        assert!(!said.contains("alive?"), "{run}");
        let rest = &said[said.find("Interrupted: ").expect(&said)..];
        for text in after {
            assert!(rest.contains(text), "no {text:?} in {run}");
        }
        assert_eq!(run.status, 130, "{run}");
    }
}

fn right_but_slow() {
    let run = run("works_after_the_last_result", &["BR", "CN", "US"]);
    let said = said(&run);
    assert!(
        said.contains("Every flag has its result and its file; download_many has not returned."),
        "{run}"
    );
    assert!(!said.contains("Sender") && !said.contains("no result;"), "{run}");
    assert_eq!(run.status, 0, "{run}");
}

#[cfg(unix)]
fn endless_loop() {
    let mut endless = start("downloads_again_and_again", &["BR", "CN", "--latency", "0"]);
    endless.wait_until(|it| it.stderr().contains("allowed"));
    thread::sleep(Duration::from_millis(500)); // many rounds, of which the count must know nothing
    let run = endless.interrupt();
    assert!(run.stderr.contains("Interrupted: 2 of 2 saved."), "{run}");
    assert_eq!(run.status, 130, "{run}");
}

/// As flags-threadpool would without `drop(sender)`: the loop waits for another result.
fn keeps_a_sender(plan: Plan, report: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    let (sender, results) = mpsc::channel();
    for flag in plan.flags {
        let result = download_one(&agent, &flag);
        sender.send((flag, result)).expect("the receiver is in this function");
    }
    results.iter().for_each(|(flag, result)| report.record(&flag, result));
    drop(sender);
    Ok(())
}

/// The second future locks on the thread on which the first one holds the guard.
#[allow(clippy::await_holding_lock)] // the mistake
fn guard_held_over_await(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(async {
        let client = Mutex::new(new_client(&plan)?);
        let downloads = plan.flags.iter().map(async |flag| {
            let client = client.lock().unwrap();
            let result = futures::download_one(&client, flag).await;
            (flag, result)
        });
        for (flag, result) in join_all(downloads).await {
            report.record(flag, result);
        }
        Ok(())
    })?
}

fn two_locks_in_two_orders(_: Plan, _: &mut Tally) -> Result<()> {
    let locks = (Mutex::new(()), Mutex::new(()));
    let both_hold_one = Barrier::new(2);
    thread::scope(|scope| {
        scope.spawn(|| {
            let _first = locks.0.lock();
            both_hold_one.wait();
            let _second = locks.1.lock();
        });
        scope.spawn(|| {
            let _second = locks.1.lock();
            both_hold_one.wait();
            let _first = locks.0.lock();
        });
    });
    Ok(())
}

/// One more than there are threads.
fn barrier_for_more(plan: Plan, _: &mut Tally) -> Result<()> {
    let start = Barrier::new(plan.flags.len() + 1);
    thread::scope(|scope| plan.flags.iter().for_each(|_| _ = scope.spawn(|| start.wait())));
    Ok(())
}

/// Each thread waits until its result is taken, and nobody takes it before the threads have ended.
fn rendezvous_channel_and_join(plan: Plan, report: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    let (sender, results) = mpsc::sync_channel(0);
    let spawn = |flag: flags_common::Flag| {
        let (agent, sender) = (agent.clone(), sender.clone());
        thread::spawn(move || {
            let result = download_one(&agent, &flag);
            sender.send((flag, result)).unwrap();
        })
    };
    let threads: Vec<_> = plan.flags.into_iter().map(spawn).collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    results.iter().for_each(|(flag, result)| report.record(&flag, result));
    Ok(())
}

fn forgotten_permit(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(async {
        let client = new_client(&plan)?;
        let places = Arc::new(Semaphore::new(2));
        for flag in &plan.flags {
            places.acquire().await?.forget();
            report.record(flag, futures::download_one(&client, flag).await);
        }
        Ok(())
    })?
}

fn buffer_of_zero(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(async {
        let client = new_client(&plan)?;
        let downloads = stream::iter(&plan.flags).map(async |flag| {
            let result = futures::download_one(&client, flag).await;
            (flag, result)
        });
        let mut results = downloads.buffer_unordered(0);
        while let Some((flag, result)) = results.next().await {
            report.record(flag, result);
        }
        Ok(())
    })?
}

fn retries_without_end(plan: Plan, report: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    for flag in &plan.flags {
        let mut nowhere = flag.clone();
        nowhere.url += "x";
        while download_one(&agent, &nowhere).is_err() {}
        report.record(flag, Ok(()));
    }
    Ok(())
}

fn downloads_again_and_again(plan: Plan, report: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    loop {
        plan.flags.iter().for_each(|flag| report.record(flag, download_one(&agent, flag)));
    }
}

fn works_after_the_last_result(plan: Plan, report: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    plan.flags.iter().for_each(|flag| report.record(flag, download_one(&agent, flag)));
    thread::sleep(Duration::from_secs(3));
    Ok(())
}
