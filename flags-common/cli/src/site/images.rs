//! The flag images that the demo site serves.

use flags_common::{ALL_CC, CountryCode};

/// One GIF for each code of [`ALL_CC`], in the same order. Made by `build.rs`.
static FLAG_IMAGES: [&[u8]; ALL_CC.len()] = include!(concat!(env!("OUT_DIR"), "/flag_images.rs"));

/// The flag of a country as a GIF of 72 × 72 pixels; `None` if the code is not in [`ALL_CC`]. The
/// artwork is Twemoji's (CC-BY 4.0).
pub fn flag_image(cc: CountryCode) -> Option<&'static [u8]> {
    ALL_CC.binary_search(&cc).ok().map(|index| FLAG_IMAGES[index])
}
