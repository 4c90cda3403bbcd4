//! A site can do anything: whatever it does, all three downloaders end soon, in little memory, save
//! the other flags, and say which flag failed and why. One table of faults.

mod support;

use std::process::{Child, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Trial};
use support::tls::{Authority, certificate_for, run_trusting, start_tls_site};
use support::{VARIANTS, Variant, fault_server, is_flag, process_status};

/// A fault, and what comes of a download of CN, US and VN from a site that has it but for VN.
struct Fault {
    /// As the server knows it.
    name: &'static str,
    /// CN and US are saved in spite of it, or neither is. VN is in any case.
    saved: bool,
    /// What is said of a failure: where the HTTP clients have words of their own, first ureq's and
    /// then reqwest's.
    causes: &'static [&'static str],
}

impl Fault {
    fn cause(&self, variant: &Variant) -> Option<&str> {
        let reqwest = variant.name == "flags-async";
        if reqwest { self.causes.last() } else { self.causes.first() }.copied()
    }

    /// Short where it is what ends the request; elsewhere a busy machine is to have time.
    fn timeout(&self) -> &str {
        if self.causes.iter().any(|cause| cause.contains("time")) { "1" } else { "10" }
    }
}

const fn refused(name: &'static str, causes: &'static [&'static str]) -> Fault {
    Fault { name, saved: false, causes }
}

const TIMEOUT: &[&str] = &["timeout: receive response", "operation timed out"];
const TIMEOUT_IN_BODY: &[&str] = &["timeout: receive body", "operation timed out"];
const CUT: &[&str] = &["Peer disconnected", "end of file before message length reached"];
const TOO_LONG: &[&str] = &["larger than request limit", "length limit exceeded"];
const NO_GIF: &[&str] = &["not a whole GIF image: malformed GIF header:"];
const CUT_GIF: &[&str] = &["not a whole GIF image: Unexpected End of File:"];

const FAULTS: [Fault; 33] = [
    Fault { name: "none", saved: true, causes: &[] },
    Fault { name: "redirect", saved: true, causes: &[] },
    refused("redirect-to-itself", &["too many redirects"]),
    Fault { name: "10-hops", saved: true, causes: &[] },
    refused("11-hops", &["too many redirects"]),
    refused("redirect-to-file", &["too many redirects", "HTTP status 302 Found"]),
    refused("redirect-to-ftp", &["unknown scheme: ftp:", "URL scheme is not allowed"]),
    refused("redirect-with-escape", &["malformed: ftp://\u{fffd}31m:", "HTTP status 302 Found"]),
    refused("redirect-to-dead-port", &["2 io: Connection refused", "2 error sending request: "]),
    refused("404", &["not found"]),
    refused("410", &["HTTP status 410 Gone"]),
    refused("418", &["HTTP status 418 I'm a teapot"]),
    refused("429", &["HTTP status 429 Too Many Requests"]),
    refused("500", &["HTTP status 500 Internal Server Error"]),
    refused("503", &["HTTP status 503 Service Unavailable"]),
    refused("204", CUT_GIF),
    refused("closes", &["Peer disconnected", "connection closed before message completed"]),
    refused("silent", TIMEOUT),
    refused("trickle", TIMEOUT_IN_BODY),
    refused("trickle-head", TIMEOUT),
    refused("cut", CUT),
    refused("reset", &["Peer disconnected", "Connection reset by peer"]),
    refused("length-too-long", TIMEOUT_IN_BODY),
    Fault { name: "longer-than-length", saved: true, causes: &[] },
    refused("malformed", &["invalid HTTP version", "invalid HTTP"]),
    refused("header-of-1-mb", &["response header is too big", "message head is too large"]),
    refused("empty", CUT_GIF),
    refused("html", NO_GIF),
    refused("gif-cut-short", CUT_GIF),
    refused("chunked-2-gib", TOO_LONG),
    refused("length-of-10-gb", TOO_LONG),
    refused("error-without-end", &["HTTP status 500 Internal Server Error"]),
    refused("gzip", NO_GIF),
];

static SITE: LazyLock<String> = LazyLock::new(fault_server::start);

fn main() {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(8); // the downloaders mostly wait
    let mut trials = Vec::new();
    for variant in VARIANTS.iter() {
        for fault in &FAULTS {
            let name = format!("{}: {}", variant.name, fault.name);
            trials.push(Trial::test(name, move || {
                let site = format!("{}/{}", *SITE, fault.name);
                check(variant, &site, fault);
                Ok(())
            }));
        }
        for (name, test) in [
            ("five fail, each in its own way", five_fail as fn(&Variant)),
            ("a name that does not resolve", unknown_name),
            ("certificates that are no good", bad_certificates),
            ("proxies that are not there", dead_proxies),
            ("a handshake that is not answered", no_handshake),
        ] {
            trials.push(Trial::test(format!("{}: {name}", variant.name), move || {
                test(variant);
                Ok(())
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn check(variant: &Variant, site: &str, fault: &Fault) {
    let dir = tempfile::tempdir().unwrap();
    let mut command = variant.command(dir.path());
    command.args(["CN", "US", "VN", "--timeout", fault.timeout(), "--base-url", site]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let started = Instant::now();
    let mut child = command.spawn().unwrap();
    let memory = peak_memory(&mut child);
    let output = child.wait_with_output().unwrap();
    // At most two fail in sequence, each after a small multiple of the timeout; the rest is for a
    // busy machine.
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert!(memory.is_none_or(|kib| kib < 64 * 1024), "{memory:?} KiB of memory");

    let (stdout, stderr) = (String::from_utf8(output.stdout), String::from_utf8(output.stderr));
    let (stdout, stderr) = (stdout.unwrap(), stderr.unwrap());
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert!(!stderr.replace('\n', "").contains(char::is_control), "{stderr:?}");
    let folder = dir.path().join("downloaded");
    let names = support::files(dir.path());
    assert!(names.iter().all(|name| is_flag(&folder.join(name))));
    if fault.saved {
        assert_eq!((output.status.code(), stderr.lines().count()), (Some(0), 3), "{stderr}");
        assert_eq!(names, ["CN.gif", "US.gif", "VN.gif"]);
        assert!(stdout.contains("\n3 downloads in "), "{stdout}");
    } else {
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert_eq!(names, ["VN.gif"], "{stderr}");
        assert!(stdout.starts_with("VN\n1 download in "), "{stdout}");
        let lines: Vec<_> = stderr.lines().skip(3).collect();
        // Once for both; or twice, where ureq says how large the header of each was.
        let most = if fault.name == "header-of-1-mb" { 2 } else { 1 };
        assert!((1..=most).contains(&(lines.len() / 2)), "{stderr}");
        let mut named = Vec::new();
        for failure in lines.chunks(2) {
            let [cause, codes] = failure else { panic!("no codes: {stderr}") };
            assert!(cause.contains(fault.cause(variant).unwrap()), "{cause}");
            named.push(codes.trim());
        }
        assert_eq!(support::codes_in_order(&named.join(" ")), "CN US");
    }
}

/// The most memory that the process had until it ended, in KiB, where the system tells.
fn peak_memory(child: &mut Child) -> Option<u64> {
    let mut peak = None;
    while child.try_wait().unwrap().is_none() {
        peak = process_status(child.id(), "VmHWM").or(peak);
        std::thread::sleep(Duration::from_millis(1)); // reads no more often than that
    }
    peak
}

fn five_fail(variant: &Variant) {
    let (closed, timeout) = match variant.name {
        "flags-async" => ("1 error sending request: client error", "1 error sending request: oper"),
        _ => ("1 io: Peer disconnected", "1 timeout: receive response"),
    };
    let run = variant.run(&["--timeout", "2", "--base-url", &format!("{}/mixed", *SITE)]);
    assert_eq!((run.status, run.files().len()), (1, 15), "{}", run.stderr);
    for (codes, words) in [
        ("DE", "1 not found"),
        ("EG", "1 HTTP status 500 Internal Server Error"),
        ("FR", "1 not a whole GIF image"),
        ("IN", closed),
        ("IR", timeout),
    ] {
        let lines: Vec<_> = run.stderr.lines().collect();
        let named: Vec<_> = (0..lines.len()).filter(|&i| lines[i].trim() == codes).collect();
        let [at] = named[..] else { panic!("{codes} is not named once: {}", run.stderr) };
        assert!(lines[at - 1].starts_with(words), "{codes}: {}", lines[at - 1]);
    }
}

fn unknown_name(variant: &Variant) {
    let run = variant.run(&["CN", "--base-url", "http://no-such-host.invalid/"]);
    assert_eq!((run.status, run.files().len()), (1, 0), "{}", run.stderr);
    assert!(run.stderr.contains("failed to lookup address information"), "{}", run.stderr);
}

fn bad_certificates(variant: &Variant) {
    let authority = Authority::new("A company");
    let mut expired = certificate_for("127.0.0.1");
    expired.not_after = rcgen::date_time_ymd(2001, 1, 1);
    let own = certificate_for("127.0.0.1");
    let other = certificate_for("example.org");
    for (site, words) in [
        (start_tls_site(expired, Some(&authority)), "expired"),
        (start_tls_site(own, None), "UnknownIssuer"),
        (start_tls_site(other, Some(&authority)), "not valid for name"),
    ] {
        let run = run_trusting(variant, Some(&authority), &["CN", "--base-url", &site]);
        assert_eq!((run.status, run.files().len()), (1, 0), "{}", run.stderr);
        assert!(run.stderr.contains(words), "no {words:?} in {}", run.stderr);
    }
}

fn dead_proxies(variant: &Variant) {
    let dir = tempfile::tempdir().unwrap();
    let mut command = variant.command(dir.path());
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env(name, "http://127.0.0.1:1").env(name.to_lowercase(), "http://127.0.0.1:1");
    }
    command.args(["CN", "US"]);
    let run = support::finish(command, dir);
    assert_eq!((run.status, run.files().len()), (0, 2), "{}", run.stderr);
}

/// The site takes the connection, and then says nothing of TLS.
fn no_handshake(variant: &Variant) {
    let site = SITE.replace("http:", "https:");
    let run = variant.run(&["CN", "--timeout", "0.5", "--base-url", &site]);
    assert_eq!((run.status, run.files().len()), (1, 0), "{}", run.stderr);
    let words = match variant.name {
        "flags-async" => "operation timed out",
        _ => "timeout: connect",
    };
    assert!(run.stderr.contains(words), "{}", run.stderr);
}
