//! The recipes for taking a downloader home end in a working program. Each says what to delete from
//! a copied file.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use flags_cli::site::Behaviour;
use flags_testing::markdown::{page, section};
use flags_testing::saved_files;
use flags_testing::sites::TestSite;
use flags_testing::{Running, http};
use libtest_mimic::Trial;

use crate::kitchen::{Kitchen, edit, first_commands};
use crate::results::{SMALL_PROGRAM, fixture, results_are_up_to_date};
use crate::{Outcome, VARIANTS, code};

const README: &str = "README.md";
const TAKE_HOME: &str = "flags-common/lesson/take-home.md";

/// Those that compile are ignored by default.
pub fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("recipes: results are up to date", results_are_up_to_date),
        Trial::test("recipes: versions are those of the manifests", versions_are_current),
    ];
    let mut slow = vec![
        Trial::test("recipe: a small program", small_program),
        Trial::test("recipe: a command-line tool", command_line_tool),
        Trial::test("recipe: a web service", web_service),
    ];
    for variant in VARIANTS {
        let name = format!("recipe: {variant} with everything");
        slow.push(Trial::test(name, move || with_everything(variant)));
    }
    trials.extend(slow.into_iter().map(|trial| trial.with_ignored_flag(true)));
    trials
}

/// `cargo add` gets the versions that the three crates have: the next major version may differ.
fn versions_are_current() -> Outcome {
    let manifests = VARIANTS.map(|variant| page(&format!("{variant}/Cargo.toml"))).concat();
    // Whichever form an entry has, it becomes `name = "version"`.
    let manifests = manifests.replace("]\nversion = ", " = ").replace("{ version = ", "");
    let pages = [README, TAKE_HOME].map(page).concat();
    let added = pages.lines().filter_map(|line| line.strip_prefix("$ cargo add "));
    let packages = added.flat_map(|it| it.split(' ')).filter_map(|word| word.split_once('@'));
    let packages: Vec<_> = packages.collect();
    assert!(packages.len() >= 8, "{packages:?}");
    for (name, version) in packages {
        assert!(manifests.contains(&format!("{name} = \"{version}\"")), "{name}@{version}");
    }
    Ok(())
}

/// Its own tests run in the new workspace. Those of the README are skipped there.
fn with_everything(variant: &str) -> Outcome {
    let kitchen = Kitchen::new();
    let recipe = first_commands(section(&page(README), "**A downloader with everything.**"));
    let printed = kitchen.run(kitchen.dir.path(), &recipe.replace("flags-async", variant));
    assert!(printed.contains("20 downloads in "), "{printed}");
    let home = kitchen.dir.path().join("my-workspace");
    assert_eq!(saved_files(&home).len(), 20);
    if variant == "flags-async" {
        kitchen.run(&home, "cargo test -p flags-async"); // as the README says
    }
    Ok(())
}

fn small_program() -> Outcome {
    let kitchen = Kitchen::new();
    let recipe = first_commands(section(&page(README), SMALL_PROGRAM));
    kitchen.run(kitchen.dir.path(), &recipe);
    let home = kitchen.dir.path().join("my-flags");
    edit(&home.join("src/main.rs"), &fixture("small").join("src/main.rs"));
    kitchen.try_out(&home, "cargo run --");
    let lock = fs::read_to_string(home.join("Cargo.lock")).unwrap();
    for unwanted in ["\"clap\"", "\"nanoserde\"", "\"proptest\"", "\"tracing-attributes\""] {
        assert!(!lock.contains(unwanted), "litter: {unwanted}");
    }
    Ok(())
}

fn command_line_tool() -> Outcome {
    let kitchen = Kitchen::new();
    let home = kitchen.extend("tool", section(&page(TAKE_HOME), "## A command-line tool\n"));
    kitchen.try_out(&home, "cargo run -- flags");
    assert!(kitchen.run(&home, "cargo run -- hello").contains("Hello!"), "what it did before");
    Ok(())
}

fn web_service() -> Outcome {
    let kitchen = Kitchen::new();
    let page = page(TAKE_HOME);
    let section = section(&page, "## A web service\n");
    let home = kitchen.extend("service", section);
    kitchen.run(&home, "cargo build");
    // The two lines that may replace the call of save_flag.
    let flags = home.join("src/flags.rs");
    let module = fs::read_to_string(&flags).unwrap();
    let call = module.lines().find(|line| line.starts_with("    save_flag(")).expect("the call");
    let replacement = code(section, "rust").pop().expect("a replacement");
    fs::write(&flags, module.replace(call, replacement.trim_end())).unwrap();
    kitchen.run(&home, "cargo build");

    let site = TestSite::with_latency(100);
    let mut service = Service::start(&home, &site.base_url);
    let (head, codes) = service.get("/flags");
    assert!(head.starts_with("HTTP/1.1 200 OK") && codes.contains("VN"), "{head}{codes}");
    assert_eq!(saved_files(&home).len(), 20);
    assert_eq!(site.counters().max_in_flight, 5);
    assert_eq!(service.get("/hello/you").1, "hello you", "what it did before");

    // The client hangs up, and the downloads stop.
    let mut client = http::connect(&service.url);
    client.write_all(&http::request("/flags")).unwrap();
    service.process.wait_until(|_| site.counters().in_flight == 5);
    drop(client);
    let stopped = || site.counters().abandoned > 0 && site.counters().in_flight == 0;
    service.process.wait_until(|_| stopped());
    assert!(site.counters().requests < 2 * 20, "{:?}", site.counters());

    let broken = TestSite::start(Behaviour::Error);
    let (head, _) = Service::start(&home, &broken.base_url).get("/flags");
    assert!(head.starts_with("HTTP/1.1 502 "), "{head}");
    Ok(())
}

/// The running service.
struct Service {
    process: Running,
    url: String,
}

impl Service {
    fn start(home: &Path, site: &str) -> Self {
        let mut service = Command::new(Kitchen::target().join("debug/my-service"));
        service.current_dir(home).env("FLAGS_SITE", site);
        let mut process = Running::start(service, tempfile::tempdir().unwrap());
        let url = process.first_line();
        Self { process, url }
    }

    fn get(&self, path: &str) -> (String, String) {
        let (head, body) = http::get(&self.url, path);
        (head, String::from_utf8(body).unwrap())
    }
}
