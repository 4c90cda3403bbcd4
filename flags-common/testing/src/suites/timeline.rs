//! `--timeline`: what the three downloaders record of themselves, against what the site saw, and
//! where the picture goes.

mod support;

use std::env;
use std::process::{Command, ExitCode};
use std::time::Duration;

use flags_common::timeline::{Hold, Request, Timeline, svg};
use flags_common::{Plan, Report, Result};
use libtest_mimic::{Arguments, Trial};
use roxmltree::{Document, Node};
use support::{Run, TestSite, VARIANTS, Variant};

const AS_DOWNLOADER: &str = "TIMELINE_TEST_AS_DOWNLOADER";

fn main() -> ExitCode {
    if env::var_os(AS_DOWNLOADER).is_some() {
        return flags_common::main(say_whether_something_listens);
    }
    let mut trials = vec![
        trial("without_timeline_nothing_listens", without_timeline_nothing_listens),
        trial("a_cause_can_be_any_text", a_cause_can_be_any_text),
    ];
    for variant in VARIANTS.iter() {
        let tests: [(_, fn(&Variant)); 4] = [
            ("agrees_with_the_site", agrees_with_the_site),
            ("svg_shows_each_request", svg_shows_each_request),
            ("terminal_shows_each_request", terminal_shows_each_request),
            ("file_is_checked_before_the_downloads", file_is_checked_before_the_downloads),
        ];
        let name = |test| format!("{}::{test}", variant.name);
        trials.extend(tests.map(|(test, run)| trial(name(test), move || run(variant))));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn trial(name: impl Into<String>, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, || {
        test();
        Ok(())
    })
}

/// Five flags, the last of which the site does not have, at most two at once.
const FIVE: [&str; 7] = ["BD", "BR", "CD", "CN", "XX", "-m", "2"];
const LATENCY: u64 = 20;

/// Runs `variant` on `site` for the five flags.
fn run(variant: &Variant, site: &TestSite, timeline: &str) -> Run {
    let run = variant.run(&[&FIVE[..], &["--base-url", &site.base_url, timeline]].concat());
    assert_eq!(run.status, 1, "XX is not found\n{}", run.stderr);
    run
}

fn read(run: &Run, file: &str) -> String {
    std::fs::read_to_string(run.dir.path().join(file)).unwrap()
}

fn agrees_with_the_site(variant: &Variant) {
    let site = TestSite::with_latency(LATENCY);
    let run = run(variant, &site, "--timeline=run.tsv");
    let timeline: Timeline = read(&run, "run.tsv").parse().unwrap();

    let most = if variant.name == "flags-seq" { 1 } else { 2 };
    assert_eq!(timeline.program, variant.name);
    assert_eq!(timeline.requests.len(), site.counters.requests());
    assert!((site.counters.most_at_once()..=most).contains(&timeline.most_at_once()));

    let latency = Duration::from_millis(LATENCY);
    assert!(timeline.requests.iter().take(4).all(|it| it.end - it.start >= latency));
    assert!(timeline.in_all() >= 4 * latency, "XX is answered at once");
    assert!(timeline.in_all() <= timeline.elapsed * most as u32);
    assert!(timeline.requests.iter().all(|it| it.end <= timeline.elapsed));

    let failures: Vec<_> = timeline.requests.iter().map(|it| it.failure.as_deref()).collect();
    assert_eq!(failures, [None, None, None, None, Some("not found")]);
    assert_eq!(timeline.connections, None, "it is somebody else's site");

    let threads = if variant.name == "flags-threadpool" { 2 } else { 1 };
    assert!((1..=threads).contains(&timeline.threads.len()), "{:?}", timeline.threads);
    if cfg!(target_os = "linux") {
        let and_main = usize::from(variant.name == "flags-threadpool");
        assert_eq!(timeline.os_threads, Some(threads + and_main));
        assert!(timeline.cpu.unwrap() > Duration::ZERO);
    }
    let is_async = variant.name == "flags-async";
    assert!(timeline.requests.iter().all(|it| it.blocked() != is_async));
    for thread in 0..timeline.threads.len() {
        let holds = timeline.requests.iter().flat_map(|it| &it.holds);
        let mut holds: Vec<_> = holds.filter(|hold| hold.thread == thread).collect();
        holds.sort_by_key(|hold| hold.from);
        let one_at_a_time = |pair: &[&Hold]| pair[0].to <= pair[1].from;
        assert!(holds.windows(2).all(one_at_a_time), "a thread held twice: {holds:?}");
    }
}

fn svg_shows_each_request(variant: &Variant) {
    let args = [&FIVE[..], &["--latency", "1", "--timeline=run.svg"]].concat();
    let run = variant.run(&args);
    let text = read(&run, "run.svg");
    let document = Document::parse(&text).unwrap();
    assert_eq!(rects(&document, "wait").count(), 1 + 4, "the first is the legend's");
    assert_eq!(rects(&document, "fail").count(), 1 + 1);
    let texts: Vec<_> = texts(&document).collect();
    for shown in ["BD", "BR", "CD", "CN", "XX", "not found", "OS threads"] {
        assert!(texts.contains(&shown), "{shown} is not in {texts:?}");
    }
    let connections = texts.iter().position(|text| *text == "Connections").unwrap() + 1;
    let seen = format!("The site saw {} connection", texts[connections]);
    assert!(run.stderr.contains(&seen), "{seen}\n{}", run.stderr);
    let outside = |node: Node| node.attributes().any(|it| it.value().contains("//"));
    assert!(!document.descendants().any(outside) && !text.contains("url("), "self-contained");
}

fn rects<'a>(document: &'a Document, class: &str) -> impl Iterator<Item = Node<'a, 'a>> {
    let rects = document.descendants().filter(|node| node.has_tag_name("rect"));
    rects.filter(move |node| node.attribute("class") == Some(class))
}

fn texts<'a>(document: &'a Document) -> impl Iterator<Item = &'a str> {
    document.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text())
}

fn terminal_shows_each_request(variant: &Variant) {
    let site = TestSite::with_latency(LATENCY);
    let run = run(variant, &site, "--timeline");
    for code in ["BD", "BR", "CD", "CN", "XX"] {
        let bar = format!("{code} ");
        let shown = run.stderr.lines().filter(|line| line.trim_start().starts_with(&bar));
        assert_eq!(shown.count(), 1, "{}", run.stderr);
    }
    assert!(run.stderr.contains("not found") && run.stderr.contains("\nOS threads"));
    assert!(!run.stderr.contains('\u{1b}'), "no colours where there is no terminal");
    let lines: Vec<_> = run.stdout.lines().collect();
    assert!(lines.len() == 2 && lines[1].starts_with("4 downloads in "), "{}", run.stdout);
}

fn file_is_checked_before_the_downloads(variant: &Variant) {
    let site = TestSite::with_latency(0);
    for (file, status) in [("--timeline=no-such-folder/run.svg", 1), ("--timeline=run.png", 2)] {
        let run = variant.run(&["CN", "--base-url", &site.base_url, file]);
        assert_eq!(run.status, status, "{}", run.stderr);
        assert!(run.stderr.contains("error: "), "{}", run.stderr);
        assert!(run.stdout.is_empty() && run.files().is_empty());
    }
    assert_eq!(site.counters.requests(), 0);
}

/// Runs this program as if it were a downloader.
fn without_timeline_nothing_listens() {
    let output = |args: &[&str]| {
        let mut command = Command::new(env::current_exe().unwrap());
        let dir = tempfile::tempdir().unwrap();
        let output = command.args(args).current_dir(dir.path()).env(AS_DOWNLOADER, "").output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    assert!(output(&[]).contains("something listens: false"));
    assert!(output(&["--timeline"]).contains("something listens: true"));
}

fn say_whether_something_listens(_: Plan, _: &mut Report) -> Result<()> {
    println!("something listens: {}", tracing::dispatcher::has_been_set());
    Ok(())
}

fn a_cause_can_be_any_text() {
    let second = Duration::from_secs(1);
    let (start, end) = (Duration::ZERO, second);
    let request = Request {
        cc: "CN".parse().unwrap(),
        start,
        end,
        holds: vec![Hold { thread: 0, from: start, to: end }],
        failure: Some("<a href='x'>&amp;\u{1}\"".to_owned()),
    };
    let run = Timeline {
        elapsed: second,
        threads: vec!["<main>".to_owned()],
        requests: vec![request],
        ..Timeline::default()
    };
    let picture = svg(&[&run], "-->&");
    let document = Document::parse(&picture).unwrap();
    let texts: Vec<_> = texts(&document).collect();
    assert!(texts.contains(&"<a href='x'>&amp; \"") && texts.contains(&"<main>"), "{texts:?}");
    assert_eq!(picture, svg(&[&run], "-->&"), "the same run gives the same picture");
}
