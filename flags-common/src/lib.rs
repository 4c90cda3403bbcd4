//! What the three downloaders `flags-seq`, `flags-threadpool` and `flags-async` share.
//!
//! Three things give the crate its name and stand alone: the [country list](POP20_CC),
//! [URL building](flag_url) and [disk saving](save_flag). The rest serves a person at a terminal:
//! [`main`] reads the command line into a [`Plan`], hands it to the downloader's strategy, and the
//! [`Report`] says what became of each [`Flag`]. [`site`] is the demo site that they download from
//! unless told otherwise, and [`timeline`] the picture of who waited and who worked.

mod background;
mod country;
mod http;
mod options;
mod plan;
mod report;
mod run;
mod save;
mod screen;
pub mod site;
pub mod timeline;
mod url;

pub use anyhow::{Error, Result};

pub use crate::country::{ALL_CC, CountryCode, NotACode, POP20_CC};
pub use crate::http::{BadStatus, MAX_FLAG_BYTES, StatusCode, USER_AGENT, check_status};
pub use crate::plan::{Flag, Plan};
pub use crate::report::Report;
pub use crate::run::main;
pub use crate::save::save_flag;
pub use crate::url::flag_url;
