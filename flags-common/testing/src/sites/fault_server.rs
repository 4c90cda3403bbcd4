//! A site that does what no site should. The first part of the path names the fault: with the base
//! URL `…/cut`, it closes each connection in the middle of a body. VN's flag has no fault. A new fault
//! goes into `answer`, and into suites/faults.txt.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::thread::{self, sleep};
use std::time::Duration;

use flags_cli::site::flag_image;

/// Starts the site, which serves until the process ends, and returns its address.
pub fn start() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            stream.set_nodelay(true).unwrap(); // or an answer in two parts can take 40 ms
            // An error means that the client has hung up, as it should.
            thread::spawn(move || serve(stream));
        }
    });
    address
}

/// Answers the requests on a connection.
pub(super) fn serve(mut stream: impl Read + Write) -> io::Result<()> {
    for number in 0.. {
        let request = read_head(&mut stream)?;
        let path = request.split(' ').nth(1).expect("a path");
        let mut parts = path.split('/').skip(1);
        let (fault, cc) = (parts.next().expect("a fault"), parts.next().expect("a code"));
        let fault = match (fault, cc) {
            (_, "vn") => "none",
            // Five that fail in different ways, among others that do not.
            ("mixed", "de") => "404",
            ("mixed", "eg") => "500",
            ("mixed", "fr") => "html",
            ("mixed", "in") => "closes",
            ("mixed", "ir") => "silent",
            ("mixed", _) => "none",
            (other, _) => other,
        };
        stream.write_all(&answer(fault, cc, number))?;
        match fault {
            "closes" | "cut" | "404-cut" => break,
            "silent" => while stream.read(&mut [0])? > 0 {},
            "trickle" | "trickle-head" => repeat(&mut stream, b"x", Duration::from_millis(50))?,
            "chunked-without-end" => {
                let chunk = format!("{:x}\r\n{}\r\n", 1 << 16, "x".repeat(1 << 16));
                repeat(&mut stream, chunk.as_bytes(), Duration::ZERO)?;
            }
            "length-of-10-gb" | "404-without-end" => {
                repeat(&mut stream, &[0; 1 << 16], Duration::ZERO)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Reads the head of a request, and not further.
fn read_head(stream: &mut impl Read) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(String::from_utf8(head).expect("a request in ASCII"))
}

/// Sends `bytes` until the client hangs up, with a pause after each time.
fn repeat(stream: &mut impl Write, bytes: &[u8], pause: Duration) -> io::Result<()> {
    loop {
        stream.write_all(bytes)?;
        sleep(pause);
    }
}

/// The answer to a request for the flag of `cc`: its beginning, if `serve` sends more. It is request
/// `number` on its connection, from 0.
fn answer(fault: &str, cc: &str, number: usize) -> Vec<u8> {
    const WITHOUT_END: &str = "Content-Length: 10000000000\r\n";
    let gif = flag_image(cc.parse().expect("a code")).expect("a country");
    let ok = |headers: &str, body: &[u8]| response(200, headers, body);
    let redirect = |status, to: &str| response(status, &format!("Location: {to}\r\n"), b"");
    let flag = format!("/none/{cc}/{cc}.gif");
    match fault {
        "none" => ok("", gif),
        "redirect" => redirect(301, &flag),
        "redirect-to-itself" => redirect(302, &format!("/{fault}/{cc}/{cc}.gif")),
        // What the HTTP clients' own rules decide.
        "redirect-300" => redirect(300, &flag),
        "redirect-305" => redirect(305, &flag),
        "redirect-with-space" => redirect(302, &format!("{flag} a b")),
        // Characters that steer a terminal. The client may quote them.
        "redirect-to-escape" => redirect(302, "ftp://\u{9b}31m\u{202e}"),
        "closes" | "silent" => vec![],
        "trickle" => message(200, "Content-Length: 1000\r\n", b""),
        "trickle-head" => b"HTTP/1.1 200 OK\r\nX-Slow: ".to_vec(),
        "cut" => message(200, "Content-Length: 1000\r\n", &gif[..100]),
        "malformed" => b"HTTPS/x OK?\r\n\r\n".to_vec(),
        "header-of-60-kb" => ok(&format!("X-Large: {}\r\n", "x".repeat(60 << 10)), gif),
        // One more is the length of the body.
        "128-headers" => ok(&"X-Header: x\r\n".repeat(127), gif),
        "empty" => ok("", b""),
        "html" => ok("", b"<!doctype html><title>Log in</title>"),
        "chunked-without-end" => message(200, "Transfer-Encoding: chunked\r\n", b""),
        "length-of-10-gb" => message(200, WITHOUT_END, b""),
        "404-without-end" => message(404, WITHOUT_END, b""),
        "404-cut" => message(404, "Content-Length: 1000\r\n", b"not f"),
        // The second request must come on the connection of the first, so the client must have read
        // its body, which does not arrive with the head.
        "404-kept" if cc == "us" && number == 0 => response(503, "", b"on another connection"),
        "404-kept" => response(404, "", &[b'x'; 200 << 10]),
        // The client has not asked for gzip; decoding these 100 MB of zeros would fill the memory.
        "gzip" => ok("Content-Encoding: gzip\r\n", include_bytes!("bomb.gz")),
        status => response(status.parse().expect("a fault"), "", b"no flag here"),
    }
}

/// A message with the right Content-Length.
fn response(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    message(status, &format!("{headers}Content-Length: {}\r\n", body.len()), body)
}

fn message(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} Something\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}
