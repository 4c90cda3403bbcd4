//! The results of the recipes: what they say to delete from a copied `main.rs`, and to add to it. The
//! pages link to them. With `REMAKE=1`, they are written again after a change of a `main.rs`:
//!
//! ```console
//! $ REMAKE=1 cargo test -p flags-cli --test readme -- result
//! ```

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use flags_testing::cargo::workspace;
use flags_testing::markdown::{page, section};

use crate::shell::shell;
use crate::{Outcome, code};

/// The recipe in the README for a small program.
pub const SMALL_PROGRAM: &str = "**A small program**";

pub fn results_are_up_to_date() -> Outcome {
    let small = edited("flags-async", "");
    let tool = "/^use std::process::ExitCode;/d; s/^fn download_many(/pub &/";
    let service = "/^use std::process::ExitCode;/d; /^use tokio::runtime::Builder;/d; \
                   /^fn download_many(/,/^}/d; s/^async fn supervisor(/pub &/";
    let new_main = code(section(&page("README.md"), SMALL_PROGRAM), "rust").remove(0);
    is_up_to_date(&fixture("small").join("src/main.rs"), &format!("{small}\n{new_main}"))?;
    is_up_to_date(&fixture("tool").join("src/flags.rs"), &edited("flags-threadpool", tool))?;
    is_up_to_date(&fixture("service").join("src/flags.rs"), &edited("flags-async", service))
}

/// The `main.rs` of a downloader, edited with `sed`: what every recipe deletes, and `more`.
fn edited(variant: &str, more: &str) -> String {
    let edit = format!("/^#.tracing::instrument/d; /^fn main(/,/^}}/d; {more}");
    // Where something is deleted, one blank line stays, but none at the end.
    let tidy = "cat -s | sed '${/^$/d;}'";
    shell(workspace(), &format!("sed '{edit}' {variant}/src/main.rs | {tidy}"))
}

fn is_up_to_date(result: &Path, expected: &str) -> Outcome {
    if env::var_os("REMAKE").is_some() {
        fs::write(result, expected)?;
    }
    let remake = "REMAKE=1 cargo test -p flags-cli --test readme -- result";
    assert!(fs::read_to_string(result)? == expected, "{} is old: {remake}", result.display());
    Ok(())
}

/// The folder of a program that a downloader was added to.
pub fn fixture(program: &str) -> PathBuf {
    workspace().join("flags-common/testing/fixtures").join(program)
}
