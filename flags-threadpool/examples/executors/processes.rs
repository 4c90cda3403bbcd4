//! A pool of processes.

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard};

use anyhow::{Context, Result};

use crate::executor::{Executor, map_in_pool};
use crate::is_prime;
use crate::usage::Usage;

/// So many processes. `ProcessPoolExecutor(workers)`: as there, each runs this program once more.
/// What Python pickles is a line of text here.
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
        // A thread waits for each process; this takes no CPU time, so that there may be as many.
        let job_idle = Arc::clone(&idle);
        let answers = map_in_pool(self.workers, numbers, move |n| {
            let mut worker = job_idle.lock().pop().context("no worker process is left")?;
            let answer = worker.is_prime(n)?;
            job_idle.lock().push(worker);
            Ok(answer)
        })
        .inspect_err(|_| processes.iter_mut().for_each(|process| _ = process.kill()))?;
        for worker in idle.lock().drain(..) {
            self.used = self.used.and(worker.end()?);
        }
        for mut process in processes {
            process.wait()?;
        }
        Ok(answers)
    }

    fn used_elsewhere(&self) -> Usage {
        self.used
    }
}

/// The workers that have nothing to do.
#[derive(Default)]
struct Idle(Mutex<Vec<Worker>>);

impl Idle {
    fn lock(&self) -> MutexGuard<'_, Vec<Worker>> {
        self.0.lock().expect("nothing panics while it has the lock")
    }
}

/// This end of the pipes to a process that runs [`work`].
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
            .filter(|&bytes| bytes > 0) // the end of its stdout is the end of the process
            .with_context(|| format!("worker process {} died at {n}", self.process))?;
        Ok(answer.trim_end().parse()?)
    }

    /// Ends the process, which then tells what it used.
    fn end(mut self) -> Result<Usage> {
        drop(self.numbers);
        let mut used = String::new();
        self.answers.read_line(&mut used)?;
        Ok(Usage::from_line(&used))
    }
}

/// What a worker does: for each line of stdin that is a number, a line on stdout that says whether
/// it is a prime; at the end of stdin, a line that says what this process used.
pub fn work() -> Result<()> {
    for line in io::stdin().lines() {
        println!("{}", is_prime(line?.parse()?));
    }
    println!("{}", Usage::of_this_process().to_line());
    Ok(())
}
