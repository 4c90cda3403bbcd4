//! Runs the three downloaders one after the other, prints a table of how they compare, and draws
//! them in one picture, on one time axis. Each has its own demo site, which answers alike for all.
//!
//! The picture in the README was made with
//!
//! ```console
//! $ cargo run --release -p flags-lesson --example compare flags-common/lesson/compare.svg
//! ```

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, ensure};
use flags_cli::timeline::{Timeline, svg};

const DOWNLOADERS: [&str; 3] = ["flags-seq", "flags-threadpool", "flags-async"];

fn main() -> Result<()> {
    let path = env::args().nth(1).unwrap_or("compare.svg".to_owned());
    let this = env::current_exe()?;
    let folder = this.ancestors().nth(2).context("expected target/PROFILE/examples/compare")?;
    build(folder)?;
    let [seq, threadpool, asynchronous] = DOWNLOADERS.map(|name| run(&folder.join(name)));
    let runs = [seq?, threadpool?, asynchronous?];
    print_table(&runs);
    let release = if cfg!(debug_assertions) { "" } else { "--release " };
    let command = format!("cargo run {release}-p flags-lesson --example compare {path}");
    let picture = svg(&runs.each_ref(), &format!("Made with {command}"));
    fs::write(&path, picture).with_context(|| format!("cannot write {path}"))?;
    println!("\nThe picture is in {path}");
    Ok(())
}

/// Builds the downloaders in the folder of this program's profile.
fn build(folder: &Path) -> Result<()> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.args(["build", "--target-dir"]).arg(folder.with_file_name(""));
    cargo.args(DOWNLOADERS.map(|name| format!("--package={name}")));
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    // `cargo run` has set these for this package: with them, ring would be built again.
    let of_package =
        |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_str().is_some_and(of_package)) {
        cargo.env_remove(name);
    }
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    ensure!(cargo.status()?.success(), "cargo build failed");
    Ok(())
}

/// Runs a downloader in a new folder, and reads its timeline.
fn run(program: &Path) -> Result<Timeline> {
    let dir = tempfile::tempdir()?;
    let mut command = Command::new(program);
    let output = command.arg("--timeline=run.json").current_dir(&dir).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(dir.path().join("run.json"))?.parse()
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
