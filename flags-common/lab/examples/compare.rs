//! Runs the three downloaders one after the other on the same demo site, prints how they compare,
//! and draws them in one picture, on one time axis.
//!
//! The picture in the README was made with
//!
//! ```console
//! $ cargo run --release -p flags-common --example compare flags-common/compare.svg
//! ```

#[path = "../tests/support/mod.rs"]
mod support;

use std::error::Error;
use std::{env, fs};

use flags_common::site::{Behaviour, DEFAULT_LATENCY};
use flags_common::timeline::{Timeline, svg};
use support::{TestSite, VARIANTS, Variant};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).unwrap_or("compare.svg".to_owned());
    let site = TestSite::start(Behaviour::Local(DEFAULT_LATENCY));
    let runs = VARIANTS.each_ref().map(|variant| run(variant, &site));
    print_table(&runs);
    let release = if cfg!(debug_assertions) { "" } else { "--release " };
    let command = format!("cargo run {release}-p flags-common --example compare {path}");
    fs::write(&path, svg(&runs.each_ref(), &format!("Made with {command}")))?;
    println!("\nThe picture is in {path}");
    Ok(())
}

fn run(variant: &Variant, site: &TestSite) -> Timeline {
    let before = site.counters.connections();
    let run = variant.run(&["--timeline=run.tsv", "--base-url", &site.base_url]);
    assert_eq!(run.status, 0, "{} failed:\n{}", variant.name, run.stderr);
    let recorded = fs::read_to_string(run.dir.path().join("run.tsv")).expect("it was written");
    let timeline: Timeline = recorded.parse().expect("this crate wrote it");
    let connections = Some(site.counters.connections() - before);
    Timeline { connections, ..timeline }
}

fn print_table(runs: &[Timeline; 3]) {
    println!("                  elapsed  speed-up  threads  connections  CPU time");
    let known = |n: Option<usize>| n.map_or("?".to_owned(), |n| n.to_string());
    for run in runs {
        println!(
            "{:16} {:6.2} s  {:7.1}x  {:>7}  {:>11}  {:>8}",
            run.program,
            run.elapsed.as_secs_f64(),
            runs[0].elapsed.div_duration_f64(run.elapsed),
            known(run.os_threads),
            known(run.connections),
            run.cpu.map_or("?".to_owned(), |cpu| format!("{:.1} ms", cpu.as_secs_f64() * 1000.0)),
        );
    }
}
