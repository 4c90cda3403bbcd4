//! `--timeline`: what a downloader records of itself, against what the site saw, and how it is drawn. A
//! test that needs the spans of a real strategy goes here; the painters have unit tests.

use std::time::Duration;

use flags_cli::timeline::{BusySpan, Request, Timeline};
use flags_common::POP20_CC;
use libtest_mimic::Trial;
use roxmltree::{Document, Node};

use crate::sites::gate::Gate;
use crate::{Run, Strategy, Variant};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    let mut trials = trials!(
        variant,
        "timeline",
        [
            recording_agrees_with_the_site,
            answers_are_known_and_read_soon,
            svg_shows_each_request,
            terminal_shows_each_request,
        ]
    );
    #[cfg(unix)]
    trials.extend(trials!(
        variant,
        "timeline",
        [svg_shows_any_cause, picture_fits_a_terminal_of_24_rows]
    ));
    trials
}

/// Five flags, the last of which the site does not have, at most two in flight.
const FIVE: [&str; 7] = ["BD", "BR", "CD", "CN", "XX", "-m", "2"];

/// Runs `variant` on a site that makes it have two requests in flight, if it can.
fn run_at_gate(variant: &Variant, timeline: &str) -> (Run, usize) {
    let (base_url, gate) = Gate::start(variant.strategy.in_flight(2), 5);
    let run = variant.run(&[&FIVE[..], &["--base-url", &base_url, timeline]].concat());
    run.assert(1, 4); // XX is not found
    (run, gate.seen().max_in_flight)
}

fn read(run: &Run, file: &str) -> String {
    std::fs::read_to_string(run.dir.path().join(file)).unwrap()
}

fn recording_agrees_with_the_site(variant: &Variant) {
    let (run, max_in_flight) = run_at_gate(variant, "--timeline=run.json");
    let timeline: Timeline = read(&run, "run.json").parse().unwrap();
    assert_eq!(timeline.program, variant.name);
    assert_eq!(timeline.max_in_flight(), max_in_flight);
    assert_eq!((timeline.connections, timeline.knows_answers()), (None, false));

    let codes: Vec<_> = timeline.requests.iter().map(|it| it.cc.to_string()).collect();
    assert_eq!(codes, ["BD", "BR", "CD", "CN", "XX"]);
    let failures: Vec<_> = timeline.requests.iter().map(|it| it.failure.as_deref()).collect();
    assert_eq!(failures, [None, None, None, None, Some("not found")]);
    assert!(timeline.requests.iter().all(|it| it.answered.is_none() && it.end <= timeline.elapsed));
    let saves: Vec<_> = timeline.saves.iter().map(|it| it.cc.to_string()).collect();
    assert_eq!(saves, ["BD", "BR", "CD", "CN"]);

    let (pool, main) = if variant.strategy == Strategy::ThreadPool { (2, 1) } else { (0, 1) };
    assert_eq!(timeline.request_threads(), pool.max(1), "{:?}", timeline.threads);
    if cfg!(target_os = "linux") {
        assert_eq!(timeline.os_threads, Some(pool + main));
        assert!(timeline.cpu.is_some_and(|cpu| cpu > Duration::ZERO));
    }
    let futures = variant.strategy == Strategy::Async;
    assert!(timeline.requests.iter().all(|it| it.blocked() != futures));
    assert_one_span_at_a_time(&timeline);
}

/// Checks that no thread is busy with two things at the same time.
fn assert_one_span_at_a_time(timeline: &Timeline) {
    for thread in 0..timeline.threads.len() {
        let requests = timeline.requests.iter().flat_map(|it| &it.busy);
        let saves = timeline.saves.iter().map(|it| &it.busy);
        let spans = requests.chain(saves).filter(|span| span.thread == thread);
        let mut spans: Vec<&BusySpan> = spans.collect();
        spans.sort_by_key(|span| (span.from, span.to));
        assert!(spans.windows(2).all(|pair| pair[0].to <= pair[1].from), "{spans:?}");
    }
}

/// The demo site in the process tells when it answered. On a busy machine an answer can lie unread for
/// a while, but not in each of many runs.
fn answers_are_known_and_read_soon(variant: &Variant) {
    let longest_unread = || {
        let run = variant.run(&["--timeline=run.json"]);
        let timeline: Timeline = read(&run, "run.json").parse().unwrap();
        assert_eq!(timeline.requests.len(), POP20_CC.len());
        for request in &timeline.requests {
            let Request { cc, start, end, answered, .. } = request;
            let answered = answered.unwrap_or_else(|| panic!("{cc} has no answer"));
            assert!(*start + Duration::from_millis(95) <= answered, "{cc}: {request:?}");
            assert!(answered <= *end, "{cc}: {request:?}");
            let saves: Vec<_> = timeline.saves.iter().filter(|save| save.cc == *cc).collect();
            assert!(saves.len() == 1 && saves[0].busy.from >= *end, "{cc}: {saves:?}");
        }
        assert_eq!(timeline.saves.len(), POP20_CC.len());
        timeline.requests.iter().filter_map(Request::unread).max()
    };
    let soon = |unread| unread < Some(Duration::from_millis(50));
    assert!((0..20).any(|_| soon(longest_unread())), "answers lie unread for 50 ms or more");
}

fn svg_shows_each_request(variant: &Variant) {
    let run = variant.run(&[&FIVE[..], &["--latency", "1", "--timeline=run.svg"]].concat());
    run.assert_says("\nTimeline written to run.svg\n");
    let text = read(&run, "run.svg");
    let document = Document::parse(&text).unwrap();
    for (class, bars) in [("wait", 5), ("unread", 5), ("fail", 1)] {
        assert_eq!(rects(&document, class), 1 + bars, "the first {class} is the legend's");
    }
    let texts: Vec<_> = texts(&document).collect();
    for shown in ["BD", "BR", "CD", "CN", "XX", "not found", "OS threads"] {
        assert!(texts.contains(&shown), "{shown} is not in {texts:?}");
    }
    let connections = texts.iter().position(|text| *text == "Connections").unwrap() + 1;
    let seen = format!("The site saw {} connection", texts[connections]);
    run.assert_says(&seen);
    let outside = |node: Node| node.attributes().any(|it| it.value().contains("//"));
    assert!(!document.descendants().any(outside) && !text.contains("url("), "self-contained");
}

fn rects(document: &Document, class: &str) -> usize {
    let rects = document.descendants().filter(|node| node.has_tag_name("rect"));
    rects.filter(|node| node.attribute("class") == Some(class)).count()
}

fn texts<'a>(document: &'a Document) -> impl Iterator<Item = &'a str> {
    document.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text())
}

/// The cause names the folder, whose name contains what XML does not allow in a text.
#[cfg(unix)]
fn svg_shows_any_cause(variant: &Variant) {
    const FOLDER: &str = "<a href='x'>&amp;\u{1}\"";
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join(FOLDER).join("CN.gif")).unwrap();
    let run = variant.run_in(dir, &["CN", "--timeline=run.svg", "--dest-dir", FOLDER]);
    let text = read(&run, "run.svg");
    let document = Document::parse(&text).unwrap();
    let cause = texts(&document).find(|text| text.starts_with("cannot save in"));
    let expected = "cannot save in <a href='x'>&amp;\u{fffd}\": ";
    assert!(cause.is_some_and(|cause| cause.starts_with(expected)), "{cause:?}");
}

fn terminal_shows_each_request(variant: &Variant) {
    let (run, _) = run_at_gate(variant, "--timeline");
    for code in ["BD", "BR", "CD", "CN", "XX"] {
        let bar = format!("{code} ");
        let bars = run.stderr.lines().filter(|line| line.trim_start().starts_with(&bar));
        assert_eq!(bars.count(), 1, "{code}\n{run}");
    }
    run.assert_says("not found");
    run.assert_says("\nOS threads");
    assert!(!run.stderr.contains('\u{1b}'), "colours where there is no terminal\n{run}");
    let lines: Vec<_> = run.stdout.lines().collect();
    assert!(lines.len() == 2 && lines[1].starts_with("4 downloads in "), "{run}");
}

#[cfg(unix)]
fn picture_fits_a_terminal_of_24_rows(variant: &Variant) {
    let (status, output) = crate::pty::OnTerminal::start(variant, 24, &["--timeline"]).finish();
    assert_eq!(status, 0, "{output}");
    let picture = output.find("Bars: ").expect("the legend");
    assert!(output[picture..].lines().count() < 24, "{output}");
    let codes = if variant.strategy == Strategy::ThreadPool { "BD…" } else { "BD…CD" };
    assert!(output.contains(codes), "neighbours share a row: {output}");
}
