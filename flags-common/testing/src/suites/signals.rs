//! The person stops the program, or the system kills it: what is under its final name is whole.
#![cfg(unix)]

mod support;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{sleep, yield_now};
use std::time::Duration;

use support::{TestSite, VARIANTS, Variant, files, is_flag};

fn start(variant: &Variant, dir: &Path, args: &[&str]) -> Child {
    let mut command = variant.command(dir);
    command.args(args).stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Checks that each `*.gif` is whole, and returns how many there are.
fn whole_flags(dir: &Path) -> usize {
    let names = files(dir).into_iter().filter(|name| name.ends_with(".gif"));
    let flags: Vec<_> = names.map(|name| dir.join("downloaded").join(name)).collect();
    assert!(flags.iter().all(|flag| is_flag(flag)));
    flags.len()
}

#[test]
fn an_interrupted_run_leaves_whole_flags_and_says_how_many() {
    let site = TestSite::with_latency(10);
    for variant in VARIANTS.iter() {
        for (signal, status) in [("INT", 130), ("TERM", 143)] {
            let dir = tempfile::tempdir().unwrap();
            let args = ["--every", "-m", "8", "--base-url", &site.base_url];
            let mut child = start(variant, dir.path(), &args);
            while files(dir.path()).len() < 3 {
                assert_eq!(child.try_wait().unwrap(), None, "there is more to do");
                yield_now();
            }
            let kill = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
            assert!(kill.unwrap().success());
            let output = child.wait_with_output().unwrap();
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(status), "{}: {stderr}", variant.name);

            let saved = whole_flags(dir.path());
            assert_eq!(files(dir.path()).len(), saved, "nothing else: {:?}", files(dir.path()));
            let last = format!("Interrupted: {saved} of 676 saved.");
            assert_eq!(stderr.lines().last(), Some(last.as_str()), "{}", variant.name);
        }
    }
}

/// One that waits for the site stops at once, and not when the site answers.
#[test]
fn ctrl_c_does_not_wait_for_the_site() {
    let site = TestSite::with_latency(600_000);
    for variant in VARIANTS.iter() {
        let dir = tempfile::tempdir().unwrap();
        let requests = site.counters.requests();
        let args = ["CN", "--timeout", "86400", "--base-url", &site.base_url];
        let child = start(variant, dir.path(), &args);
        while site.counters.requests() == requests {
            yield_now();
        }
        Command::new("kill").args(["-s", "INT", &child.id().to_string()]).status().unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{}", variant.name);
        assert_eq!(whole_flags(dir.path()), 0);
    }
}

#[test]
fn a_killed_run_leaves_whole_flags_and_does_not_hinder_the_next() {
    let mut random = fastrand::Rng::with_seed(9);
    let dir = tempfile::tempdir().unwrap();
    for round in 0..50 {
        let variant = &VARIANTS[round % 3];
        let latency = if round % 2 == 0 { "0" } else { "5" };
        let mut child = start(variant, dir.path(), &["--all", "-m", "8", "--latency", latency]);
        // The moment is to be any.
        sleep(Duration::from_micros(random.u64(1_000..60_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        whole_flags(dir.path());
    }
    for variant in VARIANTS.iter() {
        let mut child = start(variant, dir.path(), &["--all", "--latency", "0"]);
        assert!(child.wait().unwrap().success(), "{}", variant.name);
        assert_eq!(whole_flags(dir.path()), 194);
    }
}
