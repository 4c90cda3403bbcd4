//! What is not the matter of one command line alone.

use std::path::Path;
use std::process::Stdio;

use flags_common::POP20_CC;

use crate::support::{TestSite, Variant, codes_in_order, is_flag};
use crate::{assert_is_total, entries, words};

/// A name, and a test of a downloader.
type Other = (&'static str, fn(&Variant));

pub const OTHERS: &[Other] = &[
    ("help and version", help_and_version),
    ("how many requests at once", says_how_many_at_once),
    ("what the site saw", what_the_site_saw),
    ("both streams together", both_streams_together),
    ("a line for each flag", verbose),
    ("another folder", another_folder),
    ("a folder that is a file", folder_is_a_file),
    ("an existing flag", existing_flag),
    ("nobody reads stdout", stdout_is_closed),
    ("a slash after the base URL", slash_after_base_url),
];

fn help_and_version(variant: &Variant) {
    let help = variant.run(&["--help"]);
    assert_eq!((help.status, help.stderr.as_str(), entries(help.dir.path())), (0, "", 0));
    assert!(help.stdout.contains(&format!("Usage: {} [OPTIONS] [CC]...", variant.name)));
    for option in [
        "-a, --all",
        "-e, --every",
        "-l, --limit",
        "-m, --max-req",
        "-s, --server",
        "--base-url",
        "--latency",
        "--timeout",
        "--dest-dir",
        "-v, --verbose",
        "default: 30",
        "default: LOCAL",
        "default: 100",
        "default: 6.1",
        "default: downloaded",
        "LOCAL, DELAY or ERROR",
        "REMOTE",
    ] {
        assert!(help.stdout.contains(option), "no {option:?} in {}", help.stdout);
    }
    for args in ["-V", "--version"] {
        let version = variant.run(&[args]);
        assert_eq!(version.stdout, format!("{} {}\n", variant.name, env!("CARGO_PKG_VERSION")));
        assert_eq!((version.status, version.stderr.as_str()), (0, ""));
    }
}

/// flags-seq makes one request at a time, and says so; the others, no more than there are flags.
fn says_how_many_at_once(variant: &Variant) {
    let in_sequence = variant.name == "flags-seq";
    let last_line_before = |args: &str| {
        let run = variant.run(&words(args));
        run.stderr.lines().nth(2).expect("a third line").to_owned()
    };
    let one = "1 request at a time";
    let whatever = format!("{one}, whatever -m says: flags-seq has no concurrency");
    for (args, concurrent, in_seq) in [
        ("CN", one, one),
        ("-m 1 CN US", one, one),
        ("-l 5", "at most 5 requests at once", one),
        ("-m 2 -l 5", "at most 2 requests at once", &whatever),
        ("-a --latency 0", "at most 30 requests at once", one),
    ] {
        assert_eq!(last_line_before(args), if in_sequence { in_seq } else { concurrent }, "{args}");
    }
}

/// One flag takes one connection of each; flags-seq takes no more for many.
fn what_the_site_saw(variant: &Variant) {
    let args: &[&str] =
        if variant.name == "flags-seq" { &["CN", "-e -l 40 --latency 0"] } else { &["CN"] };
    for args in args {
        let run = variant.run(&words(args));
        let seen = "The site saw 1 connection and at most 1 request at once.";
        assert_eq!(run.stderr.lines().last(), Some(seen), "{args}");
    }
}

/// As on a terminal, where stdout and stderr are one.
fn both_streams_together(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut command = variant.command(dir.path());
    command.args(words("-e -l 4")).stdout(writer.try_clone().unwrap()).stderr(writer);
    let mut child = command.spawn().unwrap();
    drop(command); // and with it the pipe's other end
    let text = std::io::read_to_string(&mut reader).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let lines: Vec<_> = text.lines().collect();
    let [_, flags, _, saved, fate, codes, seen, total] = lines[..] else { panic!("{text}") };
    assert_eq!((flags, saved, fate), ("4 flags, AA to AD", "AD", "3 not found:"));
    assert_eq!(codes_in_order(codes), "AA AB AC");
    assert!(seen.starts_with("The site saw "), "{text}");
    assert_is_total(total, 1);
}

fn verbose(variant: &Variant) {
    let run = variant.run(&words("-v -s ERROR FR IR YY"));
    let mut lines: Vec<_> = run.stdout.lines().collect();
    assert_is_total(lines.pop().unwrap(), 1);
    lines.sort();
    let saved = format!("IR saved as {}", Path::new("downloaded").join("IR.gif").display());
    assert_eq!(lines, ["FR HTTP status 418 I'm a teapot", &saved, "YY not found"]);
    let summary = "1 not found:\n  YY\n1 HTTP status 418 I'm a teapot:\n  FR\n";
    assert!(run.stderr.contains(summary), "{}", run.stderr);
    assert_eq!(run.status, 1);
}

fn another_folder(variant: &Variant) {
    let run = variant.run(&words("CN --dest-dir a/new/folder"));
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(is_flag(&run.dir.path().join("a/new/folder/CN.gif")));
    assert_eq!(entries(run.dir.path()), 1, "nothing beside it");
}

fn folder_is_a_file(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("downloaded"), "mine").unwrap();
    let run = variant.run_in(dir, &["CN"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.starts_with("error: cannot save flags in downloaded: "), "{}", run.stderr);
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    assert_eq!(std::fs::read(run.dir.path().join("downloaded")).unwrap(), b"mine");
}

fn existing_flag(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("downloaded");
    std::fs::create_dir(&folder).unwrap();
    for file in ["CN.gif", "US.gif", "note.txt"] {
        std::fs::write(folder.join(file), "old").unwrap();
    }
    let run = variant.run_in(dir, &["CN"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(run.files(), ["CN.gif", "US.gif", "note.txt"]);
    assert!(is_flag(&folder.join("CN.gif")), "replaced");
    assert_eq!(std::fs::read(folder.join("US.gif")).unwrap(), b"old", "left alone");
}

/// As with `| head -1`, when `head` has ended.
fn stdout_is_closed(variant: &Variant) {
    for args in ["", "-v"] {
        let dir = tempfile::tempdir().unwrap();
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = variant.command(dir.path());
        command.args(words(args)).stdout(writer).stderr(Stdio::piped());
        let output = command.spawn().unwrap().wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{stderr}");
        assert!(stderr.lines().all(|line| !line.contains("panick") && !line.contains("rror")));
        assert_eq!(entries(&dir.path().join("downloaded")), POP20_CC.len());
    }
}

fn slash_after_base_url(variant: &Variant) {
    let site = TestSite::with_latency(0);
    for slashes in ["", "/", "//"] {
        let base_url = format!("{}{slashes}", site.base_url);
        let run = variant.run(&["CN", "US", "--base-url", &base_url]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(run.stderr.starts_with(&format!("Site: {}\n", site.base_url)), "{}", run.stderr);
        assert!(!run.stderr.contains("The site saw"), "it is not this process's to count");
    }
    assert_eq!(site.counters.requests(), 6);
}
