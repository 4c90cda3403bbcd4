//! The fourth executor: a pool of processes.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::{Mutex, mpsc};
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
        let (sender, deaths) = mpsc::channel();
        // One thread per process. It only waits, which takes no CPU time.
        for child in &mut children {
            let (pid, sender) = (child.id(), sender.clone());
            let mut input = child.stdin.take().expect("piped");
            let output = child.stdout.take().expect("piped");
            let mut answers = BufReader::new(output).lines();
            scope.spawn(move || {
                while let Some((n, prime)) = next() {
                    // Both of these fail if the process has died.
                    _ = writeln!(input, "{n}");
                    let Some(Ok(answer)) = answers.next() else {
                        _ = sender.send((pid, n));
                        break;
                    };
                    *prime = answer == "true";
                }
            });
        }
        drop(sender); // the threads have clones: `recv` ends with the last
        let Ok((pid, n)) = deaths.recv() else { return Ok(()) };
        children.iter_mut().for_each(|child| _ = child.kill());
        bail!("worker process {pid} died at {n}")
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
