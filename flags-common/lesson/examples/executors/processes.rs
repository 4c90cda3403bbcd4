//! The fourth executor: a pool of processes.

use std::env;
use std::io::Read;
use std::process::{Command, Stdio};

use anyhow::{Result, ensure};
use wait4::Wait4;

use crate::primes::is_prime;
use crate::usage::Usage;

/// `ProcessPoolExecutor(workers).map(is_prime, numbers)`. As in Python, each process runs this program
/// again, with its own memory and some time to start. Python pickles each number and sends it to a
/// process that is free; here, each process gets its share as arguments, and prints its answers.
pub fn processes(numbers: &[u64], workers: usize, used: &mut Usage) -> Result<Vec<bool>> {
    let mut children = Vec::new();
    for worker in 0..workers {
        let share = numbers.iter().skip(worker).step_by(workers);
        let mut command = Command::new(env::current_exe()?);
        command.arg("worker").args(share.map(u64::to_string));
        children.push(command.stdout(Stdio::piped()).spawn()?);
    }
    let mut primes = vec![false; numbers.len()];
    for (worker, mut child) in children.into_iter().enumerate() {
        let mut answers = String::new();
        child.stdout.take().expect("piped").read_to_string(&mut answers)?;
        let share = primes.iter_mut().skip(worker).step_by(workers);
        for (prime, answer) in share.zip(answers.lines()) {
            *prime = answer == "true";
        }
        let child = child.wait4()?;
        ensure!(child.status.success(), "a worker process failed");
        used.cpu += child.rusage.utime + child.rusage.stime;
        used.memory += child.rusage.maxrss;
    }
    Ok(primes)
}

/// A worker process: prints whether each of its arguments is prime.
pub fn work() -> Result<()> {
    for n in env::args().skip(2) {
        println!("{}", is_prime(n.parse()?));
    }
    Ok(())
}
