//! Runs the three downloaders one after the other, prints a table of how they compare, and draws
//! them in one picture, on one time axis. Each has its own demo site, which answers alike for all.
//!
//! The picture in the README was made with
//!
//! ```console
//! $ cargo run --release -p flags-cli --example compare flags-common/lesson/compare.svg
//! ```

use std::{env, fs};

use anyhow::{Context, Result};
use flags_cli::timeline::{Timeline, svg};
use flags_common::POP20_CC;
use flags_testing::all_variants;

fn main() -> Result<()> {
    let path = env::args().nth(1).unwrap_or("compare.svg".to_owned());
    let runs = all_variants().each_ref().map(|variant| {
        let run = variant.run(&["--timeline=run.json"]);
        run.assert(0, POP20_CC.len());
        run.timeline()
    });
    print_table(&runs);
    let release = if cfg!(debug_assertions) { "" } else { "--release " };
    let command = format!("cargo run {release}-p flags-cli --example compare {path}");
    let picture = svg(&runs.each_ref(), &format!("Made with {command}"));
    fs::write(&path, picture).with_context(|| format!("cannot write {path}"))?;
    println!("\nThe picture is in {path}");
    Ok(())
}

fn print_table(runs: &[Timeline]) {
    println!("                  elapsed  speed-up  threads  connections  CPU time");
    let known = |n: Option<usize>| n.map_or("?".to_owned(), |n| n.to_string());
    for run in runs {
        println!(
            "{:16} {:6.2} s  {:7.1}x  {:>7}  {:>11}  {:>8}",
            run.program,
            run.elapsed.as_secs_f64(),
            runs[0].elapsed.div_duration_f64(run.elapsed),
            run.threads.len(),
            known(run.connections),
            run.cpu.map_or("?".to_owned(), |cpu| format!("{:.1} ms", cpu.as_secs_f64() * 1000.0)),
        );
    }
}
