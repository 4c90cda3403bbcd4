//! The lesson's Python scripts do what the downloaders do, as far as a site can tell. They need a
//! Python that has httpx; without one, these tests are skipped, unless `NO_SKIPS` is set.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use flags_cli::site::Behaviour;
use flags_testing::sites::TestSite;
use flags_testing::{Run, Running, cargo, is_flag};

const SCRIPTS: [&str; 3] = ["flags_seq.py", "flags_threadpool.py", "flags_async.py"];

#[test]
fn all_flags_arrive_with_so_many_requests_at_once() {
    for (max_req, at_once) in [(None, [1, 20, 20]), (Some("10"), [1, 10, 10])] {
        for (script, at_once) in SCRIPTS.into_iter().zip(at_once) {
            // Long enough to start 20 requests in, even on a busy machine.
            let site = TestSite::with_latency(if at_once == 1 { 10 } else { 500 });
            let Some(run) = run(script, &site, max_req) else { return };
            run.assert(0, 20);
            assert!(run.stdout.contains("\n20 downloads in "), "{run}");
            let folder = run.dir.path().join("downloaded");
            assert!(run.files().iter().all(|file| is_flag(&folder.join(file))), "{run}");
            let seen = site.counters();
            assert_eq!((seen.requests, seen.max_in_flight), (20, at_once), "{run}");
        }
    }
}

#[test]
#[ignore = "takes ten seconds"]
fn a_refused_flag_stops_no_other() {
    for script in SCRIPTS {
        let site = TestSite::start(Behaviour::Error);
        let Some(run) = run(script, &site, None) else { return };
        run.assert(1, 15); // the site refuses five
        assert_eq!(run.stdout.matches("HTTPStatusError(").count(), 5, "{run}");
        assert_eq!(site.counters().requests, 20, "{run}");
    }
}

/// The example `languages`: a picture of the scripts and of the downloaders.
#[test]
#[ignore = "takes five seconds"]
fn picture_has_both_languages() {
    let Some(path) = &*PATH else { return };
    cargo::build("--bins");
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(cargo::example("languages"));
    command.env("PATH", path);
    let run = Running::start(command, dir).finish();
    assert_eq!(run.status, 0, "{run}");
    let picture = fs::read_to_string(run.dir.path().join("languages.svg")).unwrap();
    for name in SCRIPTS.into_iter().chain(["flags-seq", "flags-threadpool", "flags-async"]) {
        assert!(picture.contains(&format!(">{name}</tspan>")), "{picture}");
    }
    let bars = picture.lines().filter(|line| line.contains(" d=\"M16.0 "));
    assert_eq!(bars.map(|line| line.matches('z').count()).sum::<usize>(), 120, "{picture}");
}

/// Runs a script in a new folder, if there is a Python for it.
fn run(script: &str, site: &TestSite, max_req: Option<&str>) -> Option<Run> {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new("python3");
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lesson/python");
    command.arg("-B").arg(scripts.join(script)).arg(&site.base_url).args(max_req); // -B: no cache
    command.env("PATH", PATH.as_ref()?).env("no_proxy", "127.0.0.1");
    Some(Running::start(command, dir).finish())
}

/// A `PATH` whose `python3` has httpx. Another Python often stands before the system's.
static PATH: LazyLock<Option<String>> = LazyLock::new(|| {
    let path = env::var("PATH").expect("a path in UTF-8");
    let has_httpx = |path: &String| {
        let mut python = Command::new("python3");
        let output = python.args(["-c", "import httpx"]).env("PATH", path).output();
        output.is_ok_and(|output| output.status.success())
    };
    let path = [path.clone(), format!("/usr/bin:{path}")].into_iter().find(has_httpx);
    if path.is_none() {
        assert!(env::var_os("NO_SKIPS").is_none(), "no python3 has httpx");
        eprintln!("SKIPPED: no python3 has httpx");
    }
    path
});
