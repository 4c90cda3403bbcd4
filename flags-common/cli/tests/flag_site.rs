//! The demo site in a separate process: the example `flag-site`.

use std::io::BufRead;
use std::process::Command;

use flags_cli::site::flag_image;
use flags_testing::sites::{SiteProcess, flag_site};

#[test]
fn flags_are_served_and_counted() {
    let site = SiteProcess::start(&["--latency", "0"]);
    assert_eq!(site.get("/flags/cn/cn.gif"), flag_image("CN".parse().unwrap()).unwrap());
    assert!(String::from_utf8(site.get("/")).unwrap().contains("/flags/zw/zw.gif"));
    let on_page = site.get("/flags/cn/cn.gif?page");
    assert_eq!(on_page, flag_image("CN".parse().unwrap()).unwrap(), "an image of the page");
    let counters = String::from_utf8(site.get("/counters")).unwrap();
    assert_eq!(counters, "connections: 4\nrequests: 1\nmost at once: 1\n");
    assert_eq!(site.connections(), 5);
}

#[test]
fn run_of_any_client_is_drawn() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("run.svg");
    let timeline = format!("--timeline={}", file.display());
    let args = ["--latency", "20", "--connections", &timeline];
    let (site, pictures) = SiteProcess::start_drawing(&args);
    site.get("/flags/cn/cn.gif");
    site.get("/flags/us/us.gif");
    site.get("/flags/us/us.gif?page");
    let mut lines = pictures.lines().map(Result::unwrap);
    let picture: Vec<_> = lines.by_ref().take_while(|it| !it.starts_with("Timeline ")).collect();
    let rows = |name: &str| picture.iter().filter(|row| row.trim_start().starts_with(name)).count();
    assert_eq!((rows("CN "), rows("US "), rows("connection ")), (1, 1, 2), "{picture:#?}");
    assert_eq!(rows("no User-Agent"), 1, "{picture:#?}");
    assert_eq!(rows("Connections  2"), 1, "{picture:#?}");
    let svg = std::fs::read_to_string(file).unwrap();
    assert!(svg.contains("2 requests on 2 connections"), "{svg}");

    site.get("/flags/br/br.gif");
    let next: Vec<_> = lines.take_while(|it| !it.starts_with("Timeline ")).collect();
    assert!(next.iter().any(|row| row.trim_start().starts_with("BR ")), "{next:#?}");
    assert!(!next.iter().any(|row| row.trim_start().starts_with("CN ")), "a new run: {next:#?}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_prints_the_counters() {
    use std::io::Read;

    let mut site = SiteProcess::start(&["-s", "local", "--latency", "0"]);
    site.get("/flags/cn/cn.gif");
    let pid = site.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let mut rest = String::new();
    site.stdout.read_to_string(&mut rest).unwrap();
    assert!(rest.ends_with("\nconnections: 1\nrequests: 1\nmost at once: 1\n"), "{rest}");
    assert!(site.child.wait().unwrap().success());
}

#[test]
fn port_in_use_and_wrong_options_are_errors() {
    let site = SiteProcess::start(&[]);
    let (_, address) = site.base_url.rsplit_once(':').unwrap();
    let (port, _) = address.split_once('/').unwrap();
    for (args, status, message) in [
        (&["--port", port][..], 1, format!("error: cannot serve on port {port}")),
        (&["--server", "REMOTE"], 2, "possible values: LOCAL, DELAY, ERROR".to_owned()),
        (&["--server", "DELAY", "--latency", "1"], 2, "works only with LOCAL".to_owned()),
    ] {
        let output = Command::new(flag_site()).args(args).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{args:?}: {stderr}");
        assert!(stderr.contains(&message), "{args:?}: {stderr}");
    }
}
