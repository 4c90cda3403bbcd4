//! The command line: right ones, and a table of wrong ones. A wrong command line goes here, since no
//! downloader is needed to reject it.

use std::iter;

use super::*;
use crate::background;

fn parse(args: &str) -> Result<Options, clap::Error> {
    let args = iter::once("flags-seq").chain(args.split_whitespace());
    Options::try_parse("flags-seq", args.map(OsString::from))
}

#[test]
fn codes_are_sorted_and_unique() {
    let codes = |args: &str| {
        let options = parse(args).unwrap();
        let plan = options.plan("http://h");
        plan.flags.iter().map(|flag| flag.cc.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes("us CN Us"), ["CN", "US"]);
    assert_eq!(codes("b")[..2], ["BA", "BB"]);
    assert_eq!(codes("B BA -l999").len(), 26);
}

#[test]
fn remote_is_the_books_site() {
    let background = background::start().unwrap();
    let site = parse("-s remote").unwrap().site.open(&background).unwrap();
    let book = "https://www.fluentpython.com/data/flags";
    assert_eq!((site.label, site.base_url.as_str()), ("REMOTE site", book));
}

/// Wrong command lines, each with a part of the message that says why. A new one goes here.
const USAGE_ERRORS: &[(&str, &str)] = &[
    ("-m 0", "1..=1000"),
    ("-m 1001", "1..=1000"),
    ("-l 0", "non-zero"),
    ("CHN", "AA to ZZ"),
    ("1", "A to Z"),
    ("é", "A to Z"),
    ("CN/../../x", "AA to ZZ"),
    ("-s NOWHERE", "possible values"),
    ("--base-url ftp://127.0.0.1/", "http:// or https://"),
    ("--base-url http://", "not a URL"),
    ("--base-url http://:80/", "not a name or an address"),
    ("--base-url http://h:/", "not a number"),
    ("--base-url http://h:99999/", "not a number"),
    ("--base-url http://127.0.0.1/a/../b", "a '.' or '..'"),
    ("--base-url http://127.0.0.1/%2E./b", "a '.' or '..'"),
    ("--base-url http://127.0.0.1\\flags", "no query (?), fragment (#) or \\"),
    ("--base-url http://127.0.0.1./", "not a name or an address"),
    ("--base-url http://127.1/", "an address such as 127.0.0.1"),
    ("--base-url http://\u{e9}.fr/", "not a URL"),
    ("--base-url http://127.0.0.1/?x", "no query (?)"),
    ("--base-url http://me:secret@127.0.0.1/", "a user name is not supported"),
    ("--base-url http://127.0.0.1/ -s LOCAL", "cannot be used with"),
    ("--base-url http://127.0.0.1/ --latency 1", "cannot be used with"),
    ("-s Remote --latency 1", "REMOTE is not one"),
    ("--latency 3600001", "0..=3600000"),
    ("--timeout 0", "0.001 to 86400"),
    ("--timeout nan", "0.001 to 86400"),
    ("-a CN", "cannot be used with"),
    ("--dest-dir=~/flags", "write $HOME"),
    ("--timeline=~/run.svg", "write $HOME"),
    ("--timeline=run.png", "ending in .svg or .json"),
    ("--check -l 3", "cannot be used with"),
];

#[test]
fn wrong_command_lines_are_usage_errors() {
    for (args, why) in USAGE_ERRORS {
        let error = parse(args).expect_err(args);
        assert_eq!(error.exit_code(), 2, "{args}: {error}");
        assert!(error.to_string().contains(why), "{args}: no {why:?} in {error}");
    }
}
