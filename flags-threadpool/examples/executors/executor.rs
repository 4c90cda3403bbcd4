//! An interface and three implementations; the fourth is in `processes.rs`.

use std::sync::mpsc;

use anyhow::{Context, Result};
use futures::future::join_all;
use threadpool::ThreadPool;
use tokio::runtime;

use crate::is_prime;
use crate::usage::Usage;

/// As `concurrent.futures.Executor`: who hands jobs over need not know how they are done.
pub trait Executor {
    /// Whether each number is a prime, in their order: `executor.map(is_prime, numbers)`.
    fn map(&mut self, numbers: &[u64]) -> Result<Vec<bool>>;

    /// What processes other than this one used for it.
    fn used_elsewhere(&self) -> Usage {
        Usage::NOTHING
    }
}

/// One after the other. Python's built-in `map`.
pub struct Sequence;

impl Executor for Sequence {
    fn map(&mut self, numbers: &[u64]) -> Result<Vec<bool>> {
        Ok(numbers.iter().map(|&n| is_prime(n)).collect())
    }
}

/// So many threads. `ThreadPoolExecutor(workers)`, which gains nothing here, since only the thread
/// that holds the GIL runs Python code. Rust has no such lock.
pub struct Threads(pub usize);

impl Executor for Threads {
    fn map(&mut self, numbers: &[u64]) -> Result<Vec<bool>> {
        map_in_pool(self.0, numbers, |n| Ok(is_prime(n)))
    }
}

/// Calls `job` for each number in a pool of so many threads. Returns what it returned, in the order
/// of the numbers; or the first error, without waiting for the jobs that go on.
pub fn map_in_pool<J>(threads: usize, numbers: &[u64], job: J) -> Result<Vec<bool>>
where
    J: Fn(u64) -> Result<bool> + Clone + Send + 'static,
{
    let pool = ThreadPool::new(threads);
    let (sender, answers) = mpsc::channel();
    for (index, &n) in numbers.iter().enumerate() {
        let (sender, job) = (sender.clone(), job.clone());
        pool.execute(move || _ = sender.send((index, job(n)))); // fails if nobody waits any more
    }
    drop(sender);
    let mut in_order = vec![None; numbers.len()];
    for (index, answer) in answers {
        in_order[index] = Some(answer?);
    }
    in_order.into_iter().collect::<Option<_>>().context("a job has panicked")
}

/// Futures on one thread. `asyncio.gather(*coroutines)`.
///
/// A future hands the thread back when it waits. These never wait, so each keeps the thread until
/// it is done: this is [`Sequence`] again.
pub struct Async;

impl Executor for Async {
    fn map(&mut self, numbers: &[u64]) -> Result<Vec<bool>> {
        let runtime = runtime::Builder::new_current_thread().build()?;
        Ok(runtime.block_on(join_all(numbers.iter().map(async |&n| is_prime(n)))))
    }
}
