//! What `flags-seq`, `flags-threadpool` and `flags-async` share: the [country list](POP20_CC),
//! [URL building](flag_url) and [disk saving](save_flag).
//!
//! Besides these, it has the few types that the downloaders use: a [`Plan`] lists the
//! flags to download, and a [`Report`] takes the result of each.
//!
//! ```
//! use std::path::Path;
//! use std::time::Duration;
//!
//! use flags_common::{Flag, POP20_CC, Plan, Report, Result};
//!
//! # fn main() {
//! let dir = Path::new("downloaded");
//! let plan = Plan::new(POP20_CC, "http://127.0.0.1:8000/flags", dir, 5, Duration::from_secs(6));
//! assert_eq!(plan.flags[0].url, "http://127.0.0.1:8000/flags/cn/cn.gif");
//! assert_eq!(plan.flags[0].path, dir.join("CN.gif"));
//!
//! // A closure is a report. A downloader calls `record` once for each flag.
//! let mut saved = 0;
//! let mut report = |_flag: &Flag, result: Result<()>| saved += usize::from(result.is_ok());
//! report.record(&plan.flags[0], Ok(()));
//! assert_eq!(saved, 1);
//! # }
//! ```

mod country;
mod flag_url;
mod plan;
mod report;
mod save;
mod status;

#[doc(no_inline)]
pub use anyhow::{Error, Result, ensure};
#[doc(no_inline)]
pub use http::StatusCode;

pub use crate::country::{ALL_CC, CountryCode, POP20_CC, ParseCountryCodeError};
pub use crate::flag_url::flag_url;
pub use crate::plan::{Flag, Plan};
pub use crate::report::Report;
pub use crate::save::{check_gif, save_flag, stop_saving};
pub use crate::status::{HttpStatusError, MAX_FLAG_BYTES, check_status};
