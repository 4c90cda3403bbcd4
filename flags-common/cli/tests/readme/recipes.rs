//! The README's recipes for taking a downloader home end in a working program.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::yield_now;

use flags_testing::cargo::workspace;
use flags_testing::sites::TestSite;
use libtest_mimic::Trial;
use tempfile::TempDir;

use crate::Outcome;
use crate::markdown::{blocks, commands, section, shell};

/// They compile, so they are ignored by default.
pub fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("recipe: flags-common alone", flags_common_alone),
        Trial::test("recipe: a command-line tool", command_line_tool),
        Trial::test("recipe: an async service", async_service),
    ];
    for variant in ["flags-seq", "flags-threadpool", "flags-async"] {
        let everything = move || with_everything(variant);
        let code = move || code_alone(variant);
        trials.push(Trial::test(format!("recipe: {variant} with everything"), everything));
        trials.push(Trial::test(format!("recipe: the code of {variant} alone"), code));
    }
    trials.into_iter().map(|trial| trial.with_ignored_flag(true)).collect()
}

/// All recipes share a target folder, to compile the dependencies once. One at a time: otherwise two
/// programs of the same name would replace each other before they run.
struct Kitchen {
    dir: TempDir,
    _alone: MutexGuard<'static, ()>,
}

impl Kitchen {
    fn new() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        Self { dir: tempfile::tempdir().unwrap(), _alone: alone }
    }

    fn target() -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("home")
    }

    /// Runs commands in `folder` and returns what they print.
    fn run(&self, folder: &Path, commands: &str) -> String {
        let target = Self::target();
        let environment =
            format!("export CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR='{}'\n", target.display());
        let printed = shell(folder, &(environment + commands));
        assert!(!printed.contains("warning: unused"), "{printed}");
        printed
    }

    /// Copies an existing program, and follows the recipe in its folder.
    fn extend(&self, program: &str, recipe: &str) -> PathBuf {
        let fixture = workspace().join("flags-common/testing/fixtures").join(program);
        let folder = self.dir.path().join(program);
        self.run(self.dir.path(), &format!("cp -r '{}' .", fixture.display()));
        self.run(&folder, &first_commands(recipe));
        folder
    }
}

/// The commands of a section's first block.
fn first_commands(section: &str) -> String {
    commands(&blocks(section, "console")[0]).join("\n")
}

/// Number of GIFs in a folder.
fn gifs(folder: &Path) -> usize {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "gif")).count()
}

fn with_everything(variant: &str) -> Outcome {
    let kitchen = Kitchen::new();
    let recipe = first_commands(&section("A downloader with everything"));
    let printed = kitchen.run(kitchen.dir.path(), &recipe.replace("flags-async", variant));
    assert!(printed.contains("20 downloads in "), "{printed}");
    let home = kitchen.dir.path().join("my-workspace");
    assert_eq!(gifs(&home.join("downloaded")), 20);
    if variant == "flags-seq" {
        kitchen.run(&home, "cargo test -p flags-seq -- parity"); // compares the files that are there
    }
    Ok(())
}

fn code_alone(variant: &str) -> Outcome {
    let (kitchen, site) = (Kitchen::new(), TestSite::with_latency(0));
    let recipe = first_commands(&section("The code alone")).replace("flags-async", variant);
    let printed = kitchen.run(kitchen.dir.path(), &format!("{recipe} -- {}", site.base_url));
    assert!(printed.contains("4 downloads in "), "{printed}");
    let home = kitchen.dir.path().join("my-flags");
    assert_eq!(gifs(&home), 4);
    let copied = fs::read_to_string(home.join("src/flags_common.rs")).unwrap();
    assert!(copied.starts_with("// SPDX-License-Identifier: MIT\n"), "its licence goes with it");
    Ok(())
}

fn flags_common_alone() -> Outcome {
    let (kitchen, site) = (Kitchen::new(), TestSite::with_latency(0));
    let section = section("A downloader with flags-common alone");
    kitchen.run(kitchen.dir.path(), &first_commands(&section));
    let home = kitchen.dir.path().join("my-flags");
    let program = home.join("src/main.rs");
    let code = fs::read_to_string(&program).unwrap() + &blocks(&section, "rust")[0];
    fs::write(&program, code).unwrap();
    let printed = kitchen.run(&home, &format!("cargo run -- {}", site.base_url));
    assert_eq!(printed.lines().filter(|line| line.ends_with(".gif")).count(), 20, "{printed}");
    assert_eq!(gifs(&home.join("downloaded")), 20);
    let lock = fs::read_to_string(home.join("Cargo.lock")).unwrap();
    for unwanted in ["\"clap\"", "\"indicatif\"", "\"proptest\"", "\"tracing-attributes\""] {
        assert!(!lock.contains(unwanted), "litter: {unwanted}");
    }
    Ok(())
}

fn command_line_tool() -> Outcome {
    let (kitchen, site) = (Kitchen::new(), TestSite::with_latency(0));
    let home = kitchen.extend("tool", &section("In an existing command-line tool"));
    kitchen.run(&home, &format!("cargo run -- flags {}", site.base_url));
    assert_eq!(gifs(&home.join("downloaded")), 20);
    assert!(site.counters().max_in_flight <= 5, "as its plan allows");
    let printed = kitchen.run(&home, "cargo run -- flags http://127.0.0.1:1 || test $? = 1");
    assert!(printed.contains("20 failed"), "{printed}");
    assert!(kitchen.run(&home, "cargo run -- hello").contains("Hello!"), "what it did before");
    Ok(())
}

fn async_service() -> Outcome {
    let (kitchen, section) = (Kitchen::new(), section("In an existing async service"));
    let home = kitchen.extend("service", &section);
    // The two lines that replace the call of save_flag.
    let flags = home.join("src/flags.rs");
    let code = fs::read_to_string(&flags).unwrap();
    let call = code.lines().find(|line| line.starts_with("    save_flag(")).expect("the call");
    let replacement = &blocks(&section, "rust")[0];
    fs::write(&flags, code.replace(call, replacement.trim_end())).unwrap();
    kitchen.run(&home, "cargo build");

    let site = TestSite::with_latency(100);
    let mut service = Command::new(Kitchen::target().join("debug/my-service"));
    service.current_dir(&home).env("FLAGS_SITE", &site.base_url).stdout(Stdio::piped());
    let mut service = service.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(service.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let request = || {
        let mut stream = TcpStream::connect(line.trim_end().trim_start_matches("http://")).unwrap();
        stream.write_all(b"GET /flags HTTP/1.0\r\n\r\n").unwrap();
        stream
    };
    let mut answer = String::new();
    request().read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.0 200 OK") && answer.contains("VN"), "{answer}");
    assert_eq!(gifs(&home.join("downloaded")), 20);
    assert_eq!(site.counters().max_in_flight, 5);

    // The client hangs up, and the downloads stop.
    let client = request();
    while site.counters().in_flight < 5 {
        yield_now();
    }
    drop(client);
    while site.counters().abandoned == 0 {
        yield_now();
    }
    while site.counters().in_flight > 0 {
        yield_now();
    }
    assert!(site.counters().requests < 2 * 20, "{:?}", site.counters());
    service.kill().unwrap();
    service.wait().unwrap();
    Ok(())
}
