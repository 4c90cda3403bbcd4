//! The page `side-by-side.html`: the downloaders in three columns, aligned by role, and below each
//! function the one of the same name in Python.

mod align;
mod code;
pub mod notes;
mod python;
mod source;
mod tokens;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use self::code::columns_html;
use self::source::{ROLES, Source};

/// The downloaders, from left to right.
pub const VARIANTS: [&str; 3] = ["flags-seq", "flags-threadpool", "flags-async"];

/// Their counterparts in the lesson's folder `python`.
const SCRIPTS: [&str; 3] = ["flags_seq.py", "flags_threadpool.py", "flags_async.py"];

/// The page, made from the sources, the notes on them, and the pictures of runs.
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
    let script = |name| source(name, &format!("flags-common/lesson/python/{name}"));
    let scripts = SCRIPTS.into_iter().map(script).collect::<Result<Vec<_>>>()?;
    // That of flags-threadpool is the same file: the test "parity" of flags-testing says so.
    let clients = [
        source("flags-seq, flags-threadpool", "flags-seq/src/client.rs")?,
        source("flags-async", "flags-async/src/client.rs")?,
    ];
    let mut page = include_str!("template.html").to_owned();
    fill(&mut page, "/* style */", include_str!("style.css"))?;
    for role in ROLES {
        fill(&mut page, &format!("<!-- {role} -->"), &columns_html(role, &mains, &scripts))?;
    }
    fill(&mut page, "<!-- client -->", &columns_html("client", &clients, &[]))?;
    for picture in ["languages.svg", "compare.svg"] {
        let uri = data_uri(read(&format!("flags-common/lesson/{picture}"))?);
        page = page.replacen(picture, &uri, 1);
    }
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

/// A picture as part of the page.
fn data_uri(svg: &str) -> String {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b" -.,:;=/()".contains(&byte);
    let encoded = svg.bytes().map(|byte| match is_safe(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    format!("data:image/svg+xml,{}", encoded.collect::<String>())
}
