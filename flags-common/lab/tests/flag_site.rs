//! The demo site in a separate process: the example `flag-site`.

use std::process::Command;

use flags_lab::site::flag_image;
use flags_testing::sites::{SiteProcess, flag_site};

#[test]
fn flags_are_served_and_counted() {
    let site = SiteProcess::start(&["--latency", "0"]);
    assert_eq!(site.get("/flags/cn/cn.gif"), flag_image("CN".parse().unwrap()).unwrap());
    assert!(String::from_utf8(site.get("/")).unwrap().contains("/flags/zw/zw.gif"));
    let counters = String::from_utf8(site.get("/counters")).unwrap();
    assert_eq!(counters, "connections: 3\nrequests: 1\nmost at once: 1\n");
    assert_eq!(site.connections(), 4);
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
        (&["--server", "DELAY", "--latency", "1"], 2, "is for LOCAL alone".to_owned()),
    ] {
        let output = Command::new(flag_site()).args(args).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{args:?}: {stderr}");
        assert!(stderr.contains(&message), "{args:?}: {stderr}");
    }
}
