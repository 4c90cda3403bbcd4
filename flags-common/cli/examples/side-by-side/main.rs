//! Writes the page `side-by-side.html`: the three `main.rs` side by side, with notes, and a timeline
//! of a run of each.
//!
//! The page in `lesson/` was made with
//!
//! ```console
//! $ cargo run --release -p flags-cli --example side-by-side
//! ```
//!
//! With the name of a file as its argument, it writes to that file instead. The notes are in
//! `lesson/notes.md`. `lesson/side-by-side.png` is a screenshot, 1280 pixels wide, with 128 colours.

mod page;

use std::path::PathBuf;
use std::{env, fs};

use anyhow::{Context, Result, ensure};
use flags_cli::timeline::Timeline;
use flags_testing::cargo::workspace;
use flags_testing::{Variant, all_variants};

use crate::page::picture::{Axes, figure};

fn main() -> Result<()> {
    let lesson = workspace().join("flags-common/lesson");
    let path = env::args_os().nth(1).map_or(lesson.join("side-by-side.html"), PathBuf::from);
    let sources = page::VARIANTS.map(|variant| read(workspace().join(variant).join("src/main.rs")));
    let [seq, threadpool, tasks] = sources;
    let sources = [seq?, threadpool?, tasks?];
    let notes = read(lesson.join("notes.md"))?;

    let runs = all_variants().iter().map(run).collect::<Result<Vec<_>>>()?;
    let axes = Axes::new(&runs[0], &runs[1..]);
    let figures = [0, 1, 2].map(|index| figure(&runs[index], &runs[0], axes));
    let page = page::page(&sources, &notes, &figures)?;
    fs::write(&path, page).with_context(|| format!("cannot write {}", path.display()))?;
    println!("The page is in {}", path.display());
    Ok(())
}

fn read(path: PathBuf) -> Result<String> {
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

fn run(variant: &Variant) -> Result<Timeline> {
    let run = variant.run(&["--timeline=run.json"]);
    ensure!(run.status == 0, "{} failed:\n{}", variant.name, run.stderr);
    read(run.dir.path().join("run.json"))?.parse()
}
