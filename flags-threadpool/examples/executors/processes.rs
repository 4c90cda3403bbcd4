//! A pool of processes.

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard};

use anyhow::{Context, Result};

use crate::executor::{Executor, map_in_pool};
use crate::is_prime;
use crate::usage::Usage;

/// A pool of `workers` processes: `ProcessPoolExecutor(workers)`. Each runs this program again, as
/// in Python; where Python pickles, this writes lines of text.
pub struct Processes {
    workers: usize,
    used: Usage,
}

impl Processes {
    pub fn new(workers: usize) -> Self {
        Self { workers, used: Usage::NOTHING }
    }
}

impl Executor for Processes {
    fn map(&mut self, numbers: &[u64]) -> Result<Vec<bool>> {
        let (mut processes, idle) = (Vec::new(), Arc::new(Idle::default()));
        for _ in 0..self.workers {
            let mut process = Command::new(env::current_exe()?)
                .arg("--worker")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .context("cannot start a worker process")?;
            idle.lock().push(Worker::new(&mut process));
            processes.push(process);
        }
        // One thread per process. The threads only wait, which takes no CPU time.
        let job_idle = Arc::clone(&idle);
        let primes = map_in_pool(self.workers, numbers, move |n| {
            let mut worker = job_idle
                .lock()
                .pop()
                .context("no worker process is left")?;
            let prime = worker.is_prime(n)?;
            job_idle.lock().push(worker);
            Ok(prime)
        })
        .inspect_err(|_| {
            processes.iter_mut().for_each(|process| _ = process.kill())
        })?;
        for worker in idle.lock().drain(..) {
            self.used = self.used.and(worker.end()?);
        }
        for mut process in processes {
            process.wait()?;
        }
        Ok(primes)
    }

    fn used_elsewhere(&self) -> Usage {
        self.used
    }
}

/// The idle workers.
#[derive(Default)]
struct Idle(Mutex<Vec<Worker>>);

impl Idle {
    fn lock(&self) -> MutexGuard<'_, Vec<Worker>> {
        self.0.lock().expect("no thread panics while it holds the lock")
    }
}

/// A process that runs [`work`], seen from this side of its pipes.
struct Worker {
    process: u32,
    numbers: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    fn new(process: &mut Child) -> Self {
        Self {
            process: process.id(),
            numbers: process.stdin.take().expect("piped"),
            answers: BufReader::new(process.stdout.take().expect("piped")),
        }
    }

    fn is_prime(&mut self, n: u64) -> Result<bool> {
        let mut answer = String::new();
        writeln!(self.numbers, "{n}")
            .and_then(|()| self.answers.read_line(&mut answer))
            .ok()
            .filter(|&bytes| bytes > 0) // its stdout ends when the process does
            .with_context(|| {
                format!("worker process {} died at {n}", self.process)
            })?;
        Ok(answer.trim_end().parse()?)
    }

    /// Ends the process and returns what it used.
    fn end(mut self) -> Result<Usage> {
        drop(self.numbers);
        let mut used = String::new();
        self.answers.read_line(&mut used)?;
        Ok(Usage::from_line(&used))
    }
}

/// Runs a worker process: for each number, a line of stdin, prints a line that says whether it is
/// prime; at the end of stdin, a line that says what this process used.
pub fn work() -> Result<()> {
    for line in io::stdin().lines() {
        println!("{}", is_prime(line?.parse()?));
    }
    println!("{}", Usage::of_this_process().to_line());
    Ok(())
}
