//! The demo site in a separate process: the example `flag-site`.

use std::process::Command;

use flags_cli::site::flag_image;
use flags_testing::http;
use flags_testing::sites::{SiteProcess, flag_site};

/// The rows of the site's picture number `n`, from 0.
fn picture(site: &mut SiteProcess, n: usize) -> Vec<String> {
    const LAST: &str = "Timeline written";
    site.process.wait_until(|it| it.stdout().matches(LAST).count() > n);
    let drawn = site.process.stdout();
    let picture = drawn.split(LAST).nth(n).expect("it is there");
    picture.lines().map(str::to_owned).collect()
}

/// Number of the rows of a picture that start with `name`.
fn rows(picture: &[String], name: &str) -> usize {
    picture.iter().filter(|row| row.trim_start().starts_with(name)).count()
}

#[test]
fn flags_are_served_and_counted() {
    let site = SiteProcess::start(&["--latency", "0"]);
    let flag = flag_image("CN".parse().unwrap()).unwrap();
    assert_eq!(site.get("/flags/cn/cn.gif"), flag);
    assert!(String::from_utf8(site.get("/")).unwrap().contains("/flags/zw/zw.gif"));
    assert_eq!(site.get("/flags/cn/cn.gif?page"), flag, "an image of the page");
    let page_and_flag = "connections: 4\nrequests: 2\nmost at once: 1\n";
    assert_eq!(site.counters(), page_and_flag);
}

#[test]
fn run_of_any_client_is_drawn() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("run.svg");
    let timeline = format!("--timeline={}", file.display());
    let mut site = SiteProcess::start_drawing(&["--latency", "20", &timeline]);
    site.get("/flags/cn/cn.gif");
    site.get("/flags/us/us.gif");
    site.get("/flags/us/us.gif?page");
    let drawn = picture(&mut site, 0);
    assert_eq!(["CN ", "US "].map(|name| rows(&drawn, name)), [1, 1]);
    assert_eq!(rows(&drawn, "no User-Agent"), 1, "{drawn:#?}");
    assert_eq!(rows(&drawn, "Connections  2"), 1, "{drawn:#?}");
    assert_eq!(rows(&drawn, "Not ended"), 0, "no call is known: {drawn:#?}");
    let svg = std::fs::read_to_string(file).unwrap();
    assert!(svg.contains("2 requests in "), "{svg}");

    site.get("/flags/br/br.gif");
    site.get("/flags/xx/xx.gif");
    let next = picture(&mut site, 1);
    assert_eq!(["BR ", "CN "].map(|name| rows(&next, name)), [1, 0], "a new run: {next:#?}");
    let refused = next.iter().filter(|row| row.contains("HTTP status 404"));
    assert_eq!(refused.filter(|row| row.starts_with("XX ")).count(), 1, "{next:#?}");
    let both = "connections: 6\nrequests: 4\nmost at once: 1\n";
    assert_eq!(site.counters(), both);
    let run = site.process.interrupt();
    assert!(run.status == 0 && run.stdout.ends_with("most at once: 1\n"), "{run}");
}

#[test]
fn port_in_use_and_wrong_options_are_errors() {
    let site = SiteProcess::start(&[]);
    let (_, port) = http::address(&site.base_url).split_once(':').unwrap();
    for (args, status, message) in [
        (&["--port", port][..], 1, format!("Error: cannot serve on port {port}")),
        (&["--server", "REMOTE"], 2, "possible values: LOCAL, DELAY, ERROR".to_owned()),
    ] {
        let output = Command::new(flag_site()).args(args).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{args:?}: {stderr}");
        assert!(stderr.contains(&message), "{args:?}: {stderr}");
    }
}
