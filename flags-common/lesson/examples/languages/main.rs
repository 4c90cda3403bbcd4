//! Runs the lesson's three Python scripts and the three downloaders, one after the other, against one
//! demo site, and draws on one time axis what the site saw. It needs a `python3` that has httpx.
//!
//! The picture in the README was made with
//!
//! ```console
//! $ cargo build --release
//! $ cargo run --release -p flags-lesson --example languages flags-common/lesson/languages.svg
//! ```

mod drawing;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use anyhow::{Context, Result, ensure};
use flags_cli::site::{Behaviour, DemoSite, Exchange, base_url, listen, serve};
use tokio::runtime::Builder;

use crate::drawing::svg;

/// Asks a Python what it is.
const ABOUT: &str = "
import datetime, httpx, os, platform
print(f'{datetime.date.today()}, {platform.system()} with {os.cpu_count()} cores:',
      f'Python {platform.python_version()} with httpx {httpx.__version__}')";

/// A run, as the site saw it.
struct Run {
    name: &'static str,
    /// When each request began and ended, since the first one arrived.
    requests: Vec<(Duration, Duration)>,
}

fn main() -> Result<()> {
    let path = env::args().nth(1).unwrap_or("languages.svg".to_owned());
    let site = Arc::new(DemoSite::new(Behaviour::Local));
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let listener = runtime.block_on(async { listen(0) })?;
    let url = base_url(&listener)?;
    let served = Arc::clone(&site);
    thread::spawn(move || runtime.block_on(serve(listener, served)));

    let programs = env::current_exe()?;
    let programs =
        programs.ancestors().nth(2).context("expected target/PROFILE/examples/languages")?;
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
    let mut runs = vec![];
    for (script, program) in [
        ("flags_seq.py", "flags-seq"),
        ("flags_threadpool.py", "flags-threadpool"),
        ("flags_async.py", "flags-async"),
    ] {
        let mut python = Command::new("python3");
        python.arg("-B").arg(scripts.join(script)).arg(&url); // -B: writes no cache
        python.env("no_proxy", "127.0.0.1");
        runs.push(run(script, python, &site)?);
        let mut rust = Command::new(programs.join(program));
        rust.arg("--base-url").arg(&url);
        runs.push(run(program, rust, &site)?);
    }
    let mut python = Command::new("python3");
    let mut rust = Command::new("rustc");
    let about = [output(python.args(["-c", ABOUT]))?, output(rust.arg("--version"))?];
    let about = about.map(|it| it.split(" (").next().unwrap_or_default().trim().to_owned());
    let picture = svg(&runs, &about.join(", "));
    fs::write(&path, picture).with_context(|| format!("cannot write {path}"))?;
    println!("The picture is in {path}");
    Ok(())
}

/// Runs a program in a new folder.
fn run(name: &'static str, mut command: Command, site: &DemoSite) -> Result<Run> {
    let dir = tempfile::tempdir()?;
    output(command.current_dir(&dir))?;
    let seen = site.take_run(Duration::ZERO).context("the site saw no request")?.exchanges;
    println!("{name}: {} requests", seen.len());
    let since = |time: Instant| time.saturating_duration_since(seen[0].arrived);
    let ended = |it: &Exchange| Some((since(it.arrived), since(it.end?.0)));
    Ok(Run { name, requests: seen.iter().filter_map(ended).collect() })
}

/// What a program prints.
fn output(command: &mut Command) -> Result<String> {
    let program = command.get_program().display().to_string();
    let output = command
        .output()
        .with_context(|| format!("cannot run {program}: has `cargo build --release` made it?"))?;
    ensure!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
