//! The four executors. Each returns whether each number is prime, in the order of the numbers.

use std::env;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

use anyhow::{Result, ensure};
use futures::future::join_all;
use tokio::runtime::Builder;

use crate::primes::is_prime;

/// One number after the other, like Python's built-in `map`.
pub fn sequence(numbers: &[u64]) -> Vec<bool> {
    numbers.iter().map(|&n| is_prime(n)).collect()
}

/// `ThreadPoolExecutor(workers).map(is_prime, numbers)`. In Python it would gain nothing here, since
/// only the thread holding the GIL can run Python code. Rust has no such lock.
pub fn threads(numbers: &[u64], workers: usize) -> Vec<bool> {
    let mut primes = vec![false; numbers.len()];
    let todo = Mutex::new(numbers.iter().zip(&mut primes));
    // A closure, so that the lock is free again when it returns.
    let next = || todo.lock().expect("`next` does not panic").next();
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((&n, prime)) = next() {
                    *prime = is_prime(n);
                }
            });
        }
    });
    primes
}

/// `ProcessPoolExecutor(workers).map(is_prime, numbers)`. As in Python, each process runs this program
/// again, with its own memory and some time to start. Python pickles each number and sends it to a
/// process that is free; here, each process gets its share as arguments, and prints its answers.
pub fn processes(numbers: &[u64], workers: usize) -> Result<Vec<bool>> {
    let mut children = Vec::new();
    for worker in 0..workers {
        let share = numbers.iter().skip(worker).step_by(workers);
        let mut command = Command::new(env::current_exe()?);
        command.arg("worker").args(share.map(u64::to_string));
        children.push(command.stdout(Stdio::piped()).spawn()?);
    }
    let mut primes = vec![false; numbers.len()];
    for (worker, child) in children.into_iter().enumerate() {
        let output = child.wait_with_output()?;
        ensure!(output.status.success(), "a worker process failed");
        let answers = String::from_utf8(output.stdout)?;
        let share = primes.iter_mut().skip(worker).step_by(workers);
        for (prime, answer) in share.zip(answers.lines()) {
            *prime = answer == "true";
        }
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

/// `asyncio.gather(*coroutines)`: futures on one thread. A future releases the thread when it waits.
/// These never wait, so each keeps the thread until it has completed: the same as [`sequence`].
pub fn gather(numbers: &[u64]) -> Result<Vec<bool>> {
    let runtime = Builder::new_current_thread().build()?;
    let futures = numbers.iter().map(async |&n| is_prime(n));
    Ok(runtime.block_on(join_all(futures)))
}
