//! What the threads are in at this moment, in words.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use crate::witness::doing::Doing;
use crate::witness::threads::look;

/// A row for the threads of a name that do the same, where the system tells.
pub(super) fn what_threads_do() -> Option<String> {
    let mut threads = look(None);
    // The signal of Ctrl-C wakes a thread for a moment. One that goes on running is told as that.
    for _ in 0..5 {
        if threads.iter().all(|thread| thread.doing != Doing::Runs) {
            break;
        }
        thread::sleep(Duration::from_millis(10));
        threads = look(None);
    }
    let mut groups: BTreeMap<(&str, Doing), usize> = BTreeMap::new();
    for thread in &threads {
        *groups.entry((thread.name.as_str(), thread.doing)).or_default() += 1;
    }
    let width = threads.iter().map(|thread| thread.name.len()).max()?;
    let mut text = format!("Threads at this moment ({})", threads.len());
    for ((name, doing), n) in groups {
        let doing = doing.to_string();
        text += &format!("\n{n:3}  {name:width$}   {doing}");
    }
    if let [only] = &threads[..]
        && only.for_ever
    {
        text += "\nNo other thread is left.";
    }
    Some(text)
}
