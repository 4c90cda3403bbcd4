//! The timeline: a diagram of a run. It shows which requests waited, for what, and which threads
//! were busy.
//!
//! `--timeline` installs a recorder, which listens to the spans of `get_flag` and `save_flag`;
//! without it, nothing listens and nothing is recorded. The recording becomes a [`Timeline`] when
//! the run ends, and that is drawn in the terminal or as [SVG](svg()).

mod calls;
mod canvas;
mod cells;
mod model;
mod os;
mod output;
mod recorded;
mod recorder;
mod recording;
mod summary;
mod svg;
mod terminal;

pub use self::model::{BusySpan, Request, Save, Timeline, Viewpoint};
pub(crate) use self::output::Output;
pub(crate) use self::recording::Recording;
pub use self::svg::svg;
pub use self::terminal::picture;
