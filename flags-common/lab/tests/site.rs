//! The demo site is a server: whatever a client does, it answers with an HTTP error or closes the
//! connection, and goes on serving.

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use flags_common::site::flag_image;
use support::TestSite;

fn connect(site: &TestSite) -> TcpStream {
    let host = site.base_url["http://".len()..].split('/').next().unwrap();
    let stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap(); // no test hangs
    stream
}

/// Sends a request and returns what comes until the connection is closed.
fn send(site: &TestSite, request: &[u8]) -> String {
    let mut stream = connect(site);
    _ = stream.write_all(request); // it may have hung up already
    let mut answer = Vec::new();
    _ = stream.read_to_end(&mut answer); // a reset ends it as well
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").into_bytes()
}

fn assert_serves(site: &TestSite) {
    let mut stream = connect(site);
    stream.write_all(&get("/flags/cn/cn.gif")).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    assert!(answer.ends_with(flag_image("CN".parse().unwrap()).unwrap()));
}

#[test]
fn it_has_the_flags_and_a_page_and_nothing_else() {
    let site = TestSite::with_latency(0);
    assert_serves(&site);
    let page = send(&site, &get("/"));
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    assert_eq!(page.matches("<img src=/flags/").count(), 194);
    for path in [
        "/flags/xx/xx.gif",
        "/flags/CN/CN.gif",
        "/flags/cn/us.gif",
        "/flags/cn/cn.png",
        "/flags",
        "/flags/",
        "/flags/cn",
        "/flags/cn/",
        "/x",
        "//",
        "/flags/cn/cn.gif/",
        "/flags/../flags/cn/cn.gif",
        "/../../etc/passwd",
        "/flags/%2e%2e/%2e%2e/etc/passwd",
        "/flags/cn/%00.gif",
        "/flags/%C3%A9/x",
    ] {
        let answer = send(&site, &get(path));
        assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{path}: {answer}");
    }
    assert_serves(&site);
}

#[test]
fn it_withstands_what_is_no_request() {
    let site = TestSite::with_latency(0);
    let long = format!("/{}", "x".repeat(1 << 20));
    for (request, statuses) in [
        (get(&long), &["414", "431", "400", ""][..]),
        (get("/flags/cn/\0.gif"), &["400", "404", ""]),
        (
            b"BREW /flags/cn/cn.gif HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".into(),
            &["405"],
        ),
        (b"\x16\x03\x01\x02\x00garbage\r\n\r\n".into(), &["400", ""]),
        (b"\0\0\0\0\r\n\r\n".into(), &["400", ""]),
        (b"GET / HTTP/9.9\r\n\r\n".into(), &["400", "505", ""]),
    ] {
        let answer = send(&site, &request);
        let status = answer.split(' ').nth(1).unwrap_or_default();
        let start = String::from_utf8_lossy(&request[..20.min(request.len())]).into_owned();
        assert!(statuses.contains(&status), "{start:?} gave {answer:?}");
        assert_serves(&site);
    }
}

#[test]
fn a_request_that_never_ends_is_in_nobody_s_way() {
    let site = TestSite::with_latency(0);
    let mut half_open: Vec<_> = (0..100).map(|_| connect(&site)).collect();
    for stream in &mut half_open {
        stream.write_all(b"GET /flags/cn/cn.gif HTTP/1.1\r\nHost:").unwrap();
    }
    assert_serves(&site);
}

#[test]
fn it_takes_a_thousand_connections_at_once() {
    _ = rlimit::increase_nofile_limit(u64::MAX);
    let site = TestSite::with_latency(500);
    let mut streams: Vec<_> = (0..1000).map(|_| connect(&site)).collect();
    for stream in &mut streams {
        stream.write_all(&get("/flags/cn/cn.gif")).unwrap();
    }
    for mut stream in streams {
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    }
    assert_eq!((site.counters.connections(), site.counters.requests()), (1000, 1000));
}
