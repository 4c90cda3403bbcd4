//! Strategies that do not end: the program describes a hang while it lasts, and Ctrl-C says the same. A
//! new one is a function, its name in the list, and a row of `hanging.txt`.

use std::fs;
use std::io;
use std::process::{Command, Stdio};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use ::futures::future::join_all;
use flags_cli::Tally;
use flags_common::{Plan, Report, Result, stop_saving};
use flags_testing::{Run, Transcript, saved_files, trial};
use libtest_mimic::Trial;
use tokio::sync::Semaphore;

use crate::client::{block_on, download_one, futures, new_agent, new_client};
use crate::runner::start;

strategies! {
    keeps_a_sender guard_held_over_await barrier_for_more rendezvous_channel_and_join
    forgotten_permit retries_without_end downloads_again_and_again
    holds_stdout_and_locks_twice holds_stderr_and_waits forbids_to_save hangs_in_get_flag
}

static ROWS: Transcript =
    Transcript::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/strategies/hanging.txt"));

pub fn trials() -> Vec<Trial> {
    if cfg!(not(target_os = "linux")) {
        return Vec::new(); // Windows has no signal like Ctrl-C, and only Linux tells what threads do
    }
    let mut trials = ROWS.trials("hanging", None, until_described);
    trials.push(trial("hanging", "retries_are_fruitless", retries).with_ignored_flag(true));
    trials.push(trial("hanging", "no_more_flags_are_saved_than_there_are", endless_loop));
    trials
}

/// Runs a command line until the hang is described, then presses Ctrl-C.
fn until_described(command: &str) -> Run {
    let mut hanging = start(command);
    hanging.wait_until(|it| it.stdout().contains("\nCtrl-C stops the run"));
    hanging.interrupt()
}

/// This takes 10 s, and another number of requests each time.
fn retries() {
    let run = until_described("retries_without_end BR CN US");
    for why in [" s: no new result, no new file.", "\nInterrupted: 0 of 3 saved."] {
        let said = format!("{why}\nNot done yet (3)\n");
        assert!(run.stdout.contains(&said), "no {said:?} in {run}");
    }
}

fn endless_loop() {
    let mut endless = start("downloads_again_and_again BR CN --latency 0");
    endless.wait_until(|it| saved_files(it.dir.path()).len() == 2);
    thread::sleep(Duration::from_millis(500)); // many more rounds, which must not count
    let run = endless.interrupt();
    assert!(run.stdout.contains("Interrupted: 2 of 2 saved."), "{run}");
    assert!(run.stdout.contains(" ignored: for a flag that had one already."), "{run}");
    assert!(!run.stdout.contains("is blocked"), "only after Ctrl-C, by the program itself: {run}");
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

/// Nobody else can write through std's stdout.
fn holds_stdout_and_locks_twice(plan: Plan, report: &mut Tally) -> Result<()> {
    let _stdout = io::stdout().lock();
    report.record(&plan.flags[0], download_one(&new_agent(&plan), &plan.flags[0]));
    let mutex = Mutex::new(());
    let _guard = mutex.lock();
    drop(mutex.lock());
    Ok(())
}

/// For a process that does not end, and that holds stderr, too.
fn holds_stderr_and_waits(_: Plan, _: &mut Tally) -> Result<()> {
    let _stderr = io::stderr().lock();
    Command::new("sleep").arg("20").stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    Ok(())
}

/// So Ctrl-C cannot wait until no save is in progress.
fn forbids_to_save(plan: Plan, _: &mut Tally) -> Result<()> {
    let _stopped = stop_saving();
    download_one(&new_agent(&plan), &plan.flags[0])
}

/// Before its request. And there is a folder in the place of the picture.
fn hangs_in_get_flag(plan: Plan, _: &mut Tally) -> Result<()> {
    #[tracing::instrument]
    fn get_flag(url: &str) {
        thread::sleep(Duration::MAX);
    }
    fs::create_dir("run.json")?;
    get_flag(&plan.flags[0].url);
    Ok(())
}
