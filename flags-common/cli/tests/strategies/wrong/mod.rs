//! Wrong strategies that end: what the program says of them. A new one is a function, its name in the
//! list, and a row of `wrong.txt`.

mod futures;

use std::env;
use std::fs;
use std::process::{self, Command};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use flags_cli::Tally;
use flags_cli::site::flag_image;
use flags_cli::timeline::svg;
use flags_common::{
    Error, Flag, Plan, Report, Result, StatusCode, check_status, ensure, save_flag,
};
use flags_testing::sites::TestSite;
use flags_testing::{Transcript, trial};
use libtest_mimic::Trial;

use crate::Strategy;
use crate::client::{download_one, each, get_flag, new_agent};
use crate::runner::run;

strategies! {
    breaks_after_the_first cannot_start panics_at_once panics_in_a_thread
    records_without_a_request saves_to_one_path requests_the_first_url writes_anything
    keeps_an_old_file prints_instead_of_recording saves_and_records_a_failure
    records_a_flag_twice records_an_unplanned_flag fails_at_the_end saves_without_a_request
    posts other_path requests_an_unplanned_flag adds_a_query fails_with_any_text
    works_after_the_last_result tells_of_subscriber puts_a_folder_there saves_on_and_on
}

/// The strategies, each with its name.
pub fn strategies() -> Vec<(&'static str, Strategy)> {
    [STRATEGIES, futures::STRATEGIES].concat()
}

static ROWS: Transcript =
    Transcript::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/strategies/wrong.txt"));

/// A site in another process than the downloader's.
static SITE: LazyLock<TestSite> = LazyLock::new(|| TestSite::with_latency(0));

pub fn trials() -> Vec<Trial> {
    let mut trials =
        ROWS.trials("wrong", None, |command| run(&command.replace("[SITE]", &SITE.base_url)));
    trials.push(trial("wrong", "any_cause_is_safe_to_record", any_cause_is_safe_to_record));
    trials.push(trial("wrong", "what_is_saved_is_counted", what_is_saved_is_counted));
    trials.push(trial("wrong", "saved_flag_is_not_drawn_as_failed", saved_flag_is_not_drawn));
    trials
}

/// Nothing is saved after the count, and no temporary file is left.
fn what_is_saved_is_counted() {
    let run = run("saves_on_and_on -a");
    run.assert_says(&format!("\n{} download", run.files().len()));
}

fn saved_flag_is_not_drawn() {
    let run = run("saves_and_records_a_failure BR --timeline=run.json");
    assert_eq!(run.timeline().requests[0].failure, None, "{run}");
}

fn any_cause_is_safe_to_record() {
    let cause = "<a href='x'>&amp;\"��[31m������]]>";
    let run = run("fails_with_any_text BR --timeline=run.json");
    let timeline = run.timeline();
    assert_eq!(timeline.requests[0].failure.as_deref(), Some(cause), "{run}");
    let picture = svg(&[&timeline], "");
    let document = roxmltree::Document::parse(&picture).unwrap();
    assert!(document.descendants().any(|node| node.text() == Some(cause)), "{picture}");
}

/// Saves a flag, without a request.
fn save(flag: &Flag) -> Result<()> {
    save_flag(flag_image(flag.cc).expect("a country"), &flag.path)
}

fn saves_without_a_request(plan: Plan, report: &mut Tally) -> Result<()> {
    plan.flags.iter().for_each(|flag| report.record(flag, save(flag)));
    Ok(())
}

fn records_a_flag_twice(plan: Plan, report: &mut Tally) -> Result<()> {
    report.record(&plan.flags[0], save(&plan.flags[0]));
    saves_without_a_request(plan, report)
}

fn records_an_unplanned_flag(plan: Plan, report: &mut Tally) -> Result<()> {
    let mut flag = plan.flags[0].clone();
    flag.cc = "ZZ".parse()?;
    report.record(&flag, Ok(()));
    saves_without_a_request(plan, report)
}

fn panics_at_once(_: Plan, _: &mut Tally) -> Result<()> {
    panic!("as a bug would")
}

/// As in flags-threadpool, where the pool ignores a job's panic.
fn panics_in_a_thread(plan: Plan, report: &mut Tally) -> Result<()> {
    for flag in plan.flags {
        let job = thread::spawn(move || {
            assert!(flag.cc.as_str() != "US", "as a bug would");
            (save(&flag), flag)
        });
        if let Ok((result, flag)) = job.join() {
            report.record(&flag, result);
        }
    }
    Ok(())
}

fn cannot_start(_: Plan, _: &mut Tally) -> Result<()> {
    Err(Error::msg("no runtime"))
}

fn fails_at_the_end(plan: Plan, report: &mut Tally) -> Result<()> {
    saves_without_a_request(plan, report)?;
    Err(Error::msg("no runtime"))
}

fn saves_to_one_path(plan: Plan, report: &mut Tally) -> Result<()> {
    let path = plan.flags[0].path.clone();
    each(plan, report, |agent, flag| save_flag(&get_flag(agent, &flag.url)?, &path))
}

fn requests_the_first_url(plan: Plan, report: &mut Tally) -> Result<()> {
    let url = plan.flags[0].url.clone();
    each(plan, report, |agent, flag| save_flag(&get_flag(agent, &url)?, &flag.path))
}

fn prints_instead_of_recording(plan: Plan, _: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    for flag in &plan.flags {
        println!("{} {:?}", flag.cc, download_one(&agent, flag).is_ok());
    }
    Ok(())
}

fn posts(plan: Plan, report: &mut Tally) -> Result<()> {
    each(plan, report, |agent, flag| {
        let response = agent.post(&flag.url).send("")?;
        Ok(check_status(response.status())?)
    })
}

fn other_path(plan: Plan, report: &mut Tally) -> Result<()> {
    each(plan, report, |agent, flag| {
        let url = flag.url.replace("/flags/", "/images/");
        save_flag(&get_flag(agent, &url)?, &flag.path)
    })
}

fn requests_an_unplanned_flag(plan: Plan, report: &mut Tally) -> Result<()> {
    get_flag(&new_agent(&plan), &plan.flags[0].url.replace("br", "de"))?;
    each(plan, report, download_one)
}

fn adds_a_query(plan: Plan, report: &mut Tally) -> Result<()> {
    each(plan, report, |agent, flag| {
        save_flag(&get_flag(agent, &format!("{}?size=72", flag.url))?, &flag.path)
    })
}

fn breaks_after_the_first(mut plan: Plan, report: &mut Tally) -> Result<()> {
    plan.flags.truncate(1);
    each(plan, report, download_one)
}

fn saves_and_records_a_failure(plan: Plan, report: &mut Tally) -> Result<()> {
    each(plan, report, |agent, flag| {
        download_one(agent, flag)?;
        ensure!(flag.cc.as_str() == "US", "too slow");
        Ok(check_status(StatusCode::NOT_FOUND)?)
    })
}

fn writes_anything(plan: Plan, report: &mut Tally) -> Result<()> {
    each(plan, report, |agent, flag| {
        get_flag(agent, &flag.url)?;
        Ok(fs::write(&flag.path, "GIF")?)
    })
}

fn records_without_a_request(plan: Plan, report: &mut Tally) -> Result<()> {
    plan.flags.iter().for_each(|flag| report.record(flag, Ok(())));
    Ok(())
}

/// Saves the files, and starts itself again, so that they are those of an earlier run.
fn keeps_an_old_file(plan: Plan, report: &mut Tally) -> Result<()> {
    if plan.flags[0].path.exists() {
        return records_without_a_request(plan, report);
    }
    plan.flags.iter().try_for_each(save)?;
    let status = Command::new(env::current_exe()?).args(env::args().skip(1)).status()?;
    process::exit(status.code().unwrap_or(2))
}

/// What no cause should contain, and what XML has to escape.
fn fails_with_any_text(plan: Plan, report: &mut Tally) -> Result<()> {
    let cause = "<a href='x'>&amp;\"\t\u{1b}[31m\u{202e}\r\n\u{2060}\u{e0041}\u{ffff}]]>";
    #[tracing::instrument(skip(cause))]
    fn get_flag(url: &str, cause: &'static str) -> Result<()> {
        Err(Error::msg(cause))
    }
    plan.flags.iter().for_each(|flag| report.record(flag, get_flag(&flag.url, cause)));
    Ok(())
}

fn works_after_the_last_result(plan: Plan, report: &mut Tally) -> Result<()> {
    each(plan, report, download_one)?;
    thread::sleep(Duration::from_secs(4));
    Ok(())
}

fn tells_of_subscriber(plan: Plan, report: &mut Tally) -> Result<()> {
    println!("tracing has a subscriber: {}", tracing::dispatcher::has_been_set());
    saves_without_a_request(plan, report)
}

fn puts_a_folder_there(plan: Plan, report: &mut Tally) -> Result<()> {
    fs::create_dir("run.json")?;
    saves_without_a_request(plan, report)
}

/// After its return, too.
fn saves_on_and_on(plan: Plan, _: &mut Tally) -> Result<()> {
    thread::spawn(move || plan.flags.iter().for_each(|flag| _ = save(flag)));
    Ok(())
}
