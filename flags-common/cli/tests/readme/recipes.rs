//! The recipes for taking a downloader home end in a working program.
//!
//! Each recipe says what to delete from a copied file, and links to the result. With `REMAKE=1`, the
//! results are written again after a change of a `main.rs`:
//!
//! ```console
//! $ REMAKE=1 cargo test -p flags-cli --test readme -- result
//! ```

use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::yield_now;

use flags_cli::site::Behaviour;
use flags_testing::cargo::workspace;
use flags_testing::sites::TestSite;
use flags_testing::{Running, http};
use libtest_mimic::Trial;
use tempfile::TempDir;

use crate::Outcome;
use crate::markdown::{PAGES, blocks, commands, is_recipe, page, section, shell};

const README: &str = "README.md";
const TAKE_HOME: &str = "flags-common/lesson/take-home.md";
const FIXTURES: &str = "flags-common/testing/fixtures";

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
    for variant in ["flags-seq", "flags-threadpool", "flags-async"] {
        let name = format!("recipe: {variant} with everything");
        slow.push(Trial::test(name, move || with_everything(variant)));
    }
    trials.extend(slow.into_iter().map(|trial| trial.with_ignored_flag(true)));
    trials
}

/// What the recipes say to delete from `main.rs`, and to add to it.
struct Edit {
    /// The path of the result from the folder of its fixture.
    result: &'static str,
    /// The downloader whose `main.rs` was copied.
    variant: &'static str,
    /// Starts of lines.
    lines: &'static [&'static str],
    functions: &'static [&'static str],
    /// The function that gets `pub`.
    public: &'static str,
}

const SMALL: Edit = Edit {
    result: "small/src/main.rs",
    variant: "flags-async",
    lines: &["#[tracing::instrument"],
    functions: &["fn main("],
    public: "",
};

const TOOL: Edit = Edit {
    result: "tool/src/flags.rs",
    variant: "flags-threadpool",
    lines: &["#[tracing::instrument", "use std::process::ExitCode;"],
    functions: &["fn main("],
    public: "fn download_many(",
};

const SERVICE: Edit = Edit {
    result: "service/src/flags.rs",
    variant: "flags-async",
    lines: &[
        "#[tracing::instrument",
        "use std::process::ExitCode;",
        "use tokio::runtime::Builder;",
    ],
    functions: &["fn main(", "fn download_many("],
    public: "async fn supervisor(",
};

impl Edit {
    fn path(&self) -> PathBuf {
        workspace().join(FIXTURES).join(self.result)
    }

    /// What the recipe's reader ends up with.
    fn of(&self, source: &str) -> String {
        let mut text = source.to_owned();
        for line in self.lines {
            let at = text.find(&format!("\n{line}")).unwrap_or_else(|| panic!("no line {line:?}"));
            let end = at + 1 + text[at + 1..].find('\n').expect("its end");
            text.replace_range(at..end, "");
        }
        for function in self.functions {
            let at = text.find(&format!("\n\n{function}")).expect(function);
            let end = at + text[at..].find("\n}\n").expect("its closing brace") + 2;
            text.replace_range(at..end, "");
        }
        text = text.replace("\n\n\n", "\n\n"); // an import that stood alone
        if !self.public.is_empty() {
            text = text.replace(&format!("\n{}", self.public), &format!("\npub {}", self.public));
        }
        text
    }

    /// The result: the program of the README's recipe has a new `main`.
    fn expected(&self) -> String {
        let edited = self.of(&page(&format!("{}/src/main.rs", self.variant)));
        if self.public.is_empty() {
            edited + "\n" + &blocks(&section(README, SMALL_PROGRAM), "rust")[0]
        } else {
            edited
        }
    }
}

fn results_are_up_to_date() -> Outcome {
    for edit in [SMALL, TOOL, SERVICE] {
        if env::var_os("REMAKE").is_some() {
            fs::write(edit.path(), edit.expected())?;
        }
        let result = fs::read_to_string(edit.path())?;
        let remake = "REMAKE=1 cargo test -p flags-cli --test readme -- result";
        assert!(result == edit.expected(), "{} is old: {remake}", edit.result);
    }
    Ok(())
}

/// `cargo add` gets the versions that the three crates have: the next major version may differ.
fn versions_are_current() -> Outcome {
    let manifests = ["flags-seq", "flags-threadpool", "flags-async"]
        .map(|variant| page(&format!("{variant}/Cargo.toml")))
        .concat();
    let pages = PAGES.map(page);
    let recipes = pages.iter().flat_map(|page| blocks(page, "console")).filter(|it| is_recipe(it));
    let mut named = 0;
    for line in recipes.flat_map(|it| it.lines().map(str::to_owned).collect::<Vec<_>>()) {
        let Some(added) = line.strip_prefix("$ cargo add ") else { continue };
        if added.starts_with("--path ") {
            continue;
        }
        for package in added.split(' ').take_while(|word| !word.starts_with("--")) {
            let (name, version) = package.split_once('@').unwrap_or_else(|| panic!("{line}"));
            let entries = [
                format!("\n{name} = \"{version}\"\n"),
                format!("\n{name} = {{ version = \"{version}\","),
                format!("dependencies.{name}]\nversion = \"{version}\"\n"),
            ];
            assert!(entries.iter().any(|entry| manifests.contains(entry)), "{package}");
            named += 1;
        }
    }
    assert!(named >= 8, "{named}");
    Ok(())
}

const SMALL_PROGRAM: &str = "**A small program**";

/// All recipes share a target folder, to compile the dependencies once. One at a time: otherwise two
/// programs of the same name would replace each other before they run. The path of the workspace has
/// a space.
struct Kitchen {
    dir: TempDir,
    flags: PathBuf,
    _alone: MutexGuard<'static, ()>,
}

impl Kitchen {
    fn new() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let dir = tempfile::tempdir().unwrap();
        let flags = dir.path().join("the workspace");
        shell(dir.path(), &format!("ln -s '{}' 'the workspace'", workspace().display()));
        Self { dir, flags, _alone: alone }
    }

    fn target() -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("home")
    }

    /// Runs commands in `folder` and returns what they print.
    fn run(&self, folder: &Path, commands: &str) -> String {
        let environment = format!(
            "export CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR='{}' FLAGS='{}'\n",
            Self::target().display(),
            self.flags.display()
        );
        let printed = shell(folder, &(environment + commands));
        assert!(!printed.contains("warning: "), "{printed}");
        printed
    }

    /// Copies the existing program that a result belongs to, follows the recipe in its folder, and
    /// edits the copied file.
    fn extend(&self, edit: &Edit, recipe: &str) -> PathBuf {
        let program = edit.result.split('/').next().expect("the folder of the fixture");
        let fixture = workspace().join(FIXTURES).join(program);
        let folder = self.dir.path().join(program);
        fs::create_dir_all(folder.join("src")).unwrap();
        for file in ["Cargo.toml", "src/main.rs"] {
            fs::copy(fixture.join(file), folder.join(file)).unwrap();
        }
        self.run(&folder, &first_commands(recipe));
        let copied = folder.join("src/flags.rs");
        fs::write(&copied, edit.of(&fs::read_to_string(&copied).unwrap())).unwrap();
        folder
    }

    /// Runs a downloader of this folder, once it is built, in four ways: all is well; nobody reads
    /// what it prints; a quarter of the flags fail; nothing listens.
    fn try_out(&self, home: &Path, run: &str) {
        let site = TestSite::with_latency(0);
        let downloaded = home.join("downloaded");
        let printed = self.run(home, &format!("{run} {}", site.base_url));
        let paths = printed.lines().filter(|line| line.ends_with(".gif")).count();
        assert_eq!((paths, gifs(&downloaded)), (20, 20), "{printed}");
        assert!(site.counters().max_in_flight <= 5, "as its plan allows");

        fs::remove_dir_all(&downloaded).unwrap();
        self.run(home, &format!("{run} {} | head -1", site.base_url)); // the status is 0
        assert_eq!(gifs(&downloaded), 20);

        fs::remove_dir_all(&downloaded).unwrap();
        let site = TestSite::start(Behaviour::Error);
        let printed = self.run(home, &format!("{run} {} || test $? = 1", site.base_url));
        assert_eq!(printed.matches(": HTTP status 418 ").count(), 5, "{printed}");
        assert_eq!(gifs(&downloaded), 15);

        let printed = self.run(home, &format!("! {run} http://127.0.0.1:1"));
        assert_eq!(printed.matches("refused").count(), 20, "{printed}");
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

/// Its own tests run in the new workspace. Those of the README are skipped there.
fn with_everything(variant: &str) -> Outcome {
    let kitchen = Kitchen::new();
    let recipe = first_commands(&section(README, "**A downloader with everything.**"));
    let printed = kitchen.run(kitchen.dir.path(), &recipe.replace("flags-async", variant));
    assert!(printed.contains("20 downloads in "), "{printed}");
    let home = kitchen.dir.path().join("my-workspace");
    assert_eq!(gifs(&home.join("downloaded")), 20);
    if variant == "flags-async" {
        kitchen.run(&home, "cargo test -p flags-async"); // as the README says
    }
    Ok(())
}

fn small_program() -> Outcome {
    let kitchen = Kitchen::new();
    let recipe = section(README, SMALL_PROGRAM);
    kitchen.run(kitchen.dir.path(), &first_commands(&recipe));
    let home = kitchen.dir.path().join("my-flags");
    let program = home.join("src/main.rs");
    let code = SMALL.of(&fs::read_to_string(&program).unwrap());
    fs::write(&program, code + "\n" + &blocks(&recipe, "rust")[0]).unwrap();
    kitchen.try_out(&home, "cargo run --");
    let lock = fs::read_to_string(home.join("Cargo.lock")).unwrap();
    for unwanted in ["\"clap\"", "\"nanoserde\"", "\"proptest\"", "\"tracing-attributes\""] {
        assert!(!lock.contains(unwanted), "litter: {unwanted}");
    }
    Ok(())
}

fn command_line_tool() -> Outcome {
    let kitchen = Kitchen::new();
    let home = kitchen.extend(&TOOL, &section(TAKE_HOME, "## A command-line tool\n"));
    kitchen.try_out(&home, "cargo run -- flags");
    assert!(kitchen.run(&home, "cargo run -- hello").contains("Hello!"), "what it did before");
    Ok(())
}

fn web_service() -> Outcome {
    let (kitchen, section) = (Kitchen::new(), section(TAKE_HOME, "## A web service\n"));
    let home = kitchen.extend(&SERVICE, &section);
    kitchen.run(&home, "cargo build");
    // The two lines that may replace the call of save_flag.
    let flags = home.join("src/flags.rs");
    let code = fs::read_to_string(&flags).unwrap();
    let call = code.lines().find(|line| line.starts_with("    save_flag(")).expect("the call");
    let replacement = blocks(&section, "rust").pop().expect("a replacement");
    fs::write(&flags, code.replace(call, replacement.trim_end())).unwrap();
    kitchen.run(&home, "cargo build");

    let site = TestSite::with_latency(100);
    let service = Service::start(&home, &site.base_url);
    let (head, codes) = service.get("/flags");
    assert!(head.starts_with("HTTP/1.1 200 OK") && codes.contains("VN"), "{head}{codes}");
    assert_eq!(gifs(&home.join("downloaded")), 20);
    assert_eq!(site.counters().max_in_flight, 5);
    assert_eq!(service.get("/hello/you").1, "hello you", "what it did before");

    // The client hangs up, and the downloads stop.
    let mut client = http::connect(&service.url);
    client.write_all(&http::request("/flags")).unwrap();
    while site.counters().in_flight < 5 {
        yield_now();
    }
    drop(client);
    while site.counters().abandoned == 0 || site.counters().in_flight > 0 {
        yield_now();
    }
    assert!(site.counters().requests < 2 * 20, "{:?}", site.counters());

    let broken = TestSite::start(Behaviour::Error);
    let (head, _) = Service::start(&home, &broken.base_url).get("/flags");
    assert!(head.starts_with("HTTP/1.1 502 "), "{head}");
    Ok(())
}

/// The running service.
struct Service {
    _process: Running,
    url: String,
}

impl Service {
    fn start(home: &Path, site: &str) -> Self {
        let mut service = Command::new(Kitchen::target().join("debug/my-service"));
        service.current_dir(home).env("FLAGS_SITE", site);
        let mut process = Running::start(service, tempfile::tempdir().unwrap());
        let url = process.first_line();
        Self { _process: process, url }
    }

    fn get(&self, path: &str) -> (String, String) {
        let (head, body) = http::get(&self.url, path);
        (head, String::from_utf8(body).unwrap())
    }
}
