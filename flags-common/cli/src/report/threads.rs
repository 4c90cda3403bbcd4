//! What the threads are in at this moment, in words.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use crate::witness::doing::Doing;
use crate::witness::threads::look;

/// A row for the threads of a name that do the same, where the system tells.
pub(crate) fn what_threads_do() -> Option<String> {
    let look = || look(Instant::now(), |_| 0);
    let mut threads = look();
    // The signal of Ctrl-C wakes a thread for a moment. One that goes on running is told as that.
    for _ in 0..5 {
        if threads.iter().any(|thread| thread.state.doing == Doing::Runs) {
            thread::sleep(Duration::from_millis(10));
            threads = look();
        }
    }
    let mut groups: BTreeMap<(&str, Doing), usize> = BTreeMap::new();
    for thread in &threads {
        *groups.entry((thread.name.as_str(), thread.state.doing)).or_default() += 1;
    }
    let width = threads.iter().map(|thread| thread.name.len()).max()?;
    let mut text = format!("Threads at this moment ({})", threads.len());
    for ((name, doing), n) in groups {
        text += &format!("\n{n:3}  {name:width$}   {}", doing.words());
    }
    Some(text)
}
