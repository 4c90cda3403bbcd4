//! The recipes for taking a downloader home, and the finished folders in `lesson/home`. The recipes'
//! commands run in `sh` without a network; what they lead to runs against the demo site.
//!
//! `cargo test -p flags-cli --test home -- --ignored` runs those that build packages, in a few minutes.
#![cfg(unix)]

mod differences;
mod kitchen;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::thread;

use flags_cli::site::{Behaviour, flag_image};
use flags_common::{ALL_CC, flag_url};
use flags_testing::markdown::{blocks, page, section};
use flags_testing::sites::TestSite;
use flags_testing::{http, saved_files};

use crate::kitchen::Kitchen;

const TAKE_HOME: &str = "flags-common/lesson/take-home.md";

/// The commands of a recipe.
fn recipe(page_path: &str, start: &str) -> String {
    let page = page(page_path);
    let mut blocks = blocks(section(&page, start));
    blocks.find(|block| block.0 == "sh").expect("a block of commands").1.to_owned()
}

/// Its own tests run in the new workspace, too: one suite stands for all.
#[test]
#[ignore = "builds packages"]
fn a_downloader_with_everything() {
    let kitchen = Kitchen::new();
    let printed = kitchen.run("", &recipe("README.md", "**A downloader with everything.**"));
    assert!(printed.contains("20 downloads in "), "{printed}");
    kitchen.run("my-workspace", "cargo test -p flags-async -- contract::");
    // In this workspace, another package may bring a feature that one of these does not name.
    kitchen.run("my-workspace", "cp -r \"$FLAGS/flags-seq\" \"$FLAGS/flags-threadpool\" .");
    kitchen.run("my-workspace", "cargo check -p flags-seq && cargo check -p flags-threadpool");
}

#[test]
#[ignore = "builds packages"]
fn a_small_program() {
    let kitchen = Kitchen::new();
    kitchen.run("", &recipe("README.md", "**A small program**"));
    let home = kitchen.path("my-flags");
    assert_eq!(kitchen.dependencies(&home), kitchen.dependencies(kitchen.home("small")));
    kitchen
        .run("my-flags", "! grep -E '\"(clap|nanoserde|proptest|tracing-attributes)\"' Cargo.lock");

    let site = TestSite::with_latency(0);
    let printed = kitchen.run("my-flags", &format!("cargo run -- {}", site.base_url));
    let paths = printed.lines().filter(|line| line.ends_with(".gif")).count();
    assert_eq!((paths, saved_files(&home).len()), (20, 20), "{printed}");
    assert!(site.counters().max_in_flight <= 5, "as its plan allows");

    let site = TestSite::start(Behaviour::Error);
    let run = format!("rm -r downloaded; cargo run -- {} || test $? = 1", site.base_url);
    let printed = kitchen.run("my-flags", &run);
    assert_eq!(printed.matches(": HTTP status 418 ").count(), 5, "{printed}");
    assert_eq!(saved_files(&home).len(), 15);
}

#[test]
#[ignore = "builds packages"]
fn your_own_list_of_urls() {
    for program in ["urls-async", "urls-threadpool"] {
        let kitchen = Kitchen::new();
        let recipe = recipe(TAKE_HOME, "## Your own list of URLs");
        kitchen.run("", &recipe.replace("urls-async", program));
        let finished = kitchen.dependencies(kitchen.home(program));
        assert_eq!(kitchen.dependencies("my-urls"), finished);

        let site = TestSite::with_latency(20);
        let urls = ALL_CC.map(|cc| flag_url(&site.base_url, cc));
        fs::write(kitchen.path("my-urls/urls.txt"), urls.join("\n")).unwrap();
        let printed = kitchen.run("my-urls", "cargo run --quiet < urls.txt");
        let length = |cc| flag_image(cc).expect("an image").len();
        let lines = ALL_CC.iter().zip(&urls).map(|(&cc, url)| format!("{} {url}", length(cc)));
        assert_eq!(printed.lines().count(), 194);
        let printed = BTreeSet::from_iter(printed.lines().map(str::to_owned));
        assert_eq!(printed, lines.collect());
        let seen = site.counters();
        assert_eq!((seen.requests, seen.max_in_flight, seen.connections), (194, 10, 10));

        let two = format!("printf '{}\\nhttp://127.0.0.1:1/\\n'", urls[0]);
        let printed = kitchen.run("my-urls", &format!("{two} | cargo run -q || test $? = 1"));
        for expected in [&urls[0], "http://127.0.0.1:1/: ", "Error: 1 failed"] {
            assert!(printed.contains(expected), "{printed}");
        }
        let printed = kitchen.run("my-urls", "cargo run -q < urls.txt | head -1");
        assert_eq!(printed.lines().count(), 1, "nobody reads: {printed}");
    }
}

/// A service as its owner has it: its packages are on this machine already.
const HELLO: &str = "export CARGO_NET_OFFLINE=false; cargo new hello && cd hello
cargo add axum@0.8 && cargo add tokio@1.54 --features macros,rt-multi-thread && cargo fetch";

#[test]
#[ignore = "builds packages"]
fn a_web_service() {
    let kitchen = Kitchen::new();
    kitchen.run("", HELLO);
    kitchen.run("hello", &recipe(TAKE_HOME, "## A web service"));
    kitchen.run(
        "hello",
        "cp \"$FLAGS/flags-common/lesson/home/service/src/main.rs\" src; cargo build",
    );
    let finished = kitchen.dependencies(kitchen.home("service"));
    assert_eq!(kitchen.dependencies("hello"), finished, "what `cargo add` says");

    let site = TestSite::with_latency(100);
    let mut service = kitchen.start("hello", &site.base_url);
    let url = service.first_line();
    thread::scope(|scope| {
        for caller in [(); 4].map(|()| scope.spawn(|| http::get(&url, "/flags"))) {
            let (head, codes) = caller.join().unwrap();
            assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
            assert_eq!(codes.split(|&byte| byte == b' ').count(), 20);
        }
    });
    let seen = site.counters();
    assert_eq!((seen.requests, seen.max_in_flight), (80, 5));
    assert!(seen.connections <= 5, "{seen:?}");
    assert_eq!(saved_files(service.dir.path()).len(), 20);

    // A caller hangs up, and the downloads stop.
    let mut caller = http::connect(&url);
    caller.write_all(&http::request("/flags")).unwrap();
    service.wait_until(|_| site.counters().in_flight == 5);
    drop(caller);
    service.wait_until(|_| site.counters().abandoned > 0 && site.counters().in_flight == 0);
    assert!(site.counters().requests < 100, "{:?}", site.counters());

    let broken = TestSite::start(Behaviour::Error);
    let mut service = kitchen.start("hello", &broken.base_url);
    assert!(http::get(&service.first_line(), "/flags").0.starts_with("HTTP/1.1 502 "));
}
