//! Why a blocking call in async code stops everything: 20 futures wait 0.1 s each, all on one
//! thread, in three ways.
//!
//! ```console
//! $ cargo run -p flags-async --example blocking
//! ```

use std::thread;
use std::time::{Duration, Instant};

use futures::future::join_all;
use tokio::runtime::{Builder, Runtime};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

const FUTURES: usize = 20;
const WAIT: Duration = Duration::from_millis(100);

/// Releases the thread while it waits, so all wait at the same time: `asyncio.sleep`.
async fn awaited() {
    sleep(WAIT).await;
}

/// Keeps the thread, so no other future is polled meanwhile: `time.sleep` in a coroutine.
async fn blocking() {
    thread::sleep(WAIT);
}

/// Lets another thread wait and releases this one: `asyncio.to_thread`.
async fn on_another_thread() {
    spawn_blocking(|| thread::sleep(WAIT))
        .await
        .expect("a sleep does not panic");
}

/// Seconds until all futures have completed.
fn seconds(runtime: &Runtime, future: impl AsyncFn()) -> f64 {
    let started = Instant::now();
    runtime.block_on(join_all((0..FUTURES).map(|_| future())));
    started.elapsed().as_secs_f64()
}

fn main() -> std::io::Result<()> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    println!("{FUTURES} futures that wait {WAIT:?} each, on one thread:");
    println!("  awaited                {:.2}s", seconds(&runtime, awaited));
    println!(
        "  blocking               {:.2}s",
        seconds(&runtime, blocking)
    );
    println!(
        "  through spawn_blocking {:.2}s",
        seconds(&runtime, on_another_thread)
    );
    Ok(())
}
