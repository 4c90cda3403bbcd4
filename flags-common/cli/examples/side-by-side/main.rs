//! Writes the page `lesson/side-by-side.html`: the three `main.rs` side by side, with notes, and a
//! timeline of a run of each.
//!
//! ```console
//! $ cargo run -p flags-cli --example side-by-side
//! ```
//!
//! The page is made from `lesson/notes.md` and `lesson/side-by-side.json`, which is what a run of each
//! measured; with `--release` and `-- --measure`, they run again. `lesson/side-by-side.png` is a
//! screenshot, 1280 pixels wide, with 128 colours.

mod page;

use std::{env, fs};

use anyhow::{Result, ensure};
use flags_cli::timeline::Timeline;
use flags_testing::cargo::workspace;
use flags_testing::{Variant, all_variants};

fn main() -> Result<()> {
    let lesson = workspace().join("flags-common/lesson");
    if let Some(argument) = env::args().nth(1) {
        ensure!(argument == "--measure", "expected --measure or nothing");
        let runs = all_variants().iter().map(run).collect::<Result<Vec<_>>>()?;
        fs::write(lesson.join("side-by-side.json"), runs.join("\n") + "\n")?;
    }
    fs::write(lesson.join("side-by-side.html"), page::page(workspace())?)?;
    Ok(())
}

/// What a run measured, as JSON on one line.
fn run(variant: &Variant) -> Result<String> {
    let run = variant.run(&["--timeline=run.json"]);
    ensure!(run.status == 0, "{} failed:\n{}", variant.name, run.stderr);
    let timeline: Timeline = fs::read_to_string(run.dir.path().join("run.json"))?.parse()?;
    Ok(timeline.to_json())
}
