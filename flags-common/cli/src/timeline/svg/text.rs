//! Numbers and text in SVG.

use std::fmt::{self, Display};

use crate::text::clean;

/// A length, rounded to a tenth of a pixel.
pub(super) struct Px(pub f64);

impl Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", (self.0 * 10.0).round() / 10.0)
    }
}

/// Text as XML needs it.
pub(super) struct Escaped<T>(pub T);

impl<T: Display> Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = clean(&self.0.to_string());
        f.write_str(&text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
    }
}
