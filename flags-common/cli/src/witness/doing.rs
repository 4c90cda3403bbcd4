//! What a thread does, as its system call tells.

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
    pub(crate) fn words(self) -> &'static str {
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

/// What a line of `/proc/self/task/TID/syscall` tells: the number of a system call, and its arguments.
/// `None` if it does not tell.
pub(super) fn doing(line: &str) -> Option<Doing> {
    let mut words = line.split_whitespace();
    match words.next()? {
        "running" => Some(Doing::Runs),
        number => in_call(number.parse().ok()?, words.next()?),
    }
}

/// What a thread does in the system call `number`, whose first argument is this hexadecimal number.
#[cfg(target_os = "linux")]
fn in_call(number: libc::c_long, first: &str) -> Option<Doing> {
    let first = u64::from_str_radix(first.trim_start_matches("0x"), 16).ok()?;
    let waits_for = |fd: u64| match std::fs::read_link(format!("/proc/self/fd/{fd}")) {
        Ok(file) if file.to_string_lossy().starts_with("socket:") => Doing::WaitsForNetwork,
        _ => Doing::WaitsForOther,
    };
    Some(match number {
        #[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
        libc::SYS_epoll_wait => Doing::WaitsForEvents,
        libc::SYS_epoll_pwait | libc::SYS_epoll_pwait2 => Doing::WaitsForEvents,
        libc::SYS_nanosleep | libc::SYS_clock_nanosleep => Doing::Sleeps,
        libc::SYS_futex => Doing::IsBlocked,
        // ureq polls its socket until it is connected; `Command::output` polls two pipes.
        #[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
        libc::SYS_poll => waits_for(first_polled(first)?),
        libc::SYS_ppoll => waits_for(first_polled(first)?),
        libc::SYS_connect | libc::SYS_accept4 => Doing::WaitsForNetwork,
        libc::SYS_recvfrom | libc::SYS_recvmsg | libc::SYS_sendto | libc::SYS_sendmsg => {
            waits_for(first)
        }
        libc::SYS_read | libc::SYS_write | libc::SYS_readv | libc::SYS_writev => waits_for(first),
        -1 => return None,
        _ => Doing::WaitsForOther, // a thread in a system call is asleep
    })
}

/// The first descriptor of those that a `poll` waits for, which lie at this address in memory.
#[cfg(target_os = "linux")]
fn first_polled(address: u64) -> Option<u64> {
    use std::os::unix::fs::FileExt;
    let mut fd = [0; 4];
    std::fs::File::open("/proc/self/mem").ok()?.read_exact_at(&mut fd, address).ok()?;
    i32::from_ne_bytes(fd).try_into().ok()
}

#[cfg(not(target_os = "linux"))]
fn in_call(_: i64, _: &str) -> Option<Doing> {
    None
}
