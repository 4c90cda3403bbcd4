//! The command line, the same for all three downloaders, and the plan made from it.

mod output;
mod site;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::builder::{PathBufValueParser, RangedU64ValueParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser};
use flags_common::{ALL_CC, CountryCode, POP20_CC, Plan};

pub(crate) use self::output::Canvas;
use self::output::{expanded, file_name};
pub(crate) use self::site::ChosenSite;
use self::site::{Label, SiteOptions};

/// Downloads the flags of the 20 most populous countries, or of others.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(crate) struct Options {
    /// Country code, or first letter (B for BA to BZ) [default: the 20 most populous countries]
    #[arg(value_name = "CC", value_parser = code_or_letter, group = "which")]
    cc: Vec<Vec<CountryCode>>,

    /// All 194 flags, AD to ZW
    #[arg(short, long, group = "which")]
    all: bool,

    /// Every possible code, AA to ZZ (676)
    #[arg(short, long, group = "which")]
    every: bool,

    /// Download only the first N flags
    #[arg(short, long, value_name = "N")]
    limit: Option<NonZeroUsize>,

    /// Send at most N requests at a time; flags-seq always sends one [default: 30, at most 1000]
    #[arg(short, long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=1000))]
    max_req: Option<usize>,

    #[command(flatten)]
    pub site: SiteOptions,

    /// Time limit of a request; with ureq, of each of its three phases
    #[arg(long, value_name = "SECS", default_value = "6.1", value_parser = timeout)]
    timeout: Duration,

    /// Save each flag as DIR/CC.gif
    #[arg(long, value_name = "DIR", default_value = "downloaded", value_parser = PathBufValueParser::new().try_map(expanded))]
    pub dest_dir: PathBuf,

    /// Print one line per flag
    #[arg(short, long)]
    pub verbose: bool,

    /// Draw a timeline of the run: in the terminal, or as FILE.svg (or its data as FILE.json)
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        value_parser = file_name
    )]
    timeline: Option<PathBuf>,

    /// Check the strategy in two runs: prints ok, or a line for each symptom
    #[arg(long, exclusive = true)]
    pub check: bool,
}

impl Options {
    /// Parses the command line. If it is wrong or asks for help, prints clap's message and exits with
    /// 2 or 0.
    pub fn from_command_line() -> Self {
        Self::try_parse(&program_name(), env::args_os()).unwrap_or_else(|error| error.exit())
    }

    /// Parses `args`. The first is the program's name.
    fn try_parse(program: &str, args: impl Iterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut command = Self::command().name(program.to_owned()).bin_name(program);
        let options = Self::from_arg_matches(&command.try_get_matches_from_mut(args)?)?;
        if options.site.server == Label::Remote && options.site.latency.is_some() {
            let why = "'--latency <MS>' is how long a demo site waits, and REMOTE is not one";
            return Err(command.error(ErrorKind::ArgumentConflict, why));
        }
        Ok(options)
    }

    /// The plan, for the site at `base_url`. As in the book's scripts, the codes are in alphabetical
    /// order, each once.
    pub fn plan(&self, base_url: &str) -> Plan {
        let codes: BTreeSet<_> = match self {
            Self { every: true, .. } => CountryCode::every().collect(),
            Self { all: true, .. } => ALL_CC.into(),
            Self { cc, .. } if cc.is_empty() => POP20_CC.into(),
            Self { cc, .. } => cc.iter().flatten().copied().collect(),
        };
        let limit = self.limit.map_or(usize::MAX, NonZeroUsize::get);
        let codes = codes.into_iter().take(limit);
        Plan::new(codes, base_url, &self.dest_dir, self.max_req.unwrap_or(30), self.timeout)
    }

    /// Makes the folder and opens the picture's file, so that an error is reported before anything is
    /// downloaded.
    pub fn prepare_output(&self) -> Result<Option<Canvas>> {
        let dir = self.dest_dir.as_path();
        make_folder(dir).with_context(|| format!("cannot save flags in {}", dir.display()))?;
        self.timeline.as_deref().map(Canvas::open).transpose()
    }
}

fn make_folder(path: &Path) -> Result<()> {
    if let Ok(target) = path.read_link() {
        ensure!(path.exists(), "it is a link to {}, which does not exist", target.display());
    }
    ensure!(!path.exists() || path.is_dir(), "it is not a folder");
    Ok(fs::create_dir_all(path)?)
}

/// Name of the program as it was started, without a path and the suffix of an executable; `flags`
/// if it has none.
pub(crate) fn program_name() -> String {
    let path = env::args_os().next().map(PathBuf::from).unwrap_or_default();
    let name = path.file_name().unwrap_or("flags".as_ref()).to_string_lossy();
    name.strip_suffix(env::consts::EXE_SUFFIX).unwrap_or(&name).to_owned()
}

/// Whether the program is flags-seq, which sends one request at a time whatever the limit.
pub(crate) fn is_sequential() -> bool {
    program_name() == "flags-seq"
}

fn code_or_letter(text: &str) -> Result<Vec<CountryCode>> {
    let picture = text.ends_with(".svg") || text.ends_with(".json");
    ensure!(!picture, "to draw into a file, write --timeline={text}, with '='");
    let codes = match text.as_bytes() {
        [letter] => CountryCode::starting_with(letter.to_ascii_uppercase()).collect(),
        _ => Vec::from_iter(text.parse().ok()),
    };
    ensure!(!codes.is_empty(), "expected a country code (AA to ZZ) or a first letter (A to Z)");
    Ok(codes)
}

/// Parses 1 ms to 24 h; more could overflow `Instant + Duration`.
fn timeout(text: &str) -> Result<Duration> {
    let seconds = text.parse().ok().filter(|seconds| (0.001..=86_400.0).contains(seconds));
    let seconds = seconds.context("expected 0.001 to 86400 seconds")?;
    Ok(Duration::from_secs_f64(seconds))
}
