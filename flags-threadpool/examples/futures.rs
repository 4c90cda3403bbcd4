//! What is a future? It stands for a computation that may or may not have completed. There are two
//! kinds, as in Python: one is where the result of a job will be that runs anyway; the other is the
//! computation itself, and nothing happens until somebody awaits it.
//!
//! ```console
//! $ cargo run -p flags-threadpool --example futures
//! ```

use std::cell::Cell;
use std::pin::pin;
use std::sync::Barrier;
use std::task::{Context, Poll, Waker};

use futures::channel::oneshot::{self, Receiver};
use futures::{FutureExt, StreamExt, stream::FuturesUnordered};
use threadpool::ThreadPool;
use tokio::{runtime::Builder, task::yield_now};

/// `executor.submit(job)`: the job runs as soon as a thread is free. The future that this returns
/// is the counterpart of `concurrent.futures.Future`.
fn submit(pool: &ThreadPool, job: impl FnOnce() -> usize + Send + 'static) -> Receiver<usize> {
    let (sender, future) = oneshot::channel();
    pool.execute(move || _ = sender.send(job())); // fails if the future was dropped meanwhile
    future
}

/// What an event loop does with a future: polls it, once. If it is pending, whatever it waits for
/// would wake the loop to poll it again; here, nobody is woken.
fn poll<F: Future + Unpin>(mut future: F) -> Poll<F::Output> {
    future.poll_unpin(&mut Context::from_waker(Waker::noop()))
}

async fn run() {
    let pool = ThreadPool::new(3);

    println!("A job in a pool:");
    static STEP: Barrier = Barrier::new(2); // holds the job until it has been looked at
    let mut future = submit(&pool, || {
        STEP.wait();
        STEP.wait();
        42
    });
    println!("  before: {:?}", poll(&mut future)); // `future.done()` is False
    STEP.wait(); // the job has come to this line, and nobody has awaited it
    println!("  during: {:?}, the job runs", poll(&mut future));
    STEP.wait();
    pool.join();
    println!("  after:  {:?}", poll(&mut future)); // `future.result()`; Err if the job panicked

    println!("An async block:"); // a coroutine: `async def` once it is called
    let begun = Cell::new(false);
    let mut future = pin!(async {
        begun.set(true);
        yield_now().await; // `await asyncio.sleep(0)`
        42
    });
    println!("  before: it has begun: {}", begun.get());
    println!("  during: {:?}, it has begun: {}", poll(&mut future), begun.get());
    println!("  after:  {:?}", future.await); // polls it until it is done

    println!("Jobs in the order in which they end:"); // `as_completed(futures)`
    static STEPS: [Barrier; 3] = [const { Barrier::new(2) }; 3];
    let job = |n: usize| {
        STEPS[n].wait();
        n
    };
    let mut futures: FuturesUnordered<_> = (0..3).map(|n| submit(&pool, move || job(n))).collect();
    for n in [1, 2, 0] {
        STEPS[n].wait();
        println!("  job {n} ends: {:?}", futures.next().await);
    }
}

fn main() -> std::io::Result<()> {
    Builder::new_current_thread().build()?.block_on(run());
    Ok(())
}
