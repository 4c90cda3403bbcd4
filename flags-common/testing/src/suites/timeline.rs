//! `--timeline`: what a downloader records of itself, against what the site saw, and how it is drawn. A
//! test that needs the spans of a real strategy goes here; the painters have unit tests.

use std::fs;
use std::time::Duration;

use flags_cli::timeline::{Activity, Doing, Timeline, Viewpoint};
use flags_common::POP20_CC;
use libtest_mimic::Trial;
use roxmltree::{Document, Node};

use crate::sites::TestSite;
use crate::{Strategy, Variant};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let mut trials = trials!(
        variant,
        "timeline",
        [
            recording_agrees_with_the_site,
            answers_are_known_and_read_soon,
            svg_shows_each_request,
            picture_is_on_stderr,
            lanes_are_of_the_operating_system,
            cause_is_the_recorded_one_where_the_client_left,
        ]
    );
    #[cfg(unix)]
    trials.extend(trials!(variant, "timeline", [picture_fits_the_terminal]));
    trials
}

/// Five flags, the last of which the site does not have, at most two in flight.
const FIVE: [&str; 7] = ["BD", "BR", "CD", "CN", "XX", "-m", "2"];

fn recording_agrees_with_the_site(variant: &Variant) {
    let site = TestSite::one_at_a_time(50);
    let options = ["--base-url", &site.base_url, "--timeline=run.json"];
    let run = variant.run(&[&FIVE[..], &options].concat());
    run.assert(1, 4); // XX is not found
    let timeline = run.timeline();
    assert_eq!(timeline.program, variant.name, "{run}");
    assert_eq!(timeline.max_in_flight(), site.counters().max_in_flight, "{run}");
    assert_eq!((timeline.connections, timeline.viewpoint), (None, Viewpoint::Calls), "{run}");

    let labels: Vec<_> = timeline.requests.iter().map(|it| it.label.as_str()).collect();
    assert_eq!(labels, ["BD", "BR", "CD", "CN", "XX"], "{run}");
    let failures: Vec<_> = timeline.requests.iter().map(|it| it.failure.as_deref()).collect();
    assert_eq!(failures, [None, None, None, None, Some("not found")], "{run}");
    assert!(timeline.requests.iter().all(|it| it.arrived.is_none() && it.end <= timeline.elapsed));
    let mut saves: Vec<_> = activities(&timeline, Doing::SaveFlag).map(|it| &*it.label).collect();
    saves.sort_unstable();
    assert_eq!(saves, ["BD", "BR", "CD", "CN"], "{run}");

    let threads = if variant.strategy == Strategy::ThreadPool { 2 } else { 1 };
    assert_eq!(timeline.calling_threads(), threads, "{:?}\n{run}", timeline.threads);
    if cfg!(target_os = "linux") {
        assert!(timeline.cpu.is_some_and(|cpu| cpu > Duration::ZERO));
    }
    let futures = variant.strategy == Strategy::Async;
    assert!(timeline.requests.iter().all(|it| it.polls.is_empty() != futures));
    assert_eq!(activities(&timeline, Doing::GetFlag).count(), if futures { 0 } else { 5 });
    assert_one_activity_at_a_time(&timeline);
}

fn activities(timeline: &Timeline, doing: Doing) -> impl Iterator<Item = &Activity> {
    timeline.threads.iter().flat_map(|it| &it.lane).filter(move |it| it.doing == doing)
}

/// Checks that no thread does two things at the same time.
fn assert_one_activity_at_a_time(timeline: &Timeline) {
    for thread in &timeline.threads {
        let calls: Vec<_> = thread.lane.iter().filter(|it| !it.label.is_empty()).collect();
        let in_turn = |pair: &[&Activity]| pair[0].time.to <= pair[1].time.from;
        assert!(calls.windows(2).all(in_turn), "{thread:?}");
    }
}

/// The demo site in the process tells when it answered. On a busy machine an answer can lie unread for
/// a while, but not in each of many runs.
fn answers_are_known_and_read_soon(variant: &Variant) {
    let longest_unread = || {
        let run = variant.run(&["--timeline=run.json"]);
        let timeline = run.timeline();
        assert_eq!(timeline.requests.len(), POP20_CC.len());
        for request in &timeline.requests {
            let (arrived, answered) = (request.arrived.unwrap(), request.answered.unwrap());
            assert!(request.start <= arrived && answered <= request.end, "{request:?}");
            assert!(arrived + Duration::from_millis(95) <= answered, "{request:?}");
            let saves = activities(&timeline, Doing::SaveFlag);
            let saves: Vec<_> = saves.filter(|it| it.label == request.label).collect();
            assert!(saves.len() == 1 && saves[0].time.from >= request.end, "{saves:?}");
        }
        timeline.requests.iter().filter_map(|it| it.unread()).max()
    };
    let soon = Some(Duration::from_millis(50));
    assert!((0..20).any(|_| longest_unread() < soon), "answers lie unread for 50 ms or more");
}

fn svg_shows_each_request(variant: &Variant) {
    let run = variant.run(&[&FIVE[..], &["--latency", "1", "--timeline=run.svg"]].concat());
    run.assert_says("\nTimeline written to run.svg\n");
    let text = fs::read_to_string(run.dir.path().join("run.svg")).unwrap();
    let document = Document::parse(&text).unwrap();
    let nodes = || document.descendants();
    for (class, bars) in [("site", 5), ("unread", 5), ("fail", 1)] {
        let shapes = nodes().filter(|node| node.attribute("class") == Some(class)).count();
        assert_eq!(shapes, 1 + bars, "the first {class} is the legend's");
    }
    let texts = nodes().filter(|node| node.has_tag_name("text"));
    let texts: Vec<_> = texts.filter_map(|node| node.text()).collect();
    for shown in ["BD", "BR", "CD", "CN", "XX", "HTTP status 404 Not Found", "Threads"] {
        assert!(texts.contains(&shown), "{shown} is not in {texts:?}");
    }
    let outside = |node: Node| node.attributes().any(|it| it.value().contains("//"));
    assert!(!nodes().any(outside) && !text.contains("url("), "self-contained");
}

/// What `/proc` tells of a thread ends with a call, and is drawn instead of the call.
fn lanes_are_of_the_operating_system(variant: &Variant) {
    if fs::read_to_string("/proc/thread-self/syscall").is_err() {
        println!("SKIPPED: /proc does not tell the system calls of a thread");
        return;
    }
    let run = variant.run(&[&FIVE[..], &["--timeline=run.json"]].concat());
    let timeline = run.timeline();
    assert!(timeline.looked_every >= Some(Duration::from_millis(5)), "{run}");
    let waits = match variant.strategy {
        Strategy::Async => Doing::WaitsForEvents,
        _ => Doing::WaitsForNetwork,
    };
    assert!(activities(&timeline, waits).next().is_some(), "{:?}", timeline.threads);
    for thread in &timeline.threads {
        let (calls, states): (Vec<_>, Vec<_>) =
            thread.lane.iter().partition(|activity| !activity.label.is_empty());
        for edge in calls.iter().flat_map(|call| [call.time.from, call.time.to]) {
            let over = states.iter().find(|it| it.time.from < edge && edge < it.time.to);
            assert!(over.is_none(), "{over:?} goes on at {edge:?}");
        }
    }
}

fn cause_is_the_recorded_one_where_the_client_left(variant: &Variant) {
    let run = variant.run(&["CN", "--latency=9000", "--timeout=0.2", "--timeline=run.json"]);
    let cause = run.timeline().requests[0].failure.clone().expect("a failure");
    run.assert_says(&format!("1 flag failed: {cause}\n"));
}

fn picture_is_on_stderr(variant: &Variant) {
    let run = variant.run(&[&FIVE[..], &["--latency", "1", "--timeline"]].concat());
    run.assert_says("\nBars: ");
    run.assert_says("\nThreads  ");
    let failed = run.stderr.lines().find(|line| line.trim_start().starts_with("XX ")).unwrap();
    assert!(failed.contains("x HTTP status 404") || failed.ends_with('x'), "{run}");
    assert!(!run.stderr.contains('\u{1b}'), "colours where there is no terminal\n{run}");
    let lines: Vec<_> = run.stdout.lines().collect();
    assert!(lines.len() == 2 && lines[1].starts_with("4 downloads in "), "{run}");
}

#[cfg(unix)]
fn picture_fits_the_terminal(variant: &Variant) {
    use crate::pty::OnTerminal;

    let (status, screen) = OnTerminal::start(variant, (24, 80), &["--timeline"]).finish();
    assert_eq!(status, 0, "{screen}");
    let legend = screen.find("Bars").expect(&screen);
    assert!(screen[legend..].contains(" downloads in "), "{screen}");
    assert!(screen.contains("(1 in "), "not each flag has a row: {screen}");
}
