//! What is said of each wrong strategy.

/// Status, number of saved flags, what is said, what is not.
pub type Case = (&'static str, i32, usize, &'static [&'static str], &'static [&'static str]);

pub const CASES: &[Case] = &[
    (
        "saves_without_a_request",
        0,
        3,
        &[
            "3 flags are saved; the site saw no request for them BR CN US",
            "The site saw no request.",
        ],
        &["Note"],
    ),
    (
        "forgets_the_last_flag",
        1,
        2,
        &["1 flag has no result; the site saw no request for it US", "2 downloads in "],
        &["await", "lost"],
    ),
    (
        "records_a_flag_twice",
        0,
        3,
        &["Note: 1 result ignored: for a flag that had one already."],
        &[],
    ),
    (
        "records_an_unplanned_flag",
        0,
        3,
        &["Note: 1 result ignored: for a flag that is not in the plan."],
        &[],
    ),
    (
        "panics_at_once",
        1,
        0,
        &[
            "thread 'main' (",
            "as a bug would",
            "3 flags have no result; the site saw no request",
            "1 panic, reported above",
        ],
        &["because"],
    ),
    (
        "panics_at_the_last_flag",
        1,
        2,
        &["1 flag has no result", "1 panic, reported above"],
        &["because"],
    ),
    (
        "panics_in_a_thread",
        1,
        2,
        &["1 flag has no result; the site saw no request for it US", "1 panic, reported above"],
        &["because"],
    ),
    ("cannot_start", 1, 0, &["error: no runtime", "3 flags have no result"], &["because"]),
    ("fails_at_the_end", 1, 3, &["error: no runtime", "3 downloads in "], &["no result"]),
    (
        "save_not_awaited",
        1,
        0,
        &[
            "3 flags are recorded as saved, but their files are not there; the site answered 200 OK BR CN US",
            "0 downloads in ",
        ],
        &["Saved in"],
    ),
    (
        "removes_the_folder",
        1,
        0,
        &["3 flags are recorded as saved, but their files are not there"],
        &["Saved in"],
    ),
    (
        "saves_to_one_path",
        1,
        0,
        &[
            "1 flag is recorded as saved, but its file is not that flag",
            "2 flags are recorded as saved, but their files are not there",
        ],
        &[],
    ),
    (
        "requests_the_first_url",
        1,
        1,
        &[
            "2 flags are recorded as saved, but their files are not those flags; the site saw no request for them CN US",
            "The site saw 3 requests on 1 connection",
            "1 download in ",
        ],
        &[],
    ),
    (
        "prints_instead_of_recording",
        1,
        3,
        &[
            "3 flags have no result, but their files are there; the site answered 200 OK BR CN US",
            "3 downloads in ",
        ],
        &["lost"],
    ),
    (
        "posts",
        1,
        0,
        &[
            "3 flags failed: HTTP status 405 Method Not Allowed",
            "The site saw 3 requests for no flag of the plan, such as POST /flags/br/br.gif, answered 405 Method Not Allowed.",
        ],
        &["no request."],
    ),
    (
        "other_path",
        1,
        0,
        &["3 flags not found", "such as GET /images/br/br.gif, answered 404 Not Found."],
        &["/flags/br/br.gif"],
    ),
    ("adds_a_query", 0, 3, &["The site saw 3 requests"], &["for no flag", "no request"]),
    (
        "breaks_after_the_first",
        1,
        1,
        &["2 flags have no result", "1 download in "],
        &["await", "spawn"],
    ),
    ("aborts_the_tasks", 1, 0, &["3 flags have no result"], &["await"]),
    (
        "saves_and_records_a_failure",
        1,
        3,
        &[
            "3 flags failed: too slow",
            "3 flags are recorded as failed, but their files are there; the site answered 200 OK",
        ],
        &[],
    ),
    (
        "writes_anything",
        1,
        0,
        &["3 flags are recorded as saved, but their files are not those flags"],
        &["Saved in"],
    ),
    (
        "records_without_a_request",
        1,
        0,
        &[
            "3 flags are recorded as saved, but their files are not there; the site saw no request for them",
        ],
        &[],
    ),
    (
        "keeps_an_old_file",
        1,
        0,
        &["3 flags are recorded as saved, but their files are unchanged"],
        &["Saved in"],
    ),
];
