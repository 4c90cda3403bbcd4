//! What the recipes say to delete from a copied `main.rs`, and to add to it. The pages link to the
//! results. With `REMAKE=1`, they are written again after a change of a `main.rs`:
//!
//! ```console
//! $ REMAKE=1 cargo test -p flags-cli --test readme -- result
//! ```

use std::env;
use std::fs;

use flags_testing::cargo::workspace;
use flags_testing::markdown::{page, section};

use crate::{Outcome, code};

/// Programs that a downloader was added to.
pub const FIXTURES: &str = "flags-common/testing/fixtures";

/// The recipe in the README for a small program.
pub const SMALL_PROGRAM: &str = "**A small program**";

/// An edit of a copied `main.rs`.
pub struct Edit {
    /// The folder of its fixture.
    pub program: &'static str,
    /// The result, from there.
    result: &'static str,
    /// The downloader whose `main.rs` was copied.
    variant: &'static str,
    /// Starts of lines.
    lines: &'static [&'static str],
    functions: &'static [&'static str],
    /// The function that gets `pub`.
    public: Option<&'static str>,
}

pub const SMALL: Edit = Edit {
    program: "small",
    result: "src/main.rs",
    variant: "flags-async",
    lines: &["#[tracing::instrument"],
    functions: &["fn main("],
    public: None,
};

pub const TOOL: Edit = Edit {
    program: "tool",
    result: "src/flags.rs",
    variant: "flags-threadpool",
    lines: &["#[tracing::instrument", "use std::process::ExitCode;"],
    functions: &["fn main("],
    public: Some("fn download_many("),
};

pub const SERVICE: Edit = Edit {
    program: "service",
    result: "src/flags.rs",
    variant: "flags-async",
    lines: &[
        "#[tracing::instrument",
        "use std::process::ExitCode;",
        "use tokio::runtime::Builder;",
    ],
    functions: &["fn main(", "fn download_many("],
    public: Some("async fn supervisor("),
};

impl Edit {
    /// What the recipe's reader ends up with. The program of the README's recipe has a new `main`.
    pub fn of(&self, source: &str) -> String {
        let is_kept = |text: &str, deleted: &[&str]| !deleted.iter().any(|it| text.starts_with(it));
        let paragraphs = source.split("\n\n").filter(|it| is_kept(it, self.functions));
        let paragraphs = paragraphs.map(|paragraph| {
            let lines = paragraph.lines().filter(|line| is_kept(line, self.lines));
            lines.collect::<Vec<_>>().join("\n")
        });
        let paragraphs = paragraphs.filter(|it| !it.is_empty()); // an import that stood alone
        let mut text = paragraphs.collect::<Vec<_>>().join("\n\n") + "\n";
        match self.public {
            Some(function) => text = text.replace(function, &format!("pub {function}")),
            None => text += &format!("\n{}", new_main()),
        }
        text
    }
}

/// What the recipe for a small program adds.
fn new_main() -> String {
    code(section(&page("README.md"), SMALL_PROGRAM), "rust").remove(0)
}

pub fn results_are_up_to_date() -> Outcome {
    for edit in [SMALL, TOOL, SERVICE] {
        let path = workspace().join(FIXTURES).join(edit.program).join(edit.result);
        let expected = edit.of(&page(&format!("{}/src/main.rs", edit.variant)));
        if env::var_os("REMAKE").is_some() {
            fs::write(&path, &expected)?;
        }
        let remake = "REMAKE=1 cargo test -p flags-cli --test readme -- result";
        let is_new = fs::read_to_string(&path)? == expected;
        assert!(is_new, "{} is old: {remake}", path.display());
    }
    Ok(())
}
