//! Why does a blocking call in async code stop everything? 20 futures wait
//! 0.1 s each, all on one thread, in three ways.
//!
//! ```console
//! $ cargo run -p flags-lesson --example blocking
//! ```

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use futures::future::join_all;
use tokio::runtime::{Builder, Runtime};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

const WAIT: Duration = Duration::from_millis(100);

/// Releases the thread while it waits, so all futures wait at the same
/// time: `asyncio.sleep`.
async fn awaited() {
    sleep(WAIT).await;
}

/// Keeps the thread, so no other future is polled meanwhile: `time.sleep`
/// in a coroutine.
async fn blocking() {
    thread::sleep(WAIT);
}

/// Lets another thread wait and releases this one: `asyncio.to_thread`.
async fn on_another_thread() {
    let wait = spawn_blocking(|| thread::sleep(WAIT));
    wait.await.expect("a sleep does not panic");
}

/// Prints how long it takes until 20 of these futures have completed.
fn time(runtime: &Runtime, name: &str, future: impl AsyncFn()) {
    let started = Instant::now();
    runtime.block_on(join_all((0..20).map(|_| future())));
    println!("  {name:22} {:.2}s", started.elapsed().as_secs_f64());
}

fn main() -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    println!("20 futures that wait {WAIT:?} each, on one thread:");
    time(&runtime, "awaited", awaited);
    time(&runtime, "blocking", blocking);
    time(&runtime, "through spawn_blocking", on_another_thread);
    Ok(())
}
