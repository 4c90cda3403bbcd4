//! Help, version, and the program's name, which is that of its file.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use flags_cli::timeline::Timeline;
use libtest_mimic::Trial;

use crate::Variant;
use crate::suites::entries;

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    trials!(
        variant,
        "contract",
        [help_names_all_options, version_is_printed, copy_has_its_own_name]
    )
}

fn help_names_all_options(variant: &Variant) {
    let help = variant.run(&["--help"]);
    assert_eq!((help.status, help.stderr.as_str(), entries(help.dir.path())), (0, "", 0));
    let text = one_line(&help.stdout);
    assert!(text.contains(&format!("Usage: {} [OPTIONS] [CC]...", variant.name)), "{text}");
    for part in [
        "[default: the 20 most populous countries]",
        "-a, --all",
        "-e, --every",
        "-l, --limit <N>",
        "-m, --max-req <N>",
        "[default: 30, at most 1000]",
        "-s, --server <LABEL>",
        "LOCAL (answers after 0.1 s)",
        "REMOTE",
        "[default: LOCAL]",
        "--base-url <URL>",
        "--latency <MS>",
        "[default: 95 to 105, varying by flag]",
        "--timeout <SECS>",
        "[default: 6.1]",
        "--dest-dir <DIR>",
        "[default: downloaded]",
        "--timeline[=<FILE>]",
        "-v, --verbose",
    ] {
        assert!(text.contains(part), "no {part:?} in {}", help.stdout);
    }
}

/// The text with one space wherever there is white space.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn version_is_printed(variant: &Variant) {
    for option in ["-V", "--version"] {
        let version = variant.run(&[option]);
        assert_eq!(
            version.stdout,
            format!("{} (flags-cli {})\n", variant.name, env!("CARGO_PKG_VERSION"))
        );
        assert_eq!((version.status, version.stderr.as_str()), (0, ""));
    }
}

fn copy_has_its_own_name(variant: &Variant) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("my-flags{EXE_SUFFIX}"));
    copy(&variant.path, &path);
    let copy = Variant::new(variant.strategy, path, &variant.folder);
    version_is_printed(&copy);
    help_names_all_options(&copy);

    let run = copy.run(&["CN", "--timeline=run.json"]);
    assert_eq!((run.status, run.files()), (0, vec!["CN.gif".to_owned()]), "{}", run.stderr);
    let timeline = fs::read_to_string(run.dir.path().join("run.json")).unwrap();
    assert_eq!(timeline.parse::<Timeline>().unwrap().program, "my-flags");

    let help = copy.run(&["--help"]);
    let wrong = copy.run(&["--nonsense"]);
    assert!(wrong.stderr.contains("Usage: my-flags "), "{}", wrong.stderr);
    for text in [&help.stdout, &wrong.stderr, &run.stderr, &run.stdout] {
        // What -m does in one of the siblings is part of the help of each.
        let text = one_line(text).replace("flags-seq always makes 1", "");
        for name in ["flags-seq", "flags-threadpool", "flags-async"] {
            assert!(!text.contains(name), "{name} in {text}");
        }
    }
}

/// Copies a program, and waits until the copy can be started.
fn copy(from: &Path, to: &Path) {
    fs::copy(from, to).unwrap();
    // Another test may have forked while the file was open for writing, and not yet called exec.
    while let Err(error) = Command::new(to).arg("--version").output() {
        assert_eq!(error.kind(), ErrorKind::ExecutableFileBusy, "{error}");
    }
}
