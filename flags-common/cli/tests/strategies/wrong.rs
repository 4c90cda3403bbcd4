//! Wrong strategies that end: what the program says of them. A new one is a function, an entry in the
//! list, and a case: its options, exit status, the saved flags, what must be said and what must not.

mod cases;

use std::fs;
use std::sync::mpsc;
use std::thread;

use ::futures::StreamExt;
use ::futures::stream;
use flags_cli::Tally;
use flags_cli::site::flag_image;
use flags_common::{Error, Flag, Plan, Report, Result, check_status, save_flag};
use libtest_mimic::Trial;
use tokio::task::spawn_blocking;

use self::cases::CASES;
use crate::Strategy;
use crate::client::{block_on, download_one, futures, get_flag, new_agent, new_client};
use crate::runner::{run, said, trial};

pub const STRATEGIES: &[(&str, Strategy)] = &[
    ("saves_without_a_request", saves_without_a_request),
    ("forgets_the_last_flag", forgets_the_last_flag),
    ("records_a_flag_twice", records_a_flag_twice),
    ("records_an_unplanned_flag", records_an_unplanned_flag),
    ("panics_at_once", panics_at_once),
    ("panics_at_the_last_flag", panics_at_the_last_flag),
    ("panics_in_a_thread", panics_in_a_thread),
    ("cannot_start", cannot_start),
    ("fails_at_the_end", fails_at_the_end),
    ("save_not_awaited", save_not_awaited),
    ("removes_the_folder", removes_the_folder),
    ("saves_to_one_path", saves_to_one_path),
    ("requests_the_first_url", requests_the_first_url),
    ("prints_instead_of_recording", prints_instead_of_recording),
    ("zips_results_with_the_plan", zips_results_with_the_plan),
    ("posts", posts),
    ("other_path", other_path),
    ("adds_a_query", adds_a_query),
    ("breaks_after_the_first", breaks_after_the_first),
    ("aborts_the_tasks", aborts_the_tasks),
    ("saves_and_records_a_failure", saves_and_records_a_failure),
    ("writes_anything", writes_anything),
    ("records_without_a_request", records_without_a_request),
    ("keeps_an_old_file", keeps_an_old_file),
    ("fails_with_any_text", fails_with_any_text),
    ("tells_of_subscriber", tells_of_subscriber),
];

const ALL: &str = "BR CN US";

pub fn trials() -> Vec<Trial> {
    let mut trials = vec![
        trial("zipped results are told by the site and the disk", zipped_results),
        trial("mistakes at another site rest on claim and disk", mistakes_at_another_site),
        trial("subscriber is set only for --timeline", subscriber_is_set_only_for_timeline),
        trial("any cause is safe to print and to record", any_cause_is_safe),
    ];
    trials.extend(CASES.iter().map(|&(name, status, saved, says, says_not)| {
        trial(format!("wrong: {name}"), move || {
            let args: Vec<_> = ALL.split(' ').collect();
            let run = run(name, &args);
            let said = said(&run);
            assert_eq!(run.status, status, "{run:?}");
            let files = run.files().into_iter().filter(|name| is_flag(&run, name)).count();
            let removed = name == "keeps_an_old_file";
            assert_eq!(if removed { 0 } else { files }, saved, "{run:?}");
            for text in says {
                assert!(said.contains(text), "no {text:?} in {run:?}");
            }
            for text in says_not {
                assert!(!said.contains(text), "{text:?} in {run:?}");
            }
            assert!(said.contains(if saved == 1 { "1 download in " } else { " downloads in " }));
        })
    }));
    trials
}

fn is_flag(run: &flags_testing::Run, name: &str) -> bool {
    let image = fs::read(run.dir.path().join("downloaded").join(name)).unwrap();
    let cc = name.trim_end_matches(".gif").parse().unwrap();
    flag_image(cc) == Some(&*image)
}

/// FR and IN are refused. Three threads race, so which flag is recorded for which is not certain.
fn zipped_results() {
    let run = run("zips_results_with_the_plan", &["DE", "FR", "IN", "US", "VN", "-s", "ERROR"]);
    assert_eq!((run.status, run.files().len()), (1, 3), "{run:?}");
    let said = said(&run);
    let refused =
        "recorded as saved, but its file is not there; the site answered 418 I'm a teapot";
    let both =
        "recorded as saved, but their files are not there; the site answered 418 I'm a teapot";
    let swapped = said.contains(refused) || said.contains(both);
    let in_order = said.contains("2 flags failed: HTTP status 418 I'm a teapot FR IN");
    assert!(swapped != in_order, "{run:?}");
    assert!(said.contains("3 downloads in "), "{run:?}");
}

fn mistakes_at_another_site() {
    let site = flags_testing::sites::TestSite::with_latency(0);
    let run = |name| run(name, &["BR", "CN", "--base-url", &site.base_url]);
    let lost = run("prints_instead_of_recording");
    assert!(
        said(&lost).contains("2 flags have no result, but their files are there BR CN"),
        "{lost:?}"
    );
    let unsaved = run("save_not_awaited");
    let expected = "2 flags are recorded as saved, but their files are not there BR CN";
    assert!(said(&unsaved).contains(expected), "{unsaved:?}");
    assert!(!said(&unsaved).contains("The site"), "{unsaved:?}");
    assert_eq!((lost.status, unsaved.status), (1, 1));
}

/// A program without `--timeline` does not pay for it.
fn subscriber_is_set_only_for_timeline() {
    for (args, answer) in [(&["BR"][..], "false"), (&["BR", "--timeline"], "true")] {
        let run = run("tells_of_subscriber", args);
        assert!(
            run.stdout.starts_with(&format!("tracing has a subscriber: {answer}\n")),
            "{run:?}"
        );
    }
}

fn any_cause_is_safe() {
    let cause = "<a href='x'>&amp;\"��[31m����]]>";
    for file in ["run.json", "run.svg"] {
        let run = run("fails_with_any_text", &["BR", &format!("--timeline={file}")]);
        assert!(run.stderr.contains(&format!("\n1 flag failed: {cause}\n")), "{run:?}");
        let recorded = fs::read_to_string(run.dir.path().join(file)).unwrap();
        if file == "run.svg" {
            let document = roxmltree::Document::parse(&recorded).unwrap();
            assert!(document.descendants().any(|node| node.text() == Some(cause)), "{recorded}");
        } else {
            let timeline: flags_cli::timeline::Timeline = recorded.parse().unwrap();
            assert_eq!(timeline.requests[0].failure.as_deref(), Some(cause));
        }
    }
}

/// Saves a flag, without a request.
fn save(flag: &Flag) -> Result<()> {
    save_flag(flag_image(flag.cc).expect("a country"), &flag.path)
}

fn saves_without_a_request(plan: Plan, report: &mut Tally) -> Result<()> {
    plan.flags.iter().for_each(|flag| report.record(flag, save(flag)));
    Ok(())
}

fn forgets_the_last_flag(mut plan: Plan, report: &mut Tally) -> Result<()> {
    plan.flags.pop();
    saves_without_a_request(plan, report)
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

fn panics_at_the_last_flag(plan: Plan, report: &mut Tally) -> Result<()> {
    forgets_the_last_flag(plan, report)?;
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

fn fails_at_the_end(plan: Plan, report: &mut Tally) -> Result<()> {
    saves_without_a_request(plan, report)?;
    Err(Error::msg("no runtime"))
}

/// The runtime ends before the closures have run: `max_blocking_threads` keeps them queued.
fn save_not_awaited(plan: Plan, report: &mut Tally) -> Result<()> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().max_blocking_threads(1).build()?;
    runtime.block_on(async {
        spawn_blocking(|| thread::sleep(std::time::Duration::from_millis(800)));
        let client = new_client(&plan)?;
        for flag in plan.flags {
            let image = futures::get_flag(&client, &flag.url).await?;
            let path = flag.path.clone();
            spawn_blocking(move || save_flag(&image, &path));
            report.record(&flag, Ok(()));
        }
        flags_common::Result::<()>::Ok(())
    })?;
    runtime.shutdown_background();
    Ok(())
}

fn each(
    plan: Plan,
    report: &mut Tally,
    mut one: impl FnMut(&ureq::Agent, &Flag) -> Result<()>,
) -> Result<()> {
    let agent = new_agent(&plan);
    for flag in &plan.flags {
        report.record(flag, one(&agent, flag));
    }
    Ok(())
}

fn removes_the_folder(plan: Plan, report: &mut Tally) -> Result<()> {
    each(plan, report, download_one)?;
    Ok(fs::remove_dir_all("downloaded")?)
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

fn zips_results_with_the_plan(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(async {
        let client = new_client(&plan)?;
        let downloads = stream::iter(&plan.flags).map(|flag| futures::download_one(&client, flag));
        let mut results: Vec<_> = downloads.buffer_unordered(plan.max_req).collect().await;
        results.rotate_left(1); // another order than the plan's, whatever the race
        plan.flags.iter().zip(results).for_each(|(flag, result)| report.record(flag, result));
        Ok(())
    })?
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

fn adds_a_query(plan: Plan, report: &mut Tally) -> Result<()> {
    each(plan, report, |agent, flag| {
        save_flag(&get_flag(agent, &format!("{}?size=72", flag.url))?, &flag.path)
    })
}

fn breaks_after_the_first(plan: Plan, report: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    for flag in plan.flags.iter().take(1) {
        report.record(flag, download_one(&agent, flag));
    }
    Ok(())
}

fn aborts_the_tasks(plan: Plan, _: &mut Tally) -> Result<()> {
    block_on(async {
        let client = new_client(&plan)?;
        for flag in plan.flags {
            let client = client.clone();
            tokio::spawn(async move { futures::download_one(&client, &flag).await }).abort();
        }
        Ok(())
    })?
}

fn saves_and_records_a_failure(plan: Plan, report: &mut Tally) -> Result<()> {
    each(plan, report, |agent, flag| {
        download_one(agent, flag)?;
        Err(Error::msg("too slow"))
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

/// The files are those of an earlier run: a second process of this test saves them first.
fn keeps_an_old_file(plan: Plan, report: &mut Tally) -> Result<()> {
    if !std::path::Path::new("second").exists() {
        plan.flags.iter().try_for_each(save)?;
        fs::write("second", "")?;
        let program = std::env::current_exe()?;
        let status = std::process::Command::new(program).args(ALL.split(' ')).status()?;
        std::process::exit(status.code().unwrap_or(2));
    }
    records_without_a_request(plan, report)
}

/// What no cause should contain, and what XML has to escape.
fn fails_with_any_text(plan: Plan, report: &mut Tally) -> Result<()> {
    let cause = "<a href='x'>&amp;\"\t\u{1b}[31m\u{202e}\r\n\u{ffff}]]>";
    #[tracing::instrument(skip(cause))]
    fn get_flag(url: &str, cause: &'static str) -> Result<()> {
        Err(Error::msg(cause))
    }
    plan.flags.iter().for_each(|flag| report.record(flag, get_flag(&flag.url, cause)));
    Ok(())
}

fn tells_of_subscriber(plan: Plan, report: &mut Tally) -> Result<()> {
    println!("tracing has a subscriber: {}", tracing::dispatcher::has_been_set());
    saves_without_a_request(plan, report)
}
