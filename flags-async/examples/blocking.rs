//! Why does a blocking call in async code stop everything? 20 futures wait
//! 0.1 s each, all on one thread, in three ways.
//!
//! ```console
//! $ cargo run -p flags-async --example blocking
//! ```

use std::io::{self, ErrorKind, Write};
use std::thread;
use std::time::{Duration, Instant};

use futures::future::join_all;
use tokio::runtime::{Builder, Runtime};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

const FUTURES: usize = 20;
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
    spawn_blocking(|| thread::sleep(WAIT))
        .await
        .expect("a sleep does not panic");
}

/// Prints how long it takes until all futures have completed.
fn time(
    runtime: &Runtime,
    name: &str,
    future: impl AsyncFn(),
) -> io::Result<()> {
    let started = Instant::now();
    runtime.block_on(join_all((0..FUTURES).map(|_| future())));
    let seconds = started.elapsed().as_secs_f64();
    writeln!(io::stdout(), "  {name:22} {seconds:.2}s")
}

fn run() -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    let title = format!("{FUTURES} futures that wait {WAIT:?} each");
    writeln!(io::stdout(), "{title}, on one thread:")?;
    time(&runtime, "awaited", awaited)?;
    time(&runtime, "blocking", blocking)?;
    time(&runtime, "through spawn_blocking", on_another_thread)
}

fn main() -> io::Result<()> {
    match run() {
        // `| head -1` has read enough. (`println!` would panic.)
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}
