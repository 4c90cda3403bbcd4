//! Right strategies with ureq: in sequence and with threads.

use std::io;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use flags_cli::Tally;
use flags_common::{Flag, Plan, Report, Result, check_status, save_flag};

use crate::client::{download_one, each, get_flag, new_agent};

strategies! {
    prints scoped_threads rate_limit head_before_get closes_connections holds_stdout holds_stderr
    changes_the_folder workers_with_a_queue saves_links
    asks_for_the_page_too sets_a_subscriber
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

/// A request begins 30 ms after the end of the one before.
fn rate_limit(plan: Plan, report: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    for flag in &plan.flags {
        report.record(flag, download_one(&agent, flag));
        thread::sleep(Duration::from_millis(30));
    }
    Ok(())
}

fn head_before_get(plan: Plan, report: &mut Tally) -> Result<()> {
    each(plan, report, |agent, flag| {
        agent.head(&flag.url).call()?;
        download_one(agent, flag)
    })
}

fn closes_connections(plan: Plan, report: &mut Tally) -> Result<()> {
    each(plan, report, |agent, flag| {
        let mut response = agent.get(&flag.url).header("connection", "close").call()?;
        let image = response.body_mut().read_to_vec();
        check_status(response.status())?;
        save_flag(&image?, &flag.path)
    })
}

fn holds_stdout(plan: Plan, report: &mut Tally) -> Result<()> {
    let _guard = io::stdout().lock();
    each(plan, report, download_one)
}

fn holds_stderr(plan: Plan, report: &mut Tally) -> Result<()> {
    let _guard = io::stderr().lock();
    each(plan, report, download_one)
}

fn changes_the_folder(plan: Plan, report: &mut Tally) -> Result<()> {
    each(plan, report, download_one)?;
    Ok(std::env::set_current_dir("..")?)
}

/// The images lie in another folder.
fn saves_links(plan: Plan, report: &mut Tally) -> Result<()> {
    std::fs::create_dir_all("images")?;
    each(plan, report, |agent, flag| {
        let file = std::path::Path::new("images").join(flag.cc.as_str());
        save_flag(&get_flag(agent, &flag.url)?, &file)?;
        #[cfg(unix)]
        return Ok(std::os::unix::fs::symlink(std::path::absolute(file)?, &flag.path)?);
        #[cfg(not(unix))]
        Ok(std::fs::rename(file, &flag.path)?)
    })
}

fn workers_with_a_queue(plan: Plan, report: &mut Tally) -> Result<()> {
    let agent = new_agent(&plan);
    let (jobs, queue) = mpsc::channel::<Flag>();
    let (sender, results) = mpsc::channel();
    let queue = Arc::new(Mutex::new(queue));
    for _ in 0..plan.max_req {
        let (agent, queue, sender) = (agent.clone(), Arc::clone(&queue), sender.clone());
        let next = move || queue.lock().unwrap().recv();
        thread::spawn(move || {
            while let Ok(flag) = next() {
                sender.send((download_one(&agent, &flag), flag)).unwrap();
            }
        });
    }
    drop(sender);
    plan.flags.into_iter().for_each(|flag| jobs.send(flag).unwrap());
    drop(jobs);
    results.iter().for_each(|(result, flag)| report.record(&flag, result));
    Ok(())
}

/// As a browser does that opens the URL which the program prints.
fn asks_for_the_page_too(plan: Plan, report: &mut Tally) -> Result<()> {
    let page = plan.flags[0].url.rsplitn(3, '/').last().unwrap().to_owned();
    let agent = new_agent(&plan);
    let browser = thread::spawn(move || get_flag(&agent, &page));
    each(plan, report, download_one)?;
    browser.join().unwrap()?;
    Ok(())
}

/// `main` of this test sets one first.
fn sets_a_subscriber(plan: Plan, report: &mut Tally) -> Result<()> {
    each(plan, report, download_one)
}
