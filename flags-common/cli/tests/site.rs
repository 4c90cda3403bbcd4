//! The demo site is a server: whatever a client does, the site answers with an HTTP error or closes
//! the connection, and serves the next client.

use std::io::{Read, Write};

use flags_cli::site::flag_image;
use flags_testing::http::{self, connect, request};
use flags_testing::sites::TestSite;

/// Sends a request and returns what comes until the connection is closed.
fn send(site: &TestSite, request: &[u8]) -> String {
    String::from_utf8_lossy(&http::send(&site.base_url, request)).into_owned()
}

fn assert_serves(site: &TestSite) {
    let (head, image) = http::get(&site.base_url, "/flags/cn/cn.gif");
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"));
    assert_eq!(image, flag_image("CN".parse().unwrap()).unwrap());
}

#[test]
fn page_shows_every_flag() {
    let site = TestSite::with_latency(0);
    for path in ["/", "/flags", "/flags/"] {
        let page = send(&site, &request(path));
        assert!(page.starts_with("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n"), "{page}");
        assert_eq!(page.matches("<img src=/flags/").count(), 194);
    }
    assert_eq!(site.counters().requests, 3, "the page counts, too");
}

#[test]
fn other_paths_are_not_found() {
    let site = TestSite::with_latency(0);
    let paths = "/flags/xx/xx.gif /flags/CN/CN.gif /flags/cn/us.gif /flags/cn/cn.png /flags/cn \
        /flags/cn/cn.gif/ /flags//cn/cn.gif /flags/../flags/cn/cn.gif /flags/%2e%2e/etc/passwd \
        /flags/%C3%A9/x /flagscn/cn.gif /../../etc/passwd // /x";
    for path in paths.split(' ') {
        let answer = send(&site, &request(path));
        assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{path}: {answer}");
    }
    assert_eq!(site.counters().requests, paths.split(' ').count(), "each is recorded");
    assert_serves(&site);
}

/// hyper decides what is malformed: a sample for each status.
#[test]
fn malformed_requests_get_an_error() {
    let site = TestSite::with_latency(0);
    for (request, status) in [
        (request(&format!("/{}", "x".repeat(70_000))), "414"),
        (request("/flags/cn/\0.gif"), "400"),
        (b"BREW /flags/cn/cn.gif HTTP/1.1\r\nConnection: close\r\n\r\n".into(), "405"),
        (b"\x16\x03\x01\x02\x00 as in TLS\r\n\r\n".into(), "400"),
    ] {
        let answer = send(&site, &request);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer:?}");
        assert_serves(&site);
    }
}

#[test]
fn unfinished_requests_do_not_block_others() {
    let site = TestSite::with_latency(0);
    let mut half_open: Vec<_> = (0..100).map(|_| connect(&site.base_url)).collect();
    for stream in &mut half_open {
        stream.write_all(b"GET /flags/cn/cn.gif HTTP/1.1\r\nHost:").unwrap();
    }
    assert_serves(&site);
}

#[test]
fn a_thousand_open_connections_are_served() {
    _ = rlimit::increase_nofile_limit(u64::MAX);
    let site = TestSite::with_latency(0);
    let mut streams: Vec<_> = (0..1000).map(|_| connect(&site.base_url)).collect();
    for stream in &mut streams {
        stream.write_all(&request("/flags/cn/cn.gif")).unwrap();
    }
    for mut stream in streams {
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    }
    let seen = site.counters();
    assert_eq!((seen.connections, seen.requests), (1000, 1000));
}
