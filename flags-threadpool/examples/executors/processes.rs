//! The fourth executor: a pool of processes.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::{env, thread};

use anyhow::{Context, Result, bail};
use wait4::Wait4;

use crate::primes::is_prime;
use crate::usage::Usage;

/// `ProcessPoolExecutor(workers).map(is_prime, numbers)`. As in Python,
/// each process runs this program again, with its own memory and some time
/// to start. Where Python pickles, this writes lines of text.
pub fn processes(
    numbers: &[u64],
    workers: usize,
    used: &mut Usage,
) -> Result<Vec<bool>> {
    let mut children = Vec::new();
    for _ in 0..workers {
        let mut command = Command::new(env::current_exe()?);
        command.arg("--worker");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let child = command.spawn();
        children.push(child.context("cannot start a worker process")?);
    }
    let mut primes = vec![false; numbers.len()];
    let todo = Mutex::new(numbers.iter().zip(&mut primes));
    let next = || todo.lock().expect("`next` does not panic").next();
    thread::scope(|scope| {
        // One thread per process. It only waits, which takes no CPU time.
        let work = |child: &mut Child| {
            let mut input = child.stdin.take().expect("piped");
            let output = child.stdout.take().expect("piped");
            let mut answers = BufReader::new(output).lines();
            scope.spawn(move || -> Result<()> {
                while let Some((n, prime)) = next() {
                    // If the process has died, both of these fail.
                    _ = writeln!(input, "{n}");
                    let Some(Ok(answer)) = answers.next() else {
                        while next().is_some() {} // the others stop, too
                        bail!("a worker process died at {n}");
                    };
                    *prime = answer == "true";
                }
                Ok(())
            })
        };
        let threads: Vec<_> = children.iter_mut().map(work).collect();
        let mut ends = threads.into_iter().map(|thread| thread.join());
        ends.try_for_each(|end| end.expect("it does not panic"))
    })?;
    for mut child in children {
        let child = child.wait4()?.rusage;
        used.cpu += child.utime + child.stime;
        used.memory += child.maxrss;
    }
    Ok(primes)
}

/// Runs a worker process: for each number, a line of stdin, prints a line
/// that says whether it is prime.
pub fn work() -> Result<()> {
    for n in io::stdin().lines() {
        writeln!(io::stdout(), "{}", is_prime(n?.parse()?))?;
    }
    Ok(())
}
