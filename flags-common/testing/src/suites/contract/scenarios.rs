//! Promises that a table of command lines cannot express.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;

use flags_common::POP20_CC;
use libtest_mimic::Trial;

use super::output::{assert_is_like, assert_is_total, saved_in};
use super::words;
use crate::sites::TestSite;
use crate::suites::{entries, manifest};
use crate::{Run, Strategy, Variant, codes_in_order, is_flag};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    trials!(
        variant,
        "contract",
        [
            flags_arrive_in_plan_order_only_in_sequence,
            summary_counts_what_the_site_saw,
            streams_are_in_order_on_a_terminal,
            verbose_prints_one_line_per_flag,
            new_folder_is_created,
            folder_that_is_a_file_is_an_error,
            existing_flag_is_replaced,
            closed_stdout_does_not_stop_the_run,
            slashes_after_the_base_url_are_ignored,
            site_learns_the_name_and_version_of_the_crate,
        ]
    )
}

/// LOCAL's latency is different for each flag.
fn flags_arrive_in_plan_order_only_in_sequence(variant: &Variant) {
    let run = variant.run(&[]);
    let codes = run.stdout.lines().next().expect("a line of codes");
    let plan = codes_in_order(codes);
    assert_eq!(plan.split(' ').count(), POP20_CC.len(), "{codes}");
    assert_eq!(codes == plan, variant.strategy == Strategy::Sequence, "{codes}");
}

fn summary_counts_what_the_site_saw(variant: &Variant) {
    let one = "The site saw 1 connection and at most 1 request at once.";
    let one_by_one = "The site saw 1 connection and at most 1 request at once: \
                      each request waited for the one before.";
    let five = match variant.strategy {
        Strategy::Sequence => one_by_one,
        _ => "The site saw 5 connections and at most 5 requests at once.",
    };
    let mut expected = vec![("CN", one), ("-l 5 --latency 200", five), ("-l 3 -m 1", one)];
    if variant.strategy == Strategy::Sequence {
        expected.push(("-a -l 40 --latency 0", one)); // others have too little time to overlap
    }
    for (args, expected) in expected {
        let run = variant.run(&words(args));
        let lines: Vec<_> = run.stderr.lines().skip(2).collect();
        assert_eq!(lines, [expected, &saved_in("downloaded")], "{args}");
    }
}

/// As on a terminal, where stdout and stderr are one.
fn streams_are_in_order_on_a_terminal(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    let (mut reader, writer) = io::pipe().unwrap();
    let mut command = variant.command(dir.path());
    command.args(words("-e -l 4")).stdout(writer.try_clone().unwrap()).stderr(writer);
    let mut child = command.spawn().unwrap();
    drop(command); // and with it the pipe's other end
    let text = io::read_to_string(&mut reader).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let lines: Vec<_> = text.lines().collect();
    let [site, flags, codes, failure, failed, seen, saved, total] = lines[..] else {
        panic!("{text}")
    };
    assert!(site.starts_with("LOCAL site: "), "{text}");
    assert!(flags.starts_with("4 flags, AA to AD; "), "{text}");
    assert_eq!(codes, "AD");
    assert!(failure.starts_with("3 flags not found: "), "{text}");
    assert_eq!(codes_in_order(failed), "AA AB AC");
    assert!(seen.starts_with("The site saw "), "{text}");
    assert_eq!(saved, saved_in("downloaded"));
    assert_is_total(total, 1);
}

fn verbose_prints_one_line_per_flag(variant: &Variant) {
    let run = variant.run(&words("-v -s ERROR FR IR YY"));
    let mut lines: Vec<_> = run.stdout.lines().collect();
    assert_is_total(lines.pop().expect("a last line"), 1);
    lines.sort_unstable();
    let saved = format!("IR saved as {}", downloaded("IR.gif"));
    assert_eq!(lines, ["FR HTTP status 418 I'm a teapot", &saved, "YY not found"]);
    let failures: Vec<_> = run.stderr.lines().skip(2).take(4).collect();
    let [not_found, _, refused, _] = failures[..] else { panic!("{}", run.stderr) };
    assert_is_like(not_found, "1 flag not found: http://…/yy/yy.gif");
    assert_eq!(refused, "1 flag failed: HTTP status 418 I'm a teapot");
    assert_eq!(run.status, 1);
}

fn downloaded(file: &str) -> String {
    std::path::Path::new("downloaded").join(file).display().to_string()
}

fn new_folder_is_created(variant: &Variant) {
    let run = variant.run(&words("CN --dest-dir a/new/folder"));
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(is_flag(&run.dir.path().join("a/new/folder/CN.gif")));
    assert_eq!(entries(run.dir.path()), 1, "nothing beside it");
    assert_eq!(run.stderr.lines().last(), Some(saved_in("a/new/folder").as_str()));
}

fn folder_that_is_a_file_is_an_error(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("downloaded"), "mine").unwrap();
    let run = variant.run_in(dir, &["CN"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{}", run.stderr);
    assert!(run.stderr.starts_with("error: cannot save flags in downloaded: "), "{}", run.stderr);
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    assert_eq!(fs::read(run.dir.path().join("downloaded")).unwrap(), b"mine");
}

fn existing_flag_is_replaced(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("downloaded");
    fs::create_dir(&folder).unwrap();
    for file in ["CN.gif", "US.gif", "note.txt"] {
        fs::write(folder.join(file), "old").unwrap();
    }
    let run = variant.run_in(dir, &["CN"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(run.files(), ["CN.gif", "US.gif", "note.txt"]);
    assert!(is_flag(&folder.join("CN.gif")), "replaced");
    assert_eq!(fs::read(folder.join("US.gif")).unwrap(), b"old", "left alone");
}

/// As with `| head -1`, when `head` has ended.
fn closed_stdout_does_not_stop_the_run(variant: &Variant) {
    for args in ["--latency 10", "-v --latency 10"] {
        let dir = tempfile::tempdir().unwrap();
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut command = variant.command(dir.path());
        command.args(words(args)).stdout(writer).stderr(Stdio::piped());
        let output = command.spawn().unwrap().wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{stderr}");
        let lines: Vec<_> = stderr.lines().skip(2).collect();
        let [seen, saved] = lines[..] else { panic!("{stderr}") };
        assert!(seen.starts_with("The site saw ") && saved.starts_with("Saved in "), "{stderr}");
        assert_eq!(entries(&dir.path().join("downloaded")), POP20_CC.len());
    }
}

fn slashes_after_the_base_url_are_ignored(variant: &Variant) {
    let site = TestSite::with_latency(0);
    for slashes in ["", "/", "//"] {
        let base_url = format!("{}{slashes}", site.base_url);
        let run = variant.run(&["CN", "US", "--base-url", &base_url]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(run.stderr.starts_with(&format!("Site: {}\n", site.base_url)), "{}", run.stderr);
        assert!(!run.stderr.contains("The site saw"), "only known of a demo site in the process");
    }
    assert_eq!(site.counters().requests, 6);
}

fn site_learns_the_name_and_version_of_the_crate(variant: &Variant) {
    let [name, version] = ["name", "version"].map(|key| manifest::value(variant, key));
    let (run, head) = run_and_read_head(variant);
    let agent = head.iter().find_map(|line| line.strip_prefix("user-agent: "));
    assert_eq!(agent, Some(format!("{name}/{version}").as_str()), "{head:?} {}", run.stderr);
}

/// Runs `variant` for one flag, and returns the lines of its request in lower case.
fn run_and_read_head(variant: &Variant) -> (Run, Vec<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, head) = mpsc::channel();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(&stream).lines().map_while(Result::ok);
        let lines = lines.take_while(|line| !line.is_empty()).map(|line| line.to_lowercase());
        sender.send(lines.collect()).unwrap();
        stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").unwrap();
    });
    let run = variant.run(&["CN", "--base-url", &base_url]);
    let head = head.try_recv().expect("a request: it has ended because that was answered");
    (run, head)
}
