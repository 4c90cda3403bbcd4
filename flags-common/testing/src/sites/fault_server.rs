//! A site that does what no site should. The first part of the path names the fault: with the base
//! URL `…/reset`, it resets each connection in the middle of a body. VN's flag has no fault. A new fault
//! goes into `respond`, and into suites/faults.txt.

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
    loop {
        let head = read_until(&mut stream, |head| is_complete(head) || is_to_reset(head))?;
        if is_to_reset(&head) {
            return answer_as_if(&mut stream, 400, &image("cn")[..100]);
        }
        let head = String::from_utf8(head).expect("a request in ASCII");
        assert!(!head.to_ascii_lowercase().contains("accept-encoding: gzip"), "{head}");
        let path = head.split(' ').nth(1).expect("a path").to_owned();
        let mut parts = path.split('/').skip(1);
        match (parts.next(), parts.next()) {
            (Some(fault), Some(cc)) if cc.len() == 2 && cc != ".." => {
                respond(&mut stream, fault, cc, &path)?;
            }
            _ => answer(&mut stream, "404 Not Found", b"no such path")?,
        }
    }
}

fn image(cc: &str) -> &'static [u8] {
    flag_image(cc.parse().expect("a code")).expect("a country")
}

fn respond(stream: &mut TcpStream, fault: &str, cc: &str, path: &str) -> io::Result<()> {
    let gif = image(cc);
    match fault {
        _ if cc == "vn" => answer(stream, "200 OK", gif),
        "redirect" => redirect(stream, "301 Moved Permanently", &format!("/none/{cc}/{cc}.gif")),
        // What the HTTP clients' own rules decide.
        "redirect-300" => redirect(stream, "300 Multiple Choices", &format!("/none/{cc}/{cc}.gif")),
        "redirect-305" => redirect(stream, "305 Use Proxy", &format!("/none/{cc}/{cc}.gif")),
        "redirect-with-space" => redirect(stream, "302 Found", &format!("/none/{cc}/{cc}.gif a b")),
        "redirect-with-dots" => redirect(stream, "302 Found", &format!("../../none/{cc}/{cc}.gif")),
        "redirect-to-itself" => redirect(stream, "302 Found", path),
        "redirect-to-file" => redirect(stream, "302 Found", "file:///etc/hostname"),
        "redirect-to-ftp" => redirect(stream, "302 Found", "ftp://127.0.0.1/cn.gif"),
        // Characters that steer a terminal, and more than fit on its screen. The client may quote them.
        "redirect-to-escape" => redirect(stream, "302 Found", "ftp://\u{9b}31m\u{202e}"),
        "redirect-to-20-kb" => {
            redirect(stream, "302 Found", &format!("ftp://\u{9b}{}", "x".repeat(20 << 10)))
        }
        // Nobody listens there, and the URL differs for each flag.
        "redirect-to-dead-port" => {
            redirect(stream, "302 Found", &format!("http://127.0.0.1:1/{cc}.gif"))
        }
        "0-hops" => answer(stream, "200 OK", gif),
        hops if hops.ends_with("-hops") => {
            let left: u8 = hops.trim_end_matches("-hops").parse().expect("a number of hops");
            redirect(stream, "302 Found", &format!("/{}-hops/{cc}/{cc}.gif", left - 1))
        }
        "none" => answer(stream, "200 OK", gif),
        "closes" => Err(io::ErrorKind::Other.into()),
        // The second request on a connection is not answered: the site has closed it meanwhile.
        "closes-kept" if cc == "cn" => {
            answer(stream, "200 OK", gif)?;
            read_until(stream, is_complete)?;
            Err(io::ErrorKind::Other.into())
        }
        "closes-kept" => answer(stream, "200 OK", gif),
        "silent" => wait_for_hang_up(stream),
        "trickle" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")?;
            trickle(stream)
        }
        "trickle-head" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nX-Slow: ")?;
            trickle(stream)
        }
        "cut" => {
            answer_as_if(stream, gif.len(), &gif[..100])?;
            Err(io::ErrorKind::Other.into())
        }
        "length-too-long" => {
            answer_as_if(stream, gif.len() + 10, gif)?;
            wait_for_hang_up(stream)
        }
        "longer-than-length" => answer_as_if(stream, gif.len(), &[gif, b"and more"].concat()),
        "malformed" => stream.write_all(b"HTTPS/x OK?\r\n\r\n"),
        "header-of-20-kb" => {
            answer_with(stream, &format!("X-Large: {}\r\n", "x".repeat(20 << 10)), gif)
        }
        "header-of-1-mb" => {
            answer_with(stream, &format!("X-Large: {}\r\n", "x".repeat(1 << 20)), gif)
        }
        // One more is the length of the body.
        "100-headers" => answer_with(stream, &"X-Header: x\r\n".repeat(99), gif),
        "128-headers" => answer_with(stream, &"X-Header: x\r\n".repeat(127), gif),
        "129-headers" => answer_with(stream, &"X-Header: x\r\n".repeat(128), gif),
        "empty" => answer(stream, "200 OK", b""),
        "html" => answer(stream, "200 OK", b"<!doctype html><title>Log in</title>"),
        "gif-cut-short" => answer(stream, "200 OK", &gif[..20]),
        "chunked-2-gib" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
            for _ in 0..2048 {
                write!(stream, "{:x}\r\n", 1 << 20)?;
                stream.write_all(&vec![0; 1 << 20])?;
                stream.write_all(b"\r\n")?;
            }
            stream.write_all(b"0\r\n\r\n")
        }
        "length-of-10-gb" => without_end(stream, "200 OK"),
        "404-without-end" => without_end(stream, "404 Not Found"),
        "500-without-end" => without_end(stream, "500 Internal Server Error"),
        "404-cut" => {
            stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\nnot f")?;
            Err(io::ErrorKind::Other.into())
        }
        // The client has not asked for gzip; decoding it would fill the memory.
        "gzip" => {
            let bomb = include_bytes!("bomb.gz"); // 100 MB of zeros
            answer_with(stream, "Content-Encoding: gzip\r\n", bomb)
        }
        // Five that fail in different ways, among others that do not.
        "mixed" => match cc {
            "de" => respond(stream, "404", cc, path),
            "eg" => respond(stream, "500", cc, path),
            "fr" => respond(stream, "html", cc, path),
            "in" => respond(stream, "closes", cc, path),
            "ir" => respond(stream, "silent", cc, path),
            _ => respond(stream, "none", cc, path),
        },
        "204" => stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n"), // which has no body
        status => answer(stream, &format!("{status} Something"), b"no flag here"),
    }
}

/// Reads the head of a request, until `enough` of it is there.
fn read_until(stream: &mut TcpStream, enough: impl Fn(&[u8]) -> bool) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !enough(&head) {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(head)
}

fn is_complete(head: &[u8]) -> bool {
    head.ends_with(b"\r\n\r\n")
}

/// Whether the first line is that of a request to reset. Closing a connection with unread bytes
/// resets it, so the rest of the head is left unread.
fn is_to_reset(head: &[u8]) -> bool {
    let resets = head.starts_with(b"GET /reset/") && !head.starts_with(b"GET /reset/vn/");
    resets && head.ends_with(b" HTTP/1.1\r\n")
}

fn redirect(stream: &mut TcpStream, status: &str, to: &str) -> io::Result<()> {
    write!(stream, "HTTP/1.1 {status}\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n")
}

fn answer(stream: &mut TcpStream, status: &str, body: &[u8]) -> io::Result<()> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), body].concat())
}

fn answer_with(stream: &mut TcpStream, headers: &str, body: &[u8]) -> io::Result<()> {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), body].concat())
}

/// Sends head and body in one piece: bytes beyond the length that arrive late would be taken for the
/// answer to the next request.
fn answer_as_if(stream: &mut TcpStream, length: usize, body: &[u8]) -> io::Result<()> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(&[head.as_bytes(), body].concat())
}

fn without_end(stream: &mut TcpStream, status: &str) -> io::Result<()> {
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 10000000000\r\n\r\n")?;
    loop {
        stream.write_all(&[0; 1 << 16])?;
    }
}

/// Sends a byte every 50 ms, endlessly: slowness is the fault.
fn trickle(stream: &mut TcpStream) -> io::Result<()> {
    loop {
        stream.write_all(b"x")?;
        sleep(Duration::from_millis(50));
    }
}

fn wait_for_hang_up(stream: &mut TcpStream) -> io::Result<()> {
    while stream.read(&mut [0])? > 0 {}
    Err(io::ErrorKind::Other.into())
}
