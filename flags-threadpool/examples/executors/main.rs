//! What if the work is CPU-bound? Checks which of 20 large numbers are prime, with four executors
//! behind one trait, and prints the time and memory that each took.
//!
//! ```console
//! $ cargo run --release -p flags-threadpool --example executors
//! $ cargo run --release -p flags-threadpool --example executors -- --executor threads
//! ```
//!
//! - **Threads** share the work: with two CPUs it takes half the time. Rust has no GIL.
//! - **Processes** share it too, but each needs its own memory and some time to start.
//! - **Async** on one thread gains nothing, although it gained everything for the flags: it lets
//!   one future run while another *waits*, and these never wait.

mod executor;
mod processes;
mod usage;

use std::process::ExitCode;
use std::slice;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::{Parser, ValueEnum};
use executor::{Async, Executor, Sequence, Threads};
use processes::Processes;
use usage::Usage;

/// Checks which numbers are prime, with one executor or with each of the four
#[derive(Parser)]
#[command(name = "executors")]
struct Options {
    /// Executor to use [default: each in turn]
    #[arg(long, value_enum)]
    executor: Option<Name>,
    /// Number of threads or processes [default: the number of CPUs]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    workers: Option<u16>,
    /// Numbers to check [default: 20 close to 2^53, which take a second or two on one CPU]
    numbers: Vec<u64>,
    /// Run as a worker process of `--executor processes`
    #[arg(long, hide = true)]
    worker: bool,
}

/// The executors, by name.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Name {
    Sequence,
    Threads,
    Processes,
    Async,
}

/// 2^53, the limit up to which an `f64` holds every integer exactly.
const N: u64 = 1 << 53;

/// The numbers to check by default.
#[rustfmt::skip]
const NUMBERS: [u64; 20] = [
    // The largest primes below 2^53.
    N - 111, N - 145, N - 231, N - 265, N - 315, N - 339, N - 343, N - 369,
    // Products of two primes just below 2^26.5, which take as long to check as a prime.
    94_906_249 * 94_906_247, 94_906_249 * 94_906_219, 94_906_249 * 94_906_213,
    94_906_247 * 94_906_219, 94_906_247 * 94_906_213, 94_906_219 * 94_906_213,
    // Numbers with a small divisor.
    N, N - 1, N - 2, N - 3, N - 4, N - 5,
];

/// Checks by trial division. Other methods are faster, but this one is meant to keep a CPU busy.
fn is_prime(n: u64) -> bool {
    let mut odd = (3..=n.isqrt()).step_by(2);
    n == 2
        || n > 2
            && n % 2 == 1
            && !odd.any(|divisor| n.is_multiple_of(divisor))
}

fn main() -> ExitCode {
    let options = Options::parse();
    let result =
        if options.worker { processes::work() } else { compare(&options) };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn compare(options: &Options) -> Result<()> {
    let numbers = if options.numbers.is_empty() {
        &NUMBERS
    } else {
        options.numbers.as_slice()
    };
    let workers = match options.workers {
        Some(workers) => workers.into(),
        None => available_parallelism()?.get(),
    };
    let workers = workers.min(numbers.len()); // more would be idle
    let names = options
        .executor
        .as_ref()
        .map_or(Name::value_variants(), slice::from_ref);

    let mut known: Option<Vec<bool>> = None;
    let mut rows = Vec::new();
    for &name in names {
        let mut executor: Box<dyn Executor> = match name {
            Name::Sequence => Box::new(Sequence),
            Name::Threads => Box::new(Threads(workers)),
            Name::Processes => Box::new(Processes::new(workers)),
            Name::Async => Box::new(Async),
        };
        usage::reset_peak_memory();
        let (before, started) = (Usage::of_this_process(), Instant::now());
        let primes = executor.map(numbers)?;
        let elapsed = started.elapsed();
        let used = Usage::of_this_process()
            .since(before)
            .and(executor.used_elsewhere());
        rows.push((name, elapsed, used));
        let known = known.get_or_insert_with(|| primes.clone());
        ensure!(
            primes == *known,
            "{name:?} does not agree with the others"
        );
    }

    for (n, prime) in numbers.iter().zip(known.iter().flatten()) {
        println!(
            "{n} {}",
            if *prime { "is prime" } else { "is not prime" }
        );
    }
    print_table(workers, &rows);
    Ok(())
}

fn print_table(workers: usize, rows: &[(Name, Duration, Usage)]) {
    println!("\nThreads or processes: {workers}\n");
    println!(
        "| executor  |  elapsed | speed-up | CPU time | peak memory |"
    );
    println!(
        "|:----------|---------:|---------:|---------:|------------:|"
    );
    let unknown = || "unknown".to_owned();
    let sequence = rows.iter().find(|(name, ..)| *name == Name::Sequence);
    for (name, elapsed, used) in rows {
        let speed_up = sequence
            .map(|(_, sequence, _)| sequence.div_duration_f64(*elapsed));
        println!(
            "| {:9} | {:>8} | {:>8} | {:>8} | {:>11} |",
            format!("{name:?}").to_lowercase(),
            format!("{:.3} s", elapsed.as_secs_f64()),
            speed_up.map_or("-".to_owned(), |ratio| format!("{ratio:.2}")),
            used.cpu.map_or_else(unknown, |cpu| format!(
                "{:.3} s",
                cpu.as_secs_f64()
            )),
            used.peak_memory.map_or_else(unknown, |bytes| format!(
                "{:.1} MB",
                bytes as f64 / 1e6
            )),
        );
    }
}
