//! The table: command lines, and what each of them does with every downloader.

use flags_common::{ALL_CC, CountryCode};

/// A command line and what it does.
pub(super) struct Case {
    /// The command line, separated by spaces.
    pub args: &'static str,
    pub status: i32,
    /// The codes of the saved flags, in order.
    pub saved: Vec<&'static str>,
    /// The lines on stderr without the last two, which follow from the rest: what the demo site saw,
    /// and where the flags were saved. `…` stands for any text, such as a client's own words.
    pub stderr: &'static [&'static str],
}

fn case(
    args: &'static str,
    status: i32,
    saved: &'static str,
    stderr: &'static [&'static str],
) -> Case {
    Case { args, status, saved: saved.split_whitespace().collect(), stderr }
}

/// The first line of a run at the demo site.
const LOCAL: &str = "LOCAL site: http://127.0.0.1:…/flags";

/// The second line of a run with one flag.
const CN: &str = "1 flag, CN; at most 1 request at once allowed";

/// The second line of a run with two flags.
const CN_TO_US: &str = "2 flags, CN to US; at most 2 requests at once allowed";

pub(super) fn table() -> Vec<Case> {
    const POP20: &str = "BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN";
    const REFUSED: &[&str] = &[
        "Site: http://127.0.0.1:1",
        CN_TO_US,
        "2 flags failed: …Connection refused…",
        "  CN US",
        "  Nothing listens there: …",
    ];
    let all = || ALL_CC.iter().map(CountryCode::as_str).collect();
    vec![
        // Which flags.
        case("", 0, POP20, &[LOCAL, "20 flags, BD to VN; at most 20 requests at once allowed"]),
        case("cn", 0, "CN", &[LOCAL, CN]),
        case("us CN Us", 0, "CN US", &[LOCAL, CN_TO_US]),
        case(
            "v -l 3",
            1,
            "VA VC",
            &[
                LOCAL,
                "3 flags, VA to VC; at most 3 requests at once allowed",
                "1 flag not found: http://127.0.0.1:…/flags/vb/vb.gif",
                "  VB",
            ],
        ),
        case(
            "-l 3",
            0,
            "BD BR CD",
            &[LOCAL, "3 flags, BD to CD; at most 3 requests at once allowed"],
        ),
        case("--limit 1", 0, "BD", &[LOCAL, "1 flag, BD; at most 1 request at once allowed"]),
        case("--limit 999 CN", 0, "CN", &[LOCAL, CN]),
        case(
            "-a -l 2",
            0,
            "AD AE",
            &[LOCAL, "2 flags, AD to AE; at most 2 requests at once allowed"],
        ),
        Case {
            saved: all(),
            ..case(
                "--all --latency 0",
                0,
                "",
                &[LOCAL, "194 flags, AD to ZW; at most 30 requests at once allowed"],
            )
        },
        Case {
            saved: all(),
            ..case(
                "--every --latency 0",
                1,
                "",
                &[
                    LOCAL,
                    "676 flags, AA to ZZ; at most 30 requests at once allowed",
                    "482 flags not found: for example http://127.0.0.1:…/flags/…/….gif (-v lists them)",
                ],
            )
        },
        case(
            "-e -l 4",
            1,
            "AD",
            &[
                LOCAL,
                "4 flags, AA to AD; at most 4 requests at once allowed",
                "3 flags not found: for example http://127.0.0.1:…/flags/a….gif",
                "  AA AB AC",
            ],
        ),
        // How.
        case(
            "-m 1 CN US",
            0,
            "CN US",
            &[LOCAL, "2 flags, CN to US; at most 1 request at once allowed"],
        ),
        case(
            "-m 2 -l 5",
            0,
            "BD BR CD CN DE",
            &[LOCAL, "5 flags, BD to DE; at most 2 requests at once allowed"],
        ),
        case("--max-req 1000 CN US", 0, "CN US", &[LOCAL, CN_TO_US]),
        case("--timeout 60.5 CN", 0, "CN", &[LOCAL, CN]),
        case("--latency 1 CN", 0, "CN", &[LOCAL, CN]),
        case(
            "--latency 3600000 --timeout 0.2 CN US",
            1,
            "",
            &[LOCAL, CN_TO_US, "2 flags failed: …time…", "  CN US"],
        ),
        // From where.
        case("-s local CN", 0, "CN", &[LOCAL, CN]),
        case("-s Delay CN", 0, "CN", &["DELAY site: http://127.0.0.1:…/flags", CN]),
        case(
            "--server eRRoR FR IN IR YY",
            1,
            "IR",
            &[
                "ERROR site: http://127.0.0.1:…/flags",
                "4 flags, FR to YY; at most 4 requests at once allowed",
                "1 flag not found: http://127.0.0.1:…/flags/yy/yy.gif",
                "  YY",
                "2 flags failed: HTTP status 418 I'm a teapot",
                "  FR IN",
            ],
        ),
        case("--base-url http://127.0.0.1:1 CN US", 1, "", REFUSED),
        case("--base-url HTTP://127.0.0.1:1/ CN US", 1, "", REFUSED),
    ]
}

/// Command lines that are wrong, each with a part of the message that says why.
pub(super) const USAGE_ERRORS: &[(&str, &str)] = &[
    ("-m 0", "1..=1000"),
    ("-m 1001", "1..=1000"),
    ("-m -1", "unexpected argument"),
    ("-m x", "invalid digit"),
    ("-m", "a value is required"),
    ("-m 1 -m 2", "cannot be used multiple times"),
    ("-l 0", "non-zero"),
    ("-l x", "invalid digit"),
    ("-l 99999999999999999999", "too large"),
    ("CHN", "AA to ZZ"),
    ("12", "AA to ZZ"),
    ("C1", "AA to ZZ"),
    ("1", "A to Z"),
    ("é", "A to Z"),
    ("../..", "AA to ZZ"),
    ("/", "A to Z"),
    ("CN/../../x", "AA to ZZ"),
    ("CN US XXX", "AA to ZZ"),
    ("-s NOWHERE", "possible values"),
    ("-s", "a value is required"),
    ("--base-url nowhere", "http:// or https://"),
    ("--base-url /flags", "http:// or https://"),
    ("--base-url ftp://127.0.0.1/", "http:// or https://"),
    ("--base-url file:///etc", "http:// or https://"),
    ("--base-url http://", "empty host"),
    ("--base-url http://127.0.0.1/?x", "no query"),
    ("--base-url http://127.0.0.1/#x", "no fragment"),
    ("--base-url http://me:secret@127.0.0.1/", "a user name is not supported"),
    ("--base-url http://127.0.0.1/ -s LOCAL", "cannot be used with"),
    ("--base-url http://127.0.0.1/ --latency 1", "cannot be used with"),
    ("-s ERROR --latency 1", "only with the demo site LOCAL"),
    ("-s delay --latency 1", "only with the demo site LOCAL"),
    ("-s Remote --latency 1", "only with the demo site LOCAL"),
    ("--latency x", "invalid digit"),
    ("--latency 3600001", "0..=3600000"),
    ("--timeout 0", "0.001 to 86400"),
    ("--timeout -1", "unexpected argument"),
    ("--timeout nan", "0.001 to 86400"),
    ("--timeout 1e300", "0.001 to 86400"),
    ("-a -e", "cannot be used with"),
    ("-a CN", "cannot be used with"),
    ("-e CN", "cannot be used with"),
    ("--dest-dir", "a value is required"),
    ("--timeline=run.png", "ending in .svg or .json"),
    ("--nonsense", "unexpected argument"),
];
