//! A site can do anything: whatever it does, all three downloaders end soon, in little memory, save
//! the other flags, and say which flag failed and why. One table of faults.

mod support;

use std::fs;
use std::process::{Child, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Trial};
use support::tls::{Authority, certificate_for, start_tls_site};
use support::{VARIANTS, Variant, fault_server, is_flag};

/// A fault, and what comes of a download of CN and US from a site that has it.
struct Fault {
    /// As the server knows it.
    name: &'static str,
    /// Both flags are saved in spite of it, or neither is.
    saved: bool,
    /// What is said of a failure: one of these, as the two HTTP clients have words of their own.
    causes: &'static [&'static str],
}

const fn refused(name: &'static str, causes: &'static [&'static str]) -> Fault {
    Fault { name, saved: false, causes }
}

const TIMEOUT: &[&str] = &["timeout: receive response", "operation timed out"];
const TIMEOUT_IN_BODY: &[&str] = &["timeout: receive body", "operation timed out"];
const CUT: &[&str] = &["Peer disconnected", "end of file before message length reached"];
const TOO_LONG: &[&str] = &["larger than request limit", "length limit exceeded"];
const NO_GIF: &[&str] = &[
    "not a whole GIF image: malformed GIF header:",
    "not a whole GIF image: Unexpected End of File:",
];

const FAULTS: [Fault; 31] = [
    Fault { name: "none", saved: true, causes: &[] },
    Fault { name: "redirect", saved: true, causes: &[] },
    refused("redirect-to-itself", &["too many redirects"]),
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
    refused("204", NO_GIF),
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
    refused("empty", NO_GIF),
    refused("html", NO_GIF),
    refused("gif-cut-short", NO_GIF),
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
    command.args(["CN", "US", "--timeout", "0.5", "--base-url", site]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let started = Instant::now();
    let mut child = command.spawn().unwrap();
    let memory = peak_memory(&mut child);
    let output = child.wait_with_output().unwrap();
    // Two in sequence, each a small multiple of the timeout; the rest is for a busy machine.
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert!(memory.is_none_or(|kib| kib < 64 * 1024), "{memory:?} KiB of memory");

    let (stdout, stderr) = (String::from_utf8(output.stdout), String::from_utf8(output.stderr));
    let (stdout, stderr) = (stdout.unwrap(), stderr.unwrap());
    assert!(!stderr.contains("panicked"), "{stderr}");
    let mut files: Vec<_> = fs::read_dir(dir.path().join("downloaded")).unwrap().collect();
    files.sort_by_key(|file| file.as_ref().unwrap().file_name());
    if fault.saved {
        assert_eq!((output.status.code(), files.len()), (Some(0), 2), "{stderr}");
        assert!(files.iter().all(|file| is_flag(&file.as_ref().unwrap().path())));
    } else {
        assert_eq!((output.status.code(), files.len()), (Some(1), 0), "{stderr}");
        assert!(stdout.starts_with("0 downloads in "), "{stdout}");
        // Once for both; or twice, where ureq says how large the header of each was.
        let lines: Vec<_> = stderr.lines().skip(3).collect();
        let mut named = Vec::new();
        for failure in lines.chunks(2) {
            let [cause, codes] = failure else { panic!("no codes: {stderr}") };
            assert!(fault.causes.iter().any(|words| cause.contains(words)), "{cause}");
            named.push(codes.trim());
        }
        assert_eq!(support::codes_in_order(&named.join(" ")), "CN US");
    }
}

/// The most memory that the process had until it ended, in KiB, where the system tells.
fn peak_memory(child: &mut Child) -> Option<u64> {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(&status).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        peak = kib.or(peak);
        std::thread::sleep(Duration::from_millis(1)); // reads no more often than that
    }
    peak
}

fn five_fail(variant: &Variant) {
    let run = variant.run(&["--timeout", "0.5", "--base-url", &format!("{}/mixed", *SITE)]);
    assert_eq!((run.status, run.files().len()), (1, 15), "{}", run.stderr);
    for (codes, words) in [
        ("DE", "1 not found"),
        ("EG", "1 HTTP status 500 Internal Server Error"),
        ("FR", "1 not a whole GIF image"),
        ("IN", "1 "),
        ("IR", "1 "),
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
        let dir = tempfile::tempdir().unwrap();
        let trusted = dir.path().join("trusted.pem");
        fs::write(&trusted, authority.pem()).unwrap();
        let mut command = variant.command(dir.path());
        command.args(["CN", "--base-url", &site]);
        command.env_remove("SSL_CERT_DIR").env("SSL_CERT_FILE", trusted);
        let run = support::finish(command, dir);
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
