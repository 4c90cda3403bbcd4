//! Unix signals: which of them stop the program.

use std::fs;
use std::io;

use tokio::signal::unix::{SignalKind, signal};

/// Ctrl-C and SIGTERM always; SIGHUP (the terminal was closed) and SIGQUIT unless they were ignored
/// when the program started, as with `nohup`. Where the system does not tell, they keep their default.
pub(super) fn to_stop_on() -> Vec<SignalKind> {
    let mut kinds = vec![SignalKind::interrupt(), SignalKind::terminate()];
    if let Some(ignored) = ignored() {
        let others = [SignalKind::hangup(), SignalKind::quit()].into_iter();
        kinds.extend(others.filter(|kind| ignored & bit(*kind) == 0));
    }
    kinds
}

/// Catches SIGXFSZ, whose default is to kill the program: a write beyond the limit on file sizes
/// (`ulimit -f`) then fails with its cause.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub(super) fn survive_file_size_limit() -> io::Result<()> {
    let signal_number = rustix::process::Signal::XFSZ.as_raw();
    signal(SignalKind::from_raw(signal_number)).map(drop)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub(super) fn survive_file_size_limit() -> io::Result<()> {
    Ok(())
}

/// The signals that were ignored when the program started, a bit for each; Linux tells.
fn ignored() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok()
}

fn bit(kind: SignalKind) -> u64 {
    1 << (kind.as_raw_value() - 1)
}
