//! The demo site in a separate process: the example `flag-site`.

use std::io::{self, BufRead, BufReader};
use std::process::Command;
use std::thread;

use flags_cli::site::flag_image;
use flags_testing::sites::{SiteProcess, flag_site};
use flags_testing::{Running, http};

/// The rows of the site's picture number `n`, from 0, which ends in `last`.
fn picture(site: &mut SiteProcess, n: usize, last: &str) -> Vec<String> {
    site.process.wait_until(|it| it.stderr().matches(last).count() > n);
    let drawn = site.process.stderr();
    let picture = drawn.split(last).nth(n).expect("it is there");
    picture.lines().map(str::to_owned).collect()
}

/// Number of the rows of a picture that start with `name`.
fn rows(picture: &[String], name: &str) -> usize {
    picture.iter().filter(|row| row.trim_start().starts_with(name)).count()
}

/// The last words of a picture.
const END: &str = "to the site's answer.";

fn assert_serves(base_url: &str) {
    let (_, image) = http::get(base_url, "/flags/cn/cn.gif");
    assert_eq!(image, flag_image("CN".parse().unwrap()).unwrap());
}

#[test]
fn flags_are_served_and_counted() {
    let site = SiteProcess::start(&["--latency", "0"]);
    assert_serves(&site.base_url);
    assert!(String::from_utf8(site.get("/")).unwrap().contains("/flags/zw/zw.gif"));
    let on_page = site.get("/flags/cn/cn.gif?page");
    assert_eq!(on_page, flag_image("CN".parse().unwrap()).unwrap(), "an image of the page");
    let page_and_flag = "connections: 4\nrequests: 2\nmost at once: 1\n";
    assert_eq!(site.counters(), page_and_flag);
}

#[test]
fn run_of_any_client_is_drawn() {
    const LAST: &str = "Timeline written";
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("run.svg");
    let timeline = format!("--timeline={}", file.display());
    let mut site = SiteProcess::start_drawing(&["--latency", "20", &timeline]);
    site.get("/flags/cn/cn.gif");
    site.get("/flags/us/us.gif");
    site.get("/flags/us/us.gif?page");
    let drawn = picture(&mut site, 0, LAST);
    assert_eq!(["CN ", "US "].map(|name| rows(&drawn, name)), [1, 1]);
    assert_eq!(rows(&drawn, "no User-Agent"), 1, "{drawn:#?}");
    assert_eq!(rows(&drawn, "Connections  2"), 1, "{drawn:#?}");
    let svg = std::fs::read_to_string(file).unwrap();
    assert!(svg.contains("2 requests in "), "{svg}");

    site.get("/flags/br/br.gif");
    site.get("/flags/xx/xx.gif");
    let next = picture(&mut site, 1, LAST);
    assert_eq!(["BR ", "CN "].map(|name| rows(&next, name)), [1, 0], "a new run: {next:#?}");
    let refused = next.iter().filter(|row| row.contains("HTTP status 404"));
    assert_eq!(refused.filter(|row| row.starts_with("XX ")).count(), 1, "{next:#?}");
    let both = "connections: 6\nrequests: 4\nmost at once: 1\n";
    assert_eq!(site.counters(), both);
}

/// While a picture is drawn, here into a pipe that nobody reads yet, the site answers.
#[cfg(unix)]
#[test]
fn long_run_is_drawn_while_the_site_answers_and_ctrl_c_ends_both() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe.svg");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let timeline = format!("--timeline={}", pipe.display());
    let mut site = SiteProcess::start_drawing(&["--latency", "0", &timeline]);
    send_requests(&site, 1300);
    let drawn = picture(&mut site, 0, END);
    assert_eq!(rows(&drawn, "Bars (1 in 33):"), 1, "of 1300: {drawn:#?}");

    assert_serves(&site.base_url);
    let svg = std::fs::read_to_string(&pipe).unwrap();
    assert!(svg.contains("1300 requests") && svg.ends_with("</svg>\n"), "{svg}");

    send_requests(&site, 1300);
    picture(&mut site, 1, END);
    let run = site.process.interrupt(); // while the second picture waits for a reader
    let counters = "\nconnections: 3\nrequests: 2601\nmost at once: 1\n";
    assert!(run.status == 0 && run.stdout.ends_with(counters), "{run}");
}

/// Sends requests for a flag over one connection, and reads the answers.
#[cfg(unix)]
fn send_requests(site: &SiteProcess, number: usize) {
    use std::io::Write;

    let mut stream = http::connect(&site.base_url);
    let mut answers = stream.try_clone().unwrap();
    let reader = thread::spawn(move || io::copy(&mut answers, &mut io::sink()));
    let requests = "GET /flags/cn/cn.gif HTTP/1.1\r\nHost: x\r\n\r\n".repeat(number - 1);
    stream.write_all(requests.as_bytes()).unwrap();
    stream.write_all(&http::request("/flags/cn/cn.gif")).unwrap();
    reader.join().unwrap().unwrap();
}

/// As with `flag-site | head -1`.
#[cfg(unix)]
#[test]
fn closed_stdout_is_not_an_error() {
    let (stdout, writer) = io::pipe().unwrap();
    let mut command = Command::new(flag_site());
    command.args(["--port", "0", "--latency", "0"]).stdout(writer);
    let dir = tempfile::tempdir().unwrap();
    let site = Running::spawn(command, io::empty(), io::empty(), dir);
    let line = BufReader::new(stdout).lines().next().unwrap().unwrap(); // then it is closed
    assert_serves(line.strip_prefix("Demo site: ").unwrap());
    let run = site.interrupt();
    assert_eq!(run.status, 0, "{run}");
}

#[test]
fn port_in_use_and_wrong_options_are_errors() {
    let site = SiteProcess::start(&[]);
    let (_, port) = http::address(&site.base_url).split_once(':').unwrap();
    for (args, status, message) in [
        (&["--port", port][..], 1, format!("error: cannot serve on port {port}")),
        (&["--server", "REMOTE"], 2, "possible values: LOCAL, DELAY, ERROR".to_owned()),
    ] {
        let output = Command::new(flag_site()).args(args).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{args:?}: {stderr}");
        assert!(stderr.contains(&message), "{args:?}: {stderr}");
    }
}
