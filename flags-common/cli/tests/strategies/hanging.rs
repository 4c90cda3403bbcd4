//! Strategies that do not end, or not soon: the program describes a hang while it lasts, and Ctrl-C
//! says the same. A new one is a function, an entry in the list, and a case.

use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use ::futures::future::join_all;
use flags_cli::Tally;
use flags_common::{Plan, Report, Result};
use flags_testing::Running;
use libtest_mimic::Trial;
use tokio::sync::Semaphore;

use crate::client::{block_on, download_one, futures, new_agent, new_client};
use crate::runner::{downloader, run, trial};

strategies! {
    keeps_a_sender guard_held_over_await barrier_for_more rendezvous_channel_and_join
    forgotten_permit retries_without_end
    downloads_again_and_again works_after_the_last_result
}

const STILL: &str = "there has been no request in flight, no result and no new file.";
const FRUITLESS: &str = "For 10 s, there has been no result and no new file.";
const ALL_THERE: &str = "Every flag has its result and its file; download_many has not returned.";

/// What is said while it lasts, of which flags then as after Ctrl-C, and how many are saved.
const CASES: &[(&str, &str, &str, usize)] = &[
    ("keeps_a_sender", ALL_THERE, "", 3),
    ("guard_held_over_await", "For 2 s, there has been no request", "have no result", 0),
    (
        "barrier_for_more",
        STILL,
        "3 flags have no result; the site saw no request for them BR CN US",
        0,
    ),
    (
        "rendezvous_channel_and_join",
        STILL,
        "3 flags have no result, but their files are there; the site answered 200 OK BR CN US",
        3,
    ),
    ("forgotten_permit", STILL, "1 flag has no result; the site saw no request for it US", 2),
    ("retries_without_end", FRUITLESS, "3 flags have no result", 0),
];

pub fn trials() -> Vec<Trial> {
    let mut trials: Vec<_> = CASES
        .iter()
        .map(|&(name, why, flags, saved)| {
            let test = move || is_described(name, why, flags, saved);
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

fn is_described(name: &str, why: &str, flags: &str, saved: usize) {
    let mut hanging = start(name, &["BR", "CN", "US"]);
    hanging.wait_until(|it| {
        let said = in_one_line(&it.stderr());
        said.contains(why) && said.contains(flags)
    });
    #[cfg(unix)]
    {
        let run = hanging.interrupt();
        let said = in_one_line(&run.stderr);
        assert!(!said.contains('?'), "a guess: {run}");
        let rest = &said[said.find("Interrupted: ").expect(&said)..];
        for text in [&format!("Interrupted: {saved} of 3 saved."), flags, "The site saw "] {
            assert!(rest.contains(text), "no {text:?} in {run}");
        }
        assert_eq!(run.status, 130, "{run}");
    }
}

fn right_but_slow() {
    let run = run("works_after_the_last_result BR CN US");
    assert!(run.stdout.contains(ALL_THERE), "{run}");
    assert!(!run.stdout.contains('?') && !run.stdout.contains("no result;"), "{run}");
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
        let downloads = plan.flags.into_iter().map(async |flag| {
            let client = client.lock().unwrap();
            futures::download(&client, flag).await
        });
        for (flag, result) in join_all(downloads).await {
            report.record(&flag, result);
        }
        Ok(())
    })
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
    })
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
