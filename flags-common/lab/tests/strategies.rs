//! A strategy that panics or forgets a flag: that flag is lost, which is said, and the exit status
//! is 1. None of the three does so: this program is a downloader too, of strategies that do.

use std::process::{Command, ExitCode};
use std::sync::mpsc;
use std::thread;

use flags_common::{Error, Plan, Report, Result};
use libtest_mimic::{Arguments, Trial};

/// The environment variable that makes this program a downloader, and says with which strategy.
const STRATEGY: &str = "FLAGS_LOST_STRATEGY";

fn saves_all(plan: Plan, report: &mut Report) -> Result<()> {
    plan.flags.iter().for_each(|flag| report.record(flag, Ok(())));
    Ok(())
}

fn forgets_the_last(plan: Plan, report: &mut Report) -> Result<()> {
    plan.flags[..2].iter().for_each(|flag| report.record(flag, Ok(())));
    Ok(())
}

fn panics_at_once(_: Plan, _: &mut Report) -> Result<()> {
    panic!("as a bug would")
}

fn panics_at_the_last(plan: Plan, report: &mut Report) -> Result<()> {
    forgets_the_last(plan, report)?;
    panic!("as a bug would")
}

/// As in flags-threadpool: a job is silent when it panics.
fn panics_in_a_thread(plan: Plan, report: &mut Report) -> Result<()> {
    let (sender, arrivals) = mpsc::channel();
    for flag in plan.flags {
        let sender = sender.clone();
        thread::spawn(move || {
            assert_ne!(flag.cc.as_str(), "US", "as a bug would");
            sender.send(flag).expect("arrivals outlives every job");
        });
    }
    drop(sender);
    arrivals.iter().for_each(|flag| report.record(&flag, Ok(())));
    Ok(())
}

fn fails_at_the_last(plan: Plan, report: &mut Report) -> Result<()> {
    forgets_the_last(plan, report)?;
    Err(Error::msg("no runtime"))
}

type Strategy = fn(Plan, &mut Report) -> Result<()>;

/// Each with the flags that it loses of BR, CN and US.
const STRATEGIES: [(&str, Strategy, &[&str]); 6] = [
    ("saves all", saves_all, &[]),
    ("forgets the last", forgets_the_last, &["US"]),
    ("panics at once", panics_at_once, &["BR", "CN", "US"]),
    ("panics at the last", panics_at_the_last, &["US"]),
    ("panics in a thread", panics_in_a_thread, &["US"]),
    ("fails at the last", fails_at_the_last, &["US"]),
];

fn main() -> ExitCode {
    if let Ok(asked) = std::env::var(STRATEGY) {
        let (_, strategy, _) = STRATEGIES.iter().find(|(name, ..)| *name == asked).expect("known");
        #[expect(clippy::redundant_closure, reason = "a pointer's type does not name its crate")]
        return flags_common::main(|plan, report| strategy(plan, report));
    }
    let trial = |(name, _, lost)| {
        Trial::test(name, move || {
            check(name, lost);
            Ok(())
        })
    };
    let trials = STRATEGIES.map(trial).into();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn check(name: &str, lost: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let mut downloader = Command::new(std::env::current_exe().unwrap());
    downloader.args(["BR", "CN", "US"]).env(STRATEGY, name).current_dir(dir.path());
    let output = downloader.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();

    let last = stdout.lines().last().expect("a last line");
    let saved = 3 - lost.len();
    let plural = if saved == 1 { "" } else { "s" };
    assert!(last.starts_with(&format!("{saved} download{plural} in ")), "{stdout}");
    assert_eq!(output.status.code(), Some(i32::from(!lost.is_empty())), "{stderr}");
    let said =
        format!("{} lost, with no word of what became of it:\n  {}\n", lost.len(), lost.join(" "));
    assert_eq!(stderr.contains(&said), !lost.is_empty(), "{stderr}");
    assert_eq!(stderr.contains("panicked"), name.contains("panics"), "{stderr}");
    assert_eq!(stderr.contains("error: no runtime"), name.contains("fails"), "{stderr}");
}
