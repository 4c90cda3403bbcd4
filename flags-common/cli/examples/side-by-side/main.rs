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
use flags_common::POP20_CC;
use flags_testing::all_variants;
use flags_testing::cargo::workspace;

fn main() -> Result<()> {
    let lesson = workspace().join("flags-common/lesson");
    if let Some(argument) = env::args().nth(1) {
        ensure!(argument == "--measure", "expected --measure or nothing");
        let runs = all_variants().each_ref().map(|variant| {
            let run = variant.run(&["--timeline=run.json"]);
            run.assert(0, POP20_CC.len());
            run.timeline().to_json()
        });
        fs::write(lesson.join("side-by-side.json"), runs.join("\n") + "\n")?;
    }
    fs::write(lesson.join("side-by-side.html"), page::page(workspace())?)?;
    Ok(())
}
