//! Three of the four executors; the fourth is in `processes.rs`. Each returns whether each number is
//! prime, in the order of the numbers.

use std::sync::Mutex;
use std::thread;

use anyhow::Result;
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

/// `asyncio.gather(*coroutines)`: futures on one thread. A future releases the thread when it waits.
/// These never wait, so each keeps the thread until it has completed: the same as [`sequence`].
pub fn gather(numbers: &[u64]) -> Result<Vec<bool>> {
    let runtime = Builder::new_current_thread().build()?;
    let futures = numbers.iter().map(async |&n| is_prime(n));
    Ok(runtime.block_on(join_all(futures)))
}
