//! What if the work is CPU-bound? Checks which of 20 large numbers are prime, with four executors,
//! and prints how long each takes.
//!
//! ```console
//! $ cargo run --release -p flags-lesson --example executors
//! ```
//!
//! Threads and processes share the work: with two CPUs it takes half the time. Async on one thread
//! gains nothing, although it gained everything for the flags: it lets one future run while another
//! *waits*.

mod executors;
mod primes;

use std::env;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use executors::{gather, processes, sequence, threads, work};
use primes::NUMBERS;

fn main() -> Result<()> {
    if env::args().nth(1).is_some_and(|argument| argument == "worker") {
        return work(); // this is a worker process of `processes`
    }
    let workers = available_parallelism()?.get().min(NUMBERS.len()); // more would be idle
    let rows = [
        ("sequence", time(|| Ok(sequence(&NUMBERS)))?),
        ("threads", time(|| Ok(threads(&NUMBERS, workers)))?),
        ("processes", time(|| processes(&NUMBERS, workers))?),
        ("async", time(|| gather(&NUMBERS))?),
    ];
    let (_, (primes, baseline)) = &rows[0];
    println!("{} of {} are prime", primes.iter().filter(|&&it| it).count(), NUMBERS.len());
    println!("{workers} threads, or processes\n");
    println!("| executor  |  elapsed | speed-up |");
    println!("|:----------|---------:|---------:|");
    for (name, (own, elapsed)) in &rows {
        ensure!(own == primes, "{name} disagrees with sequence");
        let speed_up = baseline.div_duration_f64(*elapsed);
        println!("| {name:9} | {:6.3} s | {speed_up:8.2} |", elapsed.as_secs_f64());
    }
    Ok(())
}

/// The result of an executor, and how long it takes.
fn time(executor: impl FnOnce() -> Result<Vec<bool>>) -> Result<(Vec<bool>, Duration)> {
    let started = Instant::now();
    let primes = executor()?;
    Ok((primes, started.elapsed()))
}
