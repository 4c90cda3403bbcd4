//! What a thread waits for in a system call.

use nanoserde::{DeJson, SerJson};

/// What a thread is seen to do in a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, DeJson, SerJson)]
pub enum State {
    /// It waits for any of many events: the thread of an event loop is free.
    WaitsForEvents,
    /// It sleeps.
    Sleeps,
    /// It waits for a lock, a channel or another thread's end, which cannot be told apart.
    WaitsForThread,
    /// It waits for the network.
    WaitsForNetwork,
    /// It reads or writes a file.
    UsesFile,
    /// It runs, or waits for a core.
    Runs,
}

/// The state that a line of `/proc/self/task/TID/syscall` tells: the number of a system call, and its
/// arguments. `None` if it does not tell.
pub(super) fn state(line: &str) -> Option<State> {
    let mut words = line.split_whitespace();
    match words.next()? {
        "running" => Some(State::Runs),
        number => in_call(number.parse().ok()?, words.next()?),
    }
}

/// The state of a thread in the system call `number`, with this first argument.
#[cfg(target_os = "linux")]
fn in_call(number: libc::c_long, first: &str) -> Option<State> {
    let is_socket = || {
        let fd = u32::from_str_radix(first.trim_start_matches("0x"), 16).ok()?;
        let file = std::fs::read_link(format!("/proc/self/fd/{fd}")).ok()?;
        Some(file.to_string_lossy().starts_with("socket:"))
    };
    #[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
    match number {
        libc::SYS_epoll_wait => return Some(State::WaitsForEvents),
        libc::SYS_poll => return Some(State::WaitsForNetwork),
        _ => {}
    }
    match number {
        libc::SYS_epoll_pwait | libc::SYS_epoll_pwait2 => Some(State::WaitsForEvents),
        libc::SYS_nanosleep | libc::SYS_clock_nanosleep => Some(State::Sleeps),
        libc::SYS_futex => Some(State::WaitsForThread),
        libc::SYS_recvfrom | libc::SYS_recvmsg | libc::SYS_sendto | libc::SYS_sendmsg => {
            Some(State::WaitsForNetwork)
        }
        libc::SYS_connect | libc::SYS_accept4 | libc::SYS_ppoll => Some(State::WaitsForNetwork),
        libc::SYS_read | libc::SYS_write | libc::SYS_readv | libc::SYS_writev => {
            match is_socket() {
                Some(true) => Some(State::WaitsForNetwork),
                _ => Some(State::UsesFile),
            }
        }
        libc::SYS_openat | libc::SYS_fsync | libc::SYS_renameat2 => Some(State::UsesFile),
        -1 => None,
        _ => Some(State::Runs), // in a call that waits for nothing else
    }
}

#[cfg(not(target_os = "linux"))]
fn in_call(_: i64, _: &str) -> Option<State> {
    None
}
