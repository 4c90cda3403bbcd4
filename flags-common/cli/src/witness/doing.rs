//! What a thread does, as its system call tells.

use std::fmt;

use nanoserde::{DeJson, SerJson};

/// What a thread can be seen to do. Where several were seen at the same time, a later one counts: a
/// `sleep` in a future is a sleep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, DeJson, SerJson)]
pub enum Doing {
    /// It is in a blocking call of `get_flag`.
    GetFlag,
    /// It waits for any of many events: the thread of an event loop is free.
    WaitsForEvents,
    /// It runs, or waits for a core.
    Runs,
    /// It runs a future of `get_flag`.
    RunsFuture,
    /// It waits for the network.
    WaitsForNetwork,
    /// It waits for a lock, a channel or another thread's end, which cannot be told apart.
    IsBlocked,
    /// It sleeps.
    Sleeps,
    /// It is in another system call: it waits for something else.
    WaitsForOther,
    /// It is in `save_flag`.
    SaveFlag,
}

impl Doing {
    /// What a sentence about a thread says.
    fn words(self) -> &'static str {
        match self {
            Self::GetFlag => "in get_flag",
            Self::WaitsForEvents => "waits for events",
            Self::Runs => "runs, or waits for a core",
            Self::RunsFuture => "runs a flag's code",
            Self::WaitsForNetwork => "waits for the network",
            Self::IsBlocked => "is blocked: a lock, a channel, a join or the like",
            Self::Sleeps => "sleeps",
            Self::WaitsForOther => "waits for something else",
            Self::SaveFlag => "save_flag",
        }
    }

    /// The same without what explains it.
    pub(crate) fn first_words(self) -> &'static str {
        self.words().split([',', ':']).next().unwrap_or_default()
    }
}

impl fmt::Display for Doing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// What a line of `/proc/self/task/TID/syscall` tells: the number of a system call, and its arguments.
/// `None` if it does not tell. `in_get_flag` tells whether the thread is in a call of `get_flag`.
pub(super) fn doing(line: &str, in_get_flag: impl FnOnce() -> bool) -> Option<Doing> {
    let mut words = line.split_whitespace();
    match words.next()? {
        "running" => Some(Doing::Runs),
        number => in_call(number.parse().ok()?, words.next()?, words.next()?, in_get_flag),
    }
}

/// What a thread does in the system call `number`, with these first two arguments.
#[cfg(target_os = "linux")]
fn in_call(
    number: libc::c_long,
    first: &str,
    second: &str,
    in_get_flag: impl FnOnce() -> bool,
) -> Option<Doing> {
    let is_socket = || {
        let fd = u32::from_str_radix(first.trim_start_matches("0x"), 16).ok()?;
        let file = std::fs::read_link(format!("/proc/self/fd/{fd}")).ok()?;
        Some(file.to_string_lossy().starts_with("socket:"))
    };
    let waits_for_network = || match is_socket() {
        Some(true) => Doing::WaitsForNetwork,
        _ => Doing::WaitsForOther,
    };
    // ureq polls a socket until it is connected; others may poll anything, and `Command::output` polls
    // two pipes.
    let polls = || match second == "0x1" && in_get_flag() {
        true => Doing::WaitsForNetwork,
        false => Doing::WaitsForOther,
    };
    #[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
    match number {
        libc::SYS_epoll_wait => return Some(Doing::WaitsForEvents),
        libc::SYS_poll => return Some(polls()),
        _ => {}
    }
    Some(match number {
        libc::SYS_epoll_pwait | libc::SYS_epoll_pwait2 => Doing::WaitsForEvents,
        libc::SYS_nanosleep | libc::SYS_clock_nanosleep => Doing::Sleeps,
        libc::SYS_futex => Doing::IsBlocked,
        libc::SYS_ppoll => polls(),
        libc::SYS_recvfrom | libc::SYS_recvmsg | libc::SYS_sendto | libc::SYS_sendmsg => {
            waits_for_network()
        }
        libc::SYS_connect | libc::SYS_accept4 => Doing::WaitsForNetwork,
        libc::SYS_read | libc::SYS_write | libc::SYS_readv | libc::SYS_writev => {
            waits_for_network()
        }
        -1 => return None,
        _ => Doing::WaitsForOther, // a thread in a system call is asleep
    })
}

#[cfg(not(target_os = "linux"))]
fn in_call(_: i64, _: &str, _: &str, _: impl FnOnce() -> bool) -> Option<Doing> {
    None
}
