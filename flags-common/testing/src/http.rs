//! HTTP by hand: each request is sent as it is, on its own connection.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// The `host:port` of a URL.
pub fn address(url: &str) -> &str {
    url.split('/').nth(2).expect("http://host:port")
}

/// Connects to the site of a URL.
pub fn connect(url: &str) -> TcpStream {
    let stream = TcpStream::connect(address(url)).expect("the site listens");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout"); // no test hangs
    stream
}

/// A request for `path`, after whose answer the site closes the connection.
pub fn request(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").into_bytes()
}

/// Sends a request, and returns what comes until the site closes the connection.
pub fn send(url: &str, request: &[u8]) -> Vec<u8> {
    let mut stream = connect(url);
    _ = stream.write_all(request); // the site may have hung up already
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the end of the answer");
    answer
}

/// The head and the body of the answer to a request for `path`.
pub fn get(url: &str, path: &str) -> (String, Vec<u8>) {
    let mut answer = send(url, &request(path));
    let end = answer.windows(4).position(|end| end == b"\r\n\r\n").expect("the head's end");
    let body = answer.split_off(end + 4);
    (String::from_utf8(answer).expect("a head in ASCII"), body)
}
