//! Strategies that do not end, or not soon: the program describes a hang while it lasts, and Ctrl-C
//! says the same. A new one is a function, an entry in the list, and a case.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use ::futures::future::join_all;
use flags_cli::Tally;
use flags_common::{Plan, Report, Result};
use libtest_mimic::Trial;
use tokio::sync::Semaphore;

use crate::client::{block_on, download_one, futures, new_agent, new_client};
use crate::runner::{downloader, trial};

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

/// A downloader whose stderr is read line by line. It is killed when this is dropped.
struct Hanging {
    child: std::process::Child,
    stderr: mpsc::Receiver<String>,
    _dir: tempfile::TempDir,
}

impl Hanging {
    fn start(name: &str, args: &[&str]) -> Self {
        let (mut command, dir) = downloader(name, args);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let (sender, stderr) = mpsc::channel();
        thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, stderr, _dir: dir }
    }

    /// The lines up to the one that `last` holds for, as one line. At most a minute passes between two.
    fn read_until(&self, last: impl Fn(&str) -> bool) -> String {
        let mut said = String::new();
        loop {
            let line = self.stderr.recv_timeout(Duration::from_secs(60));
            let line = line.unwrap_or_else(|_| panic!("in vain: {said}"));
            said += &format!(" {}", line.trim());
            if last(&said) {
                return said;
            }
        }
    }

    /// The other lines.
    fn rest(&self) -> String {
        let lines = std::iter::from_fn(|| self.stderr.recv_timeout(Duration::from_secs(60)).ok());
        lines.map(|line| format!(" {}", line.trim())).collect()
    }

    #[cfg(unix)]
    fn press_ctrl_c(&self) {
        let pid = self.child.id().to_string();
        let kill = std::process::Command::new("kill").args(["-INT", &pid]).status();
        assert!(kill.expect("kill starts").success());
    }
}

impl Drop for Hanging {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn is_described(name: &str, why: &str, flags: &str, saved: usize) {
    let mut hanging = Hanging::start(name, &["BR", "CN", "US"]);
    let said = hanging.read_until(|said| said.contains(why) && said.contains(flags));
    assert!(!said.contains('?'), "a guess: {said}");
    #[cfg(unix)]
    {
        hanging.press_ctrl_c();
        let rest = hanging.rest();
        for text in [&format!("Interrupted: {saved} of 3 saved."), flags, "The site saw "] {
            assert!(rest.contains(text), "no {text:?} in {rest}");
        }
        assert_eq!(hanging.child.wait().unwrap().code(), Some(130), "{rest}");
    }
}

fn right_but_slow() {
    let mut slow = Hanging::start("works_after_the_last_result", &["BR", "CN", "US"]);
    let said = slow.rest();
    assert!(said.contains(ALL_THERE), "{said}");
    assert!(!said.contains('?') && !said.contains("no result;"), "{said}");
    assert_eq!(slow.child.wait().unwrap().code(), Some(0), "{said}");
}

#[cfg(unix)]
fn endless_loop() {
    let mut endless = Hanging::start("downloads_again_and_again", &["BR", "CN", "--latency", "0"]);
    let _ = endless.read_until(|said| said.contains("allowed"));
    thread::sleep(Duration::from_millis(500)); // many rounds, of which the count must know nothing
    endless.press_ctrl_c();
    let rest = endless.rest();
    assert!(rest.contains("Interrupted: 2 of 2 saved."), "{rest}");
    assert_eq!(endless.child.wait().unwrap().code(), Some(130));
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
