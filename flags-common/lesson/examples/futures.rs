//! What is a future? It stands for a result that may not exist yet. As in
//! Python, there are two kinds: the result of a job, which runs whether or
//! not anyone waits for it, and a computation that starts only when it is
//! awaited.
//!
//! ```console
//! $ cargo run -p flags-lesson --example futures
//! ```

use std::cell::Cell;
use std::io;
use std::pin::pin;
use std::sync::Barrier;
use std::task::{Context, Poll, Waker};

use futures::channel::oneshot::{self, Receiver};
use futures::{FutureExt, StreamExt, stream::FuturesUnordered};
use threadpool::ThreadPool;
use tokio::{runtime::Builder, task::yield_now};

/// `executor.submit(job)`: runs the job as soon as a thread is free, and
/// returns the counterpart of a `concurrent.futures.Future`.
fn submit(pool: &ThreadPool, job: impl FnOnce() -> usize + Send + 'static) -> Receiver<usize> {
    let (sender, future) = oneshot::channel();
    // Sending fails if the future was dropped: nobody wants the result.
    pool.execute(move || _ = sender.send(job()));
    future
}

/// Polls a future once, as an event loop does. A loop polls a pending
/// future again when its waker is called; this waker does nothing.
fn poll<F: Future + Unpin>(mut future: F) -> Poll<F::Output> {
    future.poll_unpin(&mut Context::from_waker(Waker::noop()))
}

async fn run() {
    let pool = ThreadPool::new(3);

    println!("A job in a pool:");
    static STEP: Barrier = Barrier::new(2); // the job waits here for `run`
    let mut future = submit(&pool, || {
        STEP.wait();
        STEP.wait();
        42
    });
    println!("  before: {:?}", poll(&mut future)); // `future.done()`: False
    STEP.wait(); // the job got here, although nothing awaits its future
    println!("  during: {:?}, the job runs", poll(&mut future));
    STEP.wait();
    pool.join();
    // Python's `future.result()`. It is Err if the job panicked.
    println!("  after:  {:?}", poll(&mut future));

    println!("An async block:"); // a coroutine: `async def`, called
    let started = Cell::new(false);
    let mut future = pin!(async {
        started.set(true);
        yield_now().await; // `await asyncio.sleep(0)`
        42
    });
    println!("  before: started: {}", started.get());
    let polled = poll(&mut future);
    println!("  during: {polled:?}, started: {}", started.get());
    println!("  after:  {:?}", future.await); // polls it until it completes

    println!("Jobs, in the order of their ends:"); // `as_completed`
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

fn main() -> io::Result<()> {
    Builder::new_current_thread().build()?.block_on(run());
    Ok(())
}
