//! The contract that all three downloaders keep: a table of command lines, and what each of them
//! prints and leaves behind.

mod support;

use std::path::Path;

use flags_common::{ALL_CC, CountryCode, POP20_CC};
use libtest_mimic::{Arguments, Trial};
use support::{Run, VARIANTS, Variant, codes_in_order, is_flag};

/// A command line and what comes of it.
struct Case {
    /// The command line, separated by spaces.
    args: &'static str,
    status: i32,
    /// The codes of the flags that are saved, in order.
    saved: Vec<&'static str>,
    /// The lines on stderr, but for those that differ with the number of requests at once, which
    /// have a test of their own. `…` stands for any text, such as a transport's own words.
    stderr: &'static [&'static str],
}

fn case(
    args: &'static str,
    status: i32,
    saved: &'static str,
    stderr: &'static [&'static str],
) -> Case {
    Case { args, status, saved: saved.split(' ').filter(|cc| !cc.is_empty()).collect(), stderr }
}

/// The start of each run at the demo site.
const LOCAL: &str = "LOCAL site: http://127.0.0.1:…/flags";

fn table() -> Vec<Case> {
    const POP20: &str = "BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN";
    const ERROR: &str = "ERROR site: http://127.0.0.1:…/flags";
    const REFUSED: &[&str] =
        &["Site: http://127.0.0.1:1", "2 flags, CN to US", "2 …Connection refused…", "  CN US"];
    let all = || ALL_CC.iter().map(CountryCode::as_str).collect();
    vec![
        // Which flags.
        case("", 0, POP20, &[LOCAL, "20 flags, BD to VN"]),
        case("cn", 0, "CN", &[LOCAL, "1 flag, CN"]),
        case("us CN Us", 0, "CN US", &[LOCAL, "2 flags, CN to US"]),
        case("v -l 3", 1, "VA VC", &[LOCAL, "3 flags, VA to VC", "1 not found:", "  VB"]),
        case("-l 3", 0, "BD BR CD", &[LOCAL, "3 flags, BD to CD"]),
        case("--limit 1", 0, "BD", &[LOCAL, "1 flag, BD"]),
        case("--limit 999 CN", 0, "CN", &[LOCAL, "1 flag, CN"]),
        case("-a -l 2", 0, "AD AE", &[LOCAL, "2 flags, AD to AE"]),
        Case { saved: all(), ..case("--all --latency 0", 0, "", &[LOCAL, "194 flags, AD to ZW"]) },
        Case {
            saved: all(),
            ..case(
                "--every --latency 0",
                1,
                "",
                &[LOCAL, "676 flags, AA to ZZ", "482 not found (-v names them)"],
            )
        },
        case("-e -l 4", 1, "AD", &[LOCAL, "4 flags, AA to AD", "3 not found:", "  AA AB AC"]),
        // How.
        case("-m 1 CN US", 0, "CN US", &[LOCAL, "2 flags, CN to US"]),
        case("--max-req 1000 CN US", 0, "CN US", &[LOCAL, "2 flags, CN to US"]),
        case("--timeout 0.9 CN", 0, "CN", &[LOCAL, "1 flag, CN"]),
        case("--latency 1 CN", 0, "CN", &[LOCAL, "1 flag, CN"]),
        // From where.
        case("-s local CN", 0, "CN", &[LOCAL, "1 flag, CN"]),
        case("-s Delay CN", 0, "CN", &["DELAY site: http://127.0.0.1:…/flags", "1 flag, CN"]),
        case(
            "--server eRRoR FR IN IR YY",
            1,
            "IR",
            &[
                ERROR,
                "4 flags, FR to YY",
                "1 not found:",
                "  YY",
                "2 HTTP status 418 I'm a teapot:",
                "  FR IN",
            ],
        ),
        case("--base-url http://127.0.0.1:1 CN US", 1, "", REFUSED),
        case("--base-url HTTP://127.0.0.1:1/ CN US", 1, "", REFUSED),
    ]
}

/// What is wrong on each of these command lines, in a word of clap's message.
const USAGE_ERRORS: [(&str, &str); 34] = [
    ("-m 0", "1..=1000"),
    ("-m 1001", "1..=1000"),
    ("-m -1", "unexpected argument"),
    ("-m x", "invalid digit"),
    ("-m", "a value is required"),
    ("-l 0", "non-zero"),
    ("-l x", "invalid digit"),
    ("CHN", "AA to ZZ"),
    ("12", "AA to ZZ"),
    ("C1", "AA to ZZ"),
    ("1", "A to Z"),
    ("é", "A to Z"),
    ("../..", "AA to ZZ"),
    ("/", "A to Z"),
    ("CN/../../x", "AA to ZZ"),
    ("CN US XXX", "AA to ZZ"),
    ("-s NOWHERE", "possible values"),
    ("-s", "a value is required"),
    ("--base-url nowhere", "relative URL without a base"),
    ("--base-url /flags", "relative URL without a base"),
    ("--base-url ftp://127.0.0.1/", "not an http or https URL"),
    ("--base-url file:///etc", "not an http or https URL"),
    ("--base-url http://", "empty host"),
    ("--base-url http://127.0.0.1/?x", "no query"),
    ("--base-url http://127.0.0.1/ -s LOCAL", "cannot be used with"),
    ("--base-url http://127.0.0.1/ --latency 1", "cannot be used with"),
    ("-s ERROR --latency 1", "LOCAL alone"),
    ("--latency x", "invalid digit"),
    ("--timeout 0", "0.001 to 86400"),
    ("--timeout -1", "unexpected argument"),
    ("--timeout nan", "0.001 to 86400"),
    ("--timeout 1e300", "0.001 to 86400"),
    ("-a -e", "cannot be used with"),
    ("-a CN", "cannot be used with"),
];

fn main() {
    let mut trials = Vec::new();
    let mut trial = |variant: &'static Variant, name: &str, run: fn(&Variant)| {
        trials.push(Trial::test(format!("{}: {name}", variant.name), move || {
            run(variant);
            Ok(())
        }));
    };
    for variant in VARIANTS.iter() {
        trial(variant, "help and version", help_and_version);
        trial(variant, "how many requests at once", says_how_many_at_once);
        trial(variant, "a line for each flag", verbose);
        trial(variant, "another folder", another_folder);
        trial(variant, "a folder that is a file", folder_is_a_file);
        trial(variant, "an existing flag", existing_flag);
        trial(variant, "nobody reads stdout", stdout_is_closed);
        trial(variant, "a slash after the base URL", slash_after_base_url);
        trial(variant, "the book's site", remote);
    }
    for variant in VARIANTS.iter() {
        for case in table() {
            let name = format!("{}: \"{}\"", variant.name, case.args);
            trials.push(Trial::test(name, move || {
                check(variant, &case);
                Ok(())
            }));
        }
        for (args, message) in USAGE_ERRORS {
            let name = format!("{}: \"{args}\"", variant.name);
            trials.push(Trial::test(name, move || {
                let run = variant.run(&words(args));
                assert_eq!(run.status, 2, "{}", run.stderr);
                assert!(run.stderr.contains(message), "no {message:?} in {}", run.stderr);
                assert_eq!((run.stdout.as_str(), entries(run.dir.path())), ("", 0));
                Ok(())
            }));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

fn words(args: &str) -> Vec<&str> {
    args.split_whitespace().collect()
}

fn entries(dir: &Path) -> usize {
    std::fs::read_dir(dir).unwrap().count()
}

fn check(variant: &Variant, case: &Case) {
    let run = variant.run(&words(case.args));
    assert_eq!(run.status, case.status, "{}", run.stderr);

    let files: Vec<_> = case.saved.iter().map(|cc| format!("{cc}.gif")).collect();
    assert_eq!(run.files(), files);
    for file in files {
        assert!(is_flag(&run.dir.path().join("downloaded").join(&file)), "{file} is not its flag");
    }

    // Codes as they arrived, then the last line.
    let mut lines: Vec<_> = run.stdout.lines().map(str::to_owned).collect();
    assert_is_total(&lines.pop().expect("a last line"), case.saved.len());
    match lines.as_slice() {
        [] => assert!(case.saved.is_empty()),
        [codes] => assert_eq!(codes_in_order(codes), case.saved.join(" ")),
        more => panic!("{more:?}"),
    }
    if variant.name == "flags-seq" && case.saved.len() > 1 {
        assert_eq!(lines, [case.saved.join(" ")], "in sequence is in order");
    }

    let at_once = |line: &&str| line.ends_with(" at once") || line.contains(" at a time");
    let mut stderr: Vec<_> = run.stderr.lines().filter(|line| !at_once(line)).collect();
    stderr.retain(|line| !line.starts_with("The site saw "));
    assert_eq!(stderr.len(), case.stderr.len(), "{stderr:#?}");
    for (line, expected) in stderr.iter().zip(case.stderr) {
        let codes = line.strip_prefix("  ").map(|codes| format!("  {}", codes_in_order(codes)));
        let line = codes.as_deref().unwrap_or(line);
        assert!(is_like(line, expected), "{line:?} is not {expected:?}");
    }
}

/// Whether `line` is the `expected` one, in which each `…` stands for any text.
fn is_like(line: &str, expected: &str) -> bool {
    let mut parts = expected.split('…');
    let start = parts.next().expect("split gives one part or more");
    let Some(mut rest) = line.strip_prefix(start) else { return false };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty() || expected.ends_with('…')
}

/// `20 downloads in 0.12s`
fn assert_is_total(line: &str, saved: usize) {
    let plural = if saved == 1 { "" } else { "s" };
    let seconds = line
        .strip_prefix(&format!("{saved} download{plural} in "))
        .and_then(|rest| rest.strip_suffix('s'));
    let seconds = seconds.unwrap_or_else(|| panic!("{line:?} for {saved} saved"));
    let (whole, hundredths) = seconds.split_once('.').expect("a decimal point");
    assert!(whole.parse::<u32>().is_ok() && hundredths.len() == 2, "{line:?}");
}

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
    let version = variant.run(&["-V"]);
    assert_eq!(version.stdout, format!("{} {}\n", variant.name, env!("CARGO_PKG_VERSION")));
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

fn verbose(variant: &Variant) {
    let run = variant.run(&words("-v -s ERROR FR IR YY"));
    let mut lines: Vec<_> = run.stdout.lines().collect();
    assert_is_total(lines.pop().unwrap(), 1);
    lines.sort();
    let saved = format!("IR saved as {}", Path::new("downloaded").join("IR.gif").display());
    assert_eq!(lines, ["FR HTTP status 418 I'm a teapot", &saved, "YY not found"]);
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
        command.args(words(args)).stdout(writer).stderr(std::process::Stdio::piped());
        let output = command.spawn().unwrap().wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{stderr}");
        assert!(stderr.lines().all(|line| !line.contains("panick") && !line.contains("rror")));
        assert_eq!(entries(&dir.path().join("downloaded")), POP20_CC.len());
    }
}

fn slash_after_base_url(variant: &Variant) {
    let site = support::TestSite::with_latency(0);
    for slashes in ["", "/", "//"] {
        let base_url = format!("{}{slashes}", site.base_url);
        let run: Run = variant.run(&["CN", "US", "--base-url", &base_url]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(run.stderr.starts_with(&format!("Site: {}\n", site.base_url)), "{}", run.stderr);
        assert!(!run.stderr.contains("The site saw"), "it is not this process's to count");
    }
    assert_eq!(site.counters.requests(), 6);
}

/// That it would be asked: it is not there for tests.
fn remote(variant: &Variant) {
    let run = variant.run(&words("-s remote -l 1 --timeout 0.001"));
    assert!(run.stderr.starts_with("REMOTE site: https://www.fluentpython.com/data/flags\n"));
    assert_eq!(run.status, 1, "{}", run.stderr);
}
