//! What the page says about each role.

use super::source::Role;

/// The text above the code of a role.
pub struct Text {
    pub role: Role,
    /// Fragment of the page's URL.
    pub id: &'static str,
    pub title: &'static str,
    /// The Python functions with their files.
    pub python: &'static [(&'static str, &'static [&'static str])],
    /// What changes from one downloader to the next, in one sentence of HTML.
    pub change: &'static str,
    /// Whether its code is folded.
    pub folded: bool,
}

/// The roles, in the order of the page.
pub const TEXTS: [Text; 7] = [
    Text {
        role: Role::Head,
        id: "head",
        title: "Documentation and imports",
        python: &[("import", &["flags.py", "flags_threadpool.py", "flags_asyncio.py"])],
        change: "The imports name the tools: flags-threadpool adds a pool and a channel, and \
            flags-async takes a client, streams and a runtime that work with futures.",
        folded: true,
    },
    Text {
        role: Role::GetFlag,
        id: "get_flag",
        title: "Get one flag",
        python: &[("get_flag", &["flags.py", "flags_asyncio.py"])],
        change: "flags-threadpool changes nothing; flags-async awaits where the others block.",
        folded: false,
    },
    Text {
        role: Role::DownloadOne,
        id: "download_one",
        title: "Download one flag",
        python: &[
            ("download_one", &["flags_threadpool.py", "flags_asyncio.py"]),
            ("save_flag", &["flags.py"]),
        ],
        change: "The body of flags-seq\u{2019}s loop becomes a function, so that many can run at \
            the same time.",
        folded: false,
    },
    Text {
        role: Role::DownloadMany,
        id: "download_many",
        title: "Download many flags",
        python: &[
            ("download_many", &["flags.py", "flags_threadpool.py"]),
            ("supervisor", &["flags_asyncio.py"]),
        ],
        change: "One loop that downloads and records becomes two steps: start the downloads, then \
            record their results as they arrive.",
        folded: false,
    },
    Text {
        role: Role::EventLoop,
        id: "event_loop",
        title: "Run the event loop",
        python: &[("download_many", &["flags_asyncio.py"])],
        change: "Only futures need an event loop, which runs them; the others just call functions.",
        folded: false,
    },
    Text {
        role: Role::Main,
        id: "main",
        title: "Pass the strategy to main",
        python: &[("main", &["flags.py"])],
        change: "Nothing changes: the argument is the strategy, as in Python.",
        folded: false,
    },
    Text {
        role: Role::Client,
        id: "client",
        title: "Set up the HTTP client",
        python: &[("httpx.get", &["flags.py"]), ("AsyncClient", &["flags_asyncio.py"])],
        change: "flags-threadpool changes nothing; flags-async makes the same choices in another \
            library\u{2019}s terms.",
        folded: true,
    },
];

/// What a column says where the downloader has no code for a role, in HTML.
pub fn absent(role: Role, variant: &str) -> &'static str {
    match (role, variant) {
        (Role::DownloadOne, _) => "No function: its loop does both steps inline, in one line:",
        (Role::EventLoop, "flags-seq") => {
            "None. Its only thread makes a request and is blocked until that request is done."
        }
        (Role::EventLoop, _) => {
            "None. Each request blocks a thread, and the operating system switches between threads."
        }
        _ => "None.",
    }
}
