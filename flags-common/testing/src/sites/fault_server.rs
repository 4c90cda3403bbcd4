//! A site that does what no site should. The first part of the path names the fault: with the base
//! URL `…/reset`, it resets each connection in the middle of a body. VN's flag has no fault. A new fault
//! goes into `redirect` or `answer`, and into suites/faults.txt.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread::{self, sleep};
use std::time::Duration;

use flags_cli::site::flag_image;

/// Starts the site, which serves until the process ends, and returns its address.
pub fn start() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // An error means that the client has hung up, as it should.
            thread::spawn(move || serve(stream));
        }
    });
    address
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?; // or an answer in two parts can take 40 ms
    for number in 0.. {
        let line = read_until(&mut stream, " HTTP/1.1\r\n")?;
        let path = line.split(' ').nth(1).expect("a path");
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
        // Closing a connection with unread bytes resets it.
        if fault != "reset" {
            let headers = read_until(&mut stream, "\r\n\r\n")?.to_ascii_lowercase();
            assert!(!headers.contains("accept-encoding: gzip"), "{headers}");
        }
        let redirect = redirect(fault, cc, path);
        stream.write_all(&redirect.unwrap_or_else(|| answer(fault, cc, number)))?;
        match fault {
            "closes" | "cut" | "reset" | "404-cut" => break,
            // The site has closed the connection before the second request on it.
            "closes-kept" if number > 0 => break,
            "silent" | "length-too-long" => while stream.read(&mut [0])? > 0 {},
            "trickle" | "trickle-head" => repeat(&mut stream, b"x", Duration::from_millis(50))?,
            "chunked-without-end" => {
                let chunk = format!("{:x}\r\n{}\r\n", 1 << 16, "x".repeat(1 << 16));
                repeat(&mut stream, chunk.as_bytes(), Duration::ZERO)?;
            }
            "length-of-10-gb" | "404-without-end" | "500-without-end" => {
                repeat(&mut stream, &[0; 1 << 16], Duration::ZERO)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Reads up to `end`, and not further.
fn read_until(stream: &mut TcpStream, end: &str) -> io::Result<String> {
    let mut text = Vec::new();
    while !text.ends_with(end.as_bytes()) {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        text.push(byte[0]);
    }
    Ok(String::from_utf8(text).expect("a request in ASCII"))
}

/// Sends `bytes` until the client hangs up, with a pause after each time.
fn repeat(stream: &mut TcpStream, bytes: &[u8], pause: Duration) -> io::Result<()> {
    loop {
        stream.write_all(bytes)?;
        sleep(pause);
    }
}

/// The answer to a request for `path`, if the fault is that it leads elsewhere.
fn redirect(fault: &str, cc: &str, path: &str) -> Option<Vec<u8>> {
    let flag = format!("/none/{cc}/{cc}.gif");
    let (status, to) = match fault {
        "redirect" => (301, flag),
        // What the HTTP clients' own rules decide.
        "redirect-300" => (300, flag),
        "redirect-305" => (305, flag),
        "redirect-with-space" => (302, flag + " a b"),
        "redirect-with-dots" => (302, format!("../..{flag}")),
        "redirect-to-itself" => (302, path.to_owned()),
        "redirect-to-file" => (302, "file:///etc/hostname".to_owned()),
        "redirect-to-ftp" => (302, "ftp://127.0.0.1/cn.gif".to_owned()),
        // Characters that steer a terminal, and more than fit on its screen. The client may quote them.
        "redirect-to-escape" => (302, "ftp://\u{9b}31m\u{202e}".to_owned()),
        "redirect-to-20-kb" => (302, "ftp://\u{9b}".to_owned() + &"x".repeat(20 << 10)),
        // Nobody listens there, and the URL differs for each flag.
        "redirect-to-dead-port" => (302, format!("http://127.0.0.1:1/{cc}.gif")),
        "1-hops" => (302, flag),
        _ => match fault.strip_suffix("-hops").map(str::parse::<u8>) {
            Some(hops) => {
                (302, format!("/{}-hops/{cc}/{cc}.gif", hops.expect("a number of hops") - 1))
            }
            None => return None, // not a redirect
        },
    };
    Some(response(status, &format!("Location: {to}\r\n"), b""))
}

/// The answer to a request for the flag of `cc`: its beginning, if `serve` sends more. It is request
/// `number` on its connection, from 0.
fn answer(fault: &str, cc: &str, number: usize) -> Vec<u8> {
    const WITHOUT_END: &str = "Content-Length: 10000000000\r\n";
    let gif = flag_image(cc.parse().expect("a code")).expect("a country");
    let ok = |headers: &str, body: &[u8]| response(200, headers, body);
    let length = |length: usize| format!("Content-Length: {length}\r\n");
    match fault {
        "closes" | "silent" => vec![],
        "closes-kept" if number > 0 => vec![],
        "none" | "closes-kept" => ok("", gif),
        "trickle" => message(200, &length(1000), b""),
        "trickle-head" => b"HTTP/1.1 200 OK\r\nX-Slow: ".to_vec(),
        "cut" | "reset" => message(200, &length(gif.len()), &gif[..100]),
        "length-too-long" => message(200, &length(gif.len() + 10), gif),
        // In one piece: bytes that arrive later would be taken for the answer to the next request.
        "longer-than-length" => message(200, &length(gif.len()), &[gif, b"and more"].concat()),
        "malformed" => b"HTTPS/x OK?\r\n\r\n".to_vec(),
        "header-of-20-kb" => ok(&format!("X-Large: {}\r\n", "x".repeat(20 << 10)), gif),
        "header-of-1-mb" => ok(&format!("X-Large: {}\r\n", "x".repeat(1 << 20)), gif),
        // One more is the length of the body.
        "100-headers" => ok(&"X-Header: x\r\n".repeat(99), gif),
        "128-headers" => ok(&"X-Header: x\r\n".repeat(127), gif),
        "129-headers" => ok(&"X-Header: x\r\n".repeat(128), gif),
        "empty" => ok("", b""),
        "html" => ok("", b"<!doctype html><title>Log in</title>"),
        "gif-cut-short" => ok("", &gif[..20]),
        "chunked-without-end" => message(200, "Transfer-Encoding: chunked\r\n", b""),
        "length-of-10-gb" => message(200, WITHOUT_END, b""),
        "404-without-end" => message(404, WITHOUT_END, b""),
        "500-without-end" => message(500, WITHOUT_END, b""),
        "404-cut" => message(404, &length(100), b"not f"),
        // The second request must come on the connection of the first, so the client must have read
        // its body, which does not arrive with the head.
        "404-kept" if cc == "us" && number == 0 => response(503, "", b"on another connection"),
        "404-kept" => response(404, "", &[b'x'; 200 << 10]),
        // The client has not asked for gzip; decoding these 100 MB of zeros would fill the memory.
        "gzip" => ok("Content-Encoding: gzip\r\n", include_bytes!("bomb.gz")),
        "204" => message(204, "", b""), // which has no body
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
