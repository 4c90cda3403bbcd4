//! The trait `Executor` and three implementations; the fourth is in `processes.rs`.

use std::sync::mpsc;

use anyhow::{Context, Result};
use futures::future::join_all;
use threadpool::ThreadPool;
use tokio::runtime;

use crate::is_prime;
use crate::usage::Usage;

/// Runs jobs; a caller need not know how. The counterpart of `concurrent.futures.Executor`.
pub trait Executor {
    /// Returns whether each number is prime, in the same order: `executor.map(is_prime, numbers)`.
    fn map(&mut self, numbers: &[u64]) -> Result<Vec<bool>>;

    /// Resources that other processes used for it.
    fn used_elsewhere(&self) -> Usage {
        Usage::NOTHING
    }
}

/// Runs one job after the other, like Python's built-in `map`.
pub struct Sequence;

impl Executor for Sequence {
    fn map(&mut self, numbers: &[u64]) -> Result<Vec<bool>> {
        Ok(numbers.iter().map(|&n| is_prime(n)).collect())
    }
}

/// A pool of `n` threads: `ThreadPoolExecutor(n)`. In Python it would gain nothing here, since only
/// the thread holding the GIL can run Python code. Rust has no such lock.
pub struct Threads(pub usize);

impl Executor for Threads {
    fn map(&mut self, numbers: &[u64]) -> Result<Vec<bool>> {
        map_in_pool(self.0, numbers, |n| Ok(is_prime(n)))
    }
}

/// Calls `job` for each number in a pool of threads. Returns the results in the order of the
/// numbers, or the first error, without waiting for the remaining jobs.
pub fn map_in_pool<J>(
    threads: usize,
    numbers: &[u64],
    job: J,
) -> Result<Vec<bool>>
where
    J: Fn(u64) -> Result<bool> + Clone + Send + 'static,
{
    let pool = ThreadPool::new(threads);
    let (sender, results) = mpsc::channel();
    for (index, &n) in numbers.iter().enumerate() {
        let (sender, job) = (sender.clone(), job.clone());
        pool.execute(move || _ = sender.send((index, job(n)))); // fails if an error ended the loop
    }
    drop(sender);
    let mut in_order = vec![None; numbers.len()];
    for (index, result) in results {
        in_order[index] = Some(result?);
    }
    in_order.into_iter().collect::<Option<_>>().context("a job panicked")
}

/// Futures on one thread, like `asyncio.gather(*coroutines)`.
///
/// A future releases the thread when it waits. These never wait, so each keeps the thread until it
/// has completed: the same as [`Sequence`].
pub struct Async;

impl Executor for Async {
    fn map(&mut self, numbers: &[u64]) -> Result<Vec<bool>> {
        let runtime = runtime::Builder::new_current_thread().build()?;
        Ok(runtime
            .block_on(join_all(numbers.iter().map(async |&n| is_prime(n)))))
    }
}
