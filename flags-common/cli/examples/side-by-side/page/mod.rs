//! The page `side-by-side.html`: the downloaders in three columns, aligned by role.

mod align;
mod code;
pub mod notes;
mod picture;
mod source;
mod tokens;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use self::code::columns_html;
use self::source::{ROLES, Source};

/// The downloaders, from left to right.
pub const VARIANTS: [&str; 3] = ["flags-seq", "flags-threadpool", "flags-async"];

/// The page, made from the sources, the notes on them, and what was measured.
///
/// # Errors
/// If a file cannot be read, or the notes or the template do not fit the sources.
pub fn page(workspace: &Path) -> Result<String> {
    let read = |path: &str| -> Result<&'static str> {
        let text = fs::read_to_string(workspace.join(path));
        Ok(text.with_context(|| format!("cannot read {path}"))?.leak()) // kept until the end
    };
    let notes = read("flags-common/lesson/notes.md")?;
    let source = |title, path: &str| Source::new(title, path, read(path)?, notes);
    let mains = VARIANTS.iter().map(|variant| source(variant, &format!("{variant}/src/main.rs")));
    let mains = mains.collect::<Result<Vec<_>>>()?;
    // That of flags-threadpool is the same file: the suite "parity" checks it.
    let clients = [
        source("flags-seq, flags-threadpool", "flags-seq/src/client.rs")?,
        source("flags-async", "flags-async/src/client.rs")?,
    ];
    let runs = read("flags-common/lesson/side-by-side.json")?.lines().map(str::parse);
    let runs = runs.collect::<Result<Vec<_>>>()?.try_into();
    let runs = runs.ok().context("side-by-side.json: expected three runs, one on each line")?;

    let mut page = include_str!("template.html").to_owned();
    fill(&mut page, "/* style */", include_str!("style.css"))?;
    for (variant, figure) in VARIANTS.iter().zip(picture::figures(&runs)) {
        fill(&mut page, &format!("<!-- {variant} -->"), &figure)?;
    }
    for role in ROLES {
        fill(&mut page, &format!("<!-- {role} -->"), &columns_html(role, &mains))?;
    }
    fill(&mut page, "<!-- client -->", &columns_html("client", &clients))?;
    Ok(page)
}

/// Replaces the line `place`.
fn fill(page: &mut String, place: &str, html: &str) -> Result<()> {
    let (before, after) = page
        .split_once(&format!("{place}\n"))
        .with_context(|| format!("template.html has no {place}"))?;
    *page = [before, html, after].concat();
    Ok(())
}
