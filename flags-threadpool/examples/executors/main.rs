//! What if the work is CPU-bound? Checks which of 20 large numbers are
//! prime, with four executors, and prints the time and memory that each
//! took.
//!
//! ```console
//! $ cargo run --release -p flags-threadpool --example executors
//! ```
//!
//! Threads and processes share the work: with two CPUs it takes half the
//! time. Async on one thread gains nothing, although it gained everything
//! for the flags: it lets one future run while another *waits*.

mod executor;
mod primes;
mod processes;
mod usage;

use std::io::{self, ErrorKind, Write};
use std::num::NonZero;
use std::process::ExitCode;
use std::slice;
use std::thread::available_parallelism;
use std::time::Instant;

use anyhow::{Result, ensure};
use clap::{Parser, ValueEnum};
use cpu_time::ProcessTime;
use executor::{gather, sequence, threads};
use processes::{processes, work};
use usage::Usage;

/// Checks which numbers are prime, with one executor or with all four
#[derive(Parser)]
#[command(name = "executors")]
struct Options {
    /// Executor to use [default: each in turn]
    #[arg(long, value_enum)]
    executor: Option<Executor>,
    /// Number of threads or processes [default: the number of CPUs]
    #[arg(long, value_name = "N")]
    workers: Option<NonZero<usize>>,
    /// Numbers to check [default: 20 that take a second or two on one CPU]
    numbers: Vec<u64>,
    /// Run as a worker process of `--executor processes`
    #[arg(long, hide = true)]
    worker: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Executor {
    Sequence,
    Threads,
    Processes,
    Async,
}

const TABLE_HEAD: &str = "\
| executor  |  elapsed | speed-up | CPU time | peak memory |
|:----------|---------:|---------:|---------:|------------:|
";

fn compare(mut options: Options) -> Result<()> {
    if options.numbers.is_empty() {
        options.numbers = primes::NUMBERS.to_vec();
    }
    let numbers = &options.numbers;
    let workers = options.workers.map_or_else(available_parallelism, Ok)?;
    let workers = workers.get().min(numbers.len()); // more would be idle
    let all = Executor::value_variants();
    let executors = options.executor.as_ref().map_or(all, slice::from_ref);

    let mut known = None;
    let mut baseline = None;
    let mut rows = String::new();
    for &executor in executors {
        usage::reset_peak_memory();
        let mut used = Usage::default(); // by worker processes
        let cpu = ProcessTime::now();
        let started = Instant::now();
        let primes = match executor {
            Executor::Sequence => sequence(numbers),
            Executor::Threads => threads(numbers, workers),
            Executor::Processes => processes(numbers, workers, &mut used)?,
            Executor::Async => gather(numbers)?,
        };
        let elapsed = started.elapsed().as_secs_f64();
        let cpu = (cpu.elapsed() + used.cpu).as_secs_f64();
        let memory = usage::peak_memory().map(|own| own + used.memory);

        let known = known.get_or_insert_with(|| primes.clone());
        ensure!(primes == *known, "{executor:?} disagrees with the others");
        if executor == Executor::Sequence {
            baseline = Some(elapsed);
        }
        let name = format!("{executor:?}").to_lowercase();
        let speed_up = baseline
            .map_or("-".into(), |base| format!("{:.2}", base / elapsed));
        let memory = memory.map_or("unknown".into(), |bytes| {
            format!("{:.1} MB", bytes as f64 / 1e6)
        });
        rows += &format!("| {name:9} | {elapsed:6.3} s | {speed_up:>8} ");
        rows += &format!("| {cpu:6.3} s | {memory:>11} |\n");
    }

    let mut out = io::stdout();
    for (n, prime) in numbers.iter().zip(known.into_iter().flatten()) {
        let is = if prime { "is" } else { "is not" };
        writeln!(out, "{n} {is} prime")?;
    }
    writeln!(out, "\nThreads or processes: {workers}\n")?;
    Ok(write!(out, "{TABLE_HEAD}{rows}")?)
}

fn main() -> ExitCode {
    let options = Options::parse();
    let result = if options.worker { work() } else { compare(options) };
    let Err(error) = result else { return ExitCode::SUCCESS };
    let io_error = error.downcast_ref::<io::Error>();
    if io_error.is_some_and(|e| e.kind() == ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS; // `| head -1` has read enough
    }
    eprintln!("error: {error:#}");
    ExitCode::FAILURE
}
