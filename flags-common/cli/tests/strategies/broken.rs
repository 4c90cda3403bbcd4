//! The strategies, by name. They are called with a plan of three flags: BR, CN, US.

use std::sync::mpsc;
use std::thread;

use flags_cli::Tally;
use flags_cli::site::flag_image;
use flags_common::{Error, Flag, Plan, Report, Result, save_flag};

use crate::Strategy;

pub const STRATEGIES: [(&str, Strategy); 12] = [
    ("saves_all", saves_all),
    ("forgets_the_last_flag", forgets_the_last_flag),
    ("records_a_flag_twice", records_a_flag_twice),
    ("panics_at_once", panics_at_once),
    ("panics_at_the_last_flag", panics_at_the_last_flag),
    ("panics_after_the_last_flag", panics_after_the_last_flag),
    ("panics_in_a_thread", panics_in_a_thread),
    ("cannot_start", cannot_start),
    ("fails_after_the_last_flag", fails_after_the_last_flag),
    ("keeps_a_sender", keeps_a_sender),
    ("fails_with_any_text", fails_with_any_text),
    ("tells_of_subscriber", tells_of_subscriber),
];

/// Saves a flag, without a request.
fn save(flag: &Flag) -> Result<()> {
    save_flag(flag_image(flag.cc).expect("a country"), &flag.path)
}

fn saves_all(plan: Plan, report: &mut Tally) -> Result<()> {
    plan.flags.iter().for_each(|flag| report.record(flag, save(flag)));
    Ok(())
}

fn forgets_the_last_flag(mut plan: Plan, report: &mut Tally) -> Result<()> {
    plan.flags.pop();
    saves_all(plan, report)
}

fn records_a_flag_twice(plan: Plan, report: &mut Tally) -> Result<()> {
    report.record(&plan.flags[0], save(&plan.flags[0]));
    saves_all(plan, report)
}

fn panics_at_once(_: Plan, _: &mut Tally) -> Result<()> {
    panic!("as a bug would")
}

fn panics_at_the_last_flag(plan: Plan, report: &mut Tally) -> Result<()> {
    forgets_the_last_flag(plan, report)?;
    panic!("as a bug would")
}

fn panics_after_the_last_flag(plan: Plan, report: &mut Tally) -> Result<()> {
    saves_all(plan, report)?;
    panic!("as a bug would")
}

/// As in flags-threadpool, where the pool ignores a job's panic.
fn panics_in_a_thread(plan: Plan, report: &mut Tally) -> Result<()> {
    let (sender, results) = mpsc::channel();
    for flag in plan.flags {
        let sender = sender.clone();
        thread::spawn(move || {
            assert!(flag.cc.as_str() != "US", "as a bug would");
            let result = save(&flag);
            sender.send((flag, result)).expect("the receiver outlives the jobs");
        });
    }
    drop(sender);
    results.iter().for_each(|(flag, result)| report.record(&flag, result));
    Ok(())
}

fn cannot_start(_: Plan, _: &mut Tally) -> Result<()> {
    Err(Error::msg("no runtime"))
}

fn fails_after_the_last_flag(plan: Plan, report: &mut Tally) -> Result<()> {
    saves_all(plan, report)?;
    Err(Error::msg("no runtime"))
}

/// As flags-threadpool would without `drop(sender)`: the loop waits for another result.
fn keeps_a_sender(plan: Plan, report: &mut Tally) -> Result<()> {
    let (sender, results) = mpsc::channel();
    for flag in plan.flags {
        let result = save(&flag);
        sender.send((flag, result)).expect("the receiver is in this function");
    }
    for (flag, result) in results {
        report.record(&flag, result);
    }
    drop(sender);
    Ok(())
}

/// What no cause should contain, and what XML has to escape.
fn fails_with_any_text(plan: Plan, report: &mut Tally) -> Result<()> {
    #[tracing::instrument]
    fn get_flag(url: &str) -> Result<()> {
        Err(Error::msg("<a href='x'>&amp;\"\t\u{1b}[31m\u{202e}\r\n\u{ffff}]]>"))
    }
    plan.flags.iter().for_each(|flag| report.record(flag, get_flag(&flag.url)));
    Ok(())
}

fn tells_of_subscriber(plan: Plan, report: &mut Tally) -> Result<()> {
    println!("tracing has a subscriber: {}", tracing::dispatcher::has_been_set());
    saves_all(plan, report)
}
