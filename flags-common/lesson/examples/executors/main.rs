//! What if the work is CPU-bound? Checks which of 20 large numbers are prime, with four executors,
//! and prints the time and memory that each took.
//!
//! ```console
//! $ cargo run --release -p flags-lesson --example executors
//! ```
//!
//! Threads and processes share the work: with two CPUs it takes half the time. Async on one thread
//! gains nothing, although it gained everything for the flags: it lets one future run while another
//! *waits*.

mod executor;
mod primes;
mod processes;
mod usage;

use std::env;
use std::thread::available_parallelism;

use anyhow::{Result, ensure};
use executor::{gather, sequence, threads};
use primes::NUMBERS;
use processes::{processes, work};
use usage::measure;

fn main() -> Result<()> {
    if env::args().nth(1).is_some_and(|argument| argument == "worker") {
        return work(); // this is a worker process of `processes`
    }
    let workers = available_parallelism()?.get().min(NUMBERS.len()); // more would be idle
    let rows = [
        ("sequence", measure(|_| Ok(sequence(&NUMBERS)))?),
        ("threads", measure(|_| Ok(threads(&NUMBERS, workers)))?),
        ("processes", measure(|used| processes(&NUMBERS, workers, used))?),
        ("async", measure(|_| gather(&NUMBERS))?),
    ];
    let (_, (primes, baseline)) = &rows[0];
    println!("{} of {} are prime", primes.iter().filter(|&&it| it).count(), NUMBERS.len());
    println!("{workers} threads, or processes\n");
    println!("| executor  |  elapsed | speed-up | CPU time | peak memory |");
    println!("|:----------|---------:|---------:|---------:|------------:|");
    for (name, (own, used)) in &rows {
        ensure!(own == primes, "{name} disagrees with sequence");
        let elapsed = used.elapsed.as_secs_f64();
        let speed_up = baseline.elapsed.as_secs_f64() / elapsed;
        let (cpu, memory) = (used.cpu.as_secs_f64(), used.memory as f64 / 1e6);
        print!("| {name:9} | {elapsed:6.3} s | {speed_up:8.2} ");
        println!("| {cpu:6.3} s | {memory:8.1} MB |");
    }
    Ok(())
}
