//! Where to download from: the options that choose the site, the base URL that a person types, and the
//! start of a demo site.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use flags_common::Plan;
use http::Uri;
use tokio::runtime::Handle;

use super::is_sequential;
use crate::site::{self, Behaviour, DemoSite};
use crate::text::{counted, note};

/// Where to download from.
#[derive(Debug, Args)]
pub(crate) struct SiteOptions {
    /// The demo site: LOCAL (answers after 0.1 s), DELAY (after 0.5 to 5 s) or ERROR (refuses a
    /// quarter of the flags); or REMOTE, the book's own site
    #[arg(
        short,
        long,
        value_name = "LABEL",
        value_enum,
        ignore_case = true,
        hide_possible_values = true,
        default_value_t = Label::Local
    )]
    pub(super) server: Label,

    /// Any other site: the flag of CN is at URL/cn/cn.gif
    #[arg(long, value_name = "URL", conflicts_with = "server", value_parser = parse_base_url)]
    base_url: Option<String>,

    /// How long the demo site waits before each answer [default: LOCAL, 95 to 105, varying by flag]
    #[arg(long, value_name = "MS", conflicts_with = "base_url", value_parser = clap::value_parser!(u64).range(..=3_600_000))]
    pub(super) latency: Option<u64>,
}

/// The book's names for its sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub(super) enum Label {
    Local,
    Delay,
    Error,
    Remote,
}

/// The book's site.
const REMOTE: &str = "https://www.fluentpython.com/data/flags";

/// The site of a run.
pub(crate) struct ChosenSite {
    pub label: &'static str,
    pub base_url: String,
    /// Present if it is a demo site in this process.
    pub demo: Option<Arc<DemoSite>>,
}

impl SiteOptions {
    /// The chosen site. If it is a demo site, it starts on `background`.
    pub fn open(&self, background: &Handle) -> Result<ChosenSite> {
        let elsewhere = |label, base_url: &str| {
            Ok(ChosenSite { label, base_url: base_url.to_owned(), demo: None })
        };
        let (label, behaviour) = match (&self.base_url, self.server) {
            (Some(url), _) => return elsewhere("Site", url),
            (None, Label::Remote) => return elsewhere("REMOTE site", REMOTE),
            (None, Label::Local) => ("LOCAL site", Behaviour::Local),
            (None, Label::Delay) => ("DELAY site", Behaviour::Delay),
            (None, Label::Error) => ("ERROR site", Behaviour::Error),
        };
        let _context = background.enter();
        let listener = site::listen(0).context("cannot start the demo site")?;
        let base_url = site::base_url(&listener)?;
        let latency = self.latency.map(Duration::from_millis);
        let demo = Arc::new(DemoSite::new(behaviour).with_latency(latency));
        background.spawn(site::serve(listener, Arc::clone(&demo)));
        Ok(ChosenSite { label, base_url, demo: Some(demo) })
    }
}

impl ChosenSite {
    /// Says which site it is, and what is planned.
    pub fn introduce(&self, plan: &Plan) {
        note(format_args!("{}: {}", self.label, self.base_url));
        let codes = match plan.flags.as_slice() {
            [first, .., last] => format!("{} to {}", first.cc, last.cc),
            one => one.iter().map(|flag| flag.cc.as_str()).collect(),
        };
        let flags = counted(plan.flags.len(), "flag");
        let limit = match plan.max_req {
            n if n == 1 || is_sequential() => "one at a time".to_owned(),
            n => format!("at most {n} at a time"),
        };
        note(format_args!("{flags}, {codes}; {limit}"));
    }
}

/// Parses a base URL, and returns it encoded, without slashes at its end, with scheme and host in lower
/// case. ureq sends a URL as it is, and reqwest changes it: what reqwest would change is changed or
/// rejected here, so that both request the same.
///
/// # Errors
/// If it is not a URL, not `http` or `https`, has a query or a fragment (neither can stand before a
/// path), a user name or a password (which would be shown on the screen), a path with `.` or `..`, or a
/// host that reqwest would write in another way.
fn parse_base_url(text: &str) -> Result<String> {
    ensure!(!text.contains(['?', '#', '\\']), "a base URL has no query (?), fragment (#) or \\");
    let url: Uri = encoded(text.trim()).parse().context("not a URL")?;
    let scheme = url.scheme_str().filter(|scheme| ["http", "https"].contains(scheme));
    let scheme = scheme.context("expected a URL that starts with http:// or https://")?;
    let authority = url.authority().context("not a URL")?.as_str().to_ascii_lowercase();
    ensure!(!authority.contains('@'), "a user name is not supported");
    let host = url.host().unwrap_or_default().to_ascii_lowercase();
    let last = host.rsplit('.').next().unwrap_or_default();
    let numeric = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    let valid = !numeric || host.parse::<Ipv4Addr>().is_ok();
    ensure!(valid, "its host is not a name or an address such as 127.0.0.1");
    let valid = authority == host || url.port_u16().is_some();
    ensure!(valid, "the port is not a number up to 65535");
    let path = url.path().trim_end_matches('/');
    let dots = path.to_ascii_lowercase().replace("%2e", ".");
    ensure!(!dots.split('/').any(|part| matches!(part, "." | "..")), "its path has a '.' or '..'");
    Ok(format!("{scheme}://{authority}{path}"))
}

/// Encodes each character that no URL contains (RFC 3986, section 2). A `%` stays: what follows is encoded
/// already.
fn encoded(text: &str) -> String {
    let encode = |byte| match char::from(byte) {
        c if c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c) => c.to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use flags_common::flag_url;

    use super::*;

    proptest::proptest! {
        #[test]
        fn accepted_base_urls_keep_their_host_and_form(
            text in "(?s).*|[Hh]ttps?://[a-zA-Z0-9./?#@:-]*|https?://h/.*|http://\\[::1\\](:80)?"
        ) {
            if let Ok(base) = parse_base_url(&text) {
                assert!(!base.ends_with('/'));
                let url: Uri = flag_url(&base, "CN".parse().unwrap()).parse().unwrap();
                assert_eq!(url.host(), base.parse::<Uri>().unwrap().host());
                assert!(url.path().ends_with("/cn/cn.gif") && url.query().is_none());
                assert_eq!(parse_base_url(&base).unwrap(), base, "already in its normal form");
                let reqwest: reqwest::Url = url.to_string().parse().unwrap();
                assert_eq!((reqwest.host_str(), reqwest.path()), (url.host(), url.path()));
            }
        }
    }
}
