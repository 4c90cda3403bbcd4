//! The timeline: a diagram of a run, in which every mark is something that was seen.
//!
//! What the witnesses saw becomes a [`Timeline`], which is data. From it follows one scene: rows,
//! legend, figures, small print. The terminal and [SVG](svg()) only paint it.

mod compose;
mod figures;
mod lasting;
mod marks;
mod model;
mod scene;
mod svg;
mod terminal;

pub(crate) use self::compose::of;
pub use self::model::{Activity, Interval, Request, Thread, Timeline, Viewpoint};
pub use self::svg::svg;
pub use self::terminal::picture;
pub use crate::witness::doing::Doing;
