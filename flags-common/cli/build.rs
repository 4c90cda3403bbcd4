//! Converts the artwork, PNGs from the crate `twemoji-assets`, to the GIFs that the demo site serves,
//! and writes `$OUT_DIR/flag_images.rs`, which embeds them. Done at build time because a conversion
//! takes milliseconds in a debug build: too long while requests wait.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use twemoji_assets::png::PngTwemojiAsset;

// As a build dependency, flags-common would be compiled a second time.
#[allow(dead_code, unused_imports)]
#[path = "../src/country.rs"]
mod country;
use country::{ALL_CC, CountryCode};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../src/country.rs");
    let out_dir = env::var("OUT_DIR")?;
    let mut images = String::from("[\n");
    for cc in ALL_CC {
        let path = Path::new(&out_dir).join(format!("{cc}.gif"));
        let png = PngTwemojiAsset::from_emoji(&emoji(cc)).ok_or(format!("no artwork for {cc}"))?;
        fs::write(&path, gif_from_png(png.data.0)?)?;
        writeln!(images, "    include_bytes!({path:?}),")?;
    }
    images.push_str("]\n");
    fs::write(Path::new(&out_dir).join("flag_images.rs"), images)?;
    Ok(())
}

/// The emoji of a flag: its country code in regional indicator letters.
fn emoji(cc: CountryCode) -> String {
    let indicator = |letter: u8| char::from_u32(u32::from('🇦') + u32::from(letter - b'A'));
    cc.as_str().bytes().filter_map(indicator).collect()
}

/// Keeps every colour: each flag has at most 256, the limit of a GIF. A GIF has no translucency, so
/// pixels at the edge become opaque or transparent.
fn gif_from_png(png: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let header = minipng::decode_png_header(png).map_err(|error| error.to_string())?;
    let mut buffer = vec![0; header.required_bytes_rgba8bpc()];
    let mut image = minipng::decode_png(png, &mut buffer).map_err(|error| error.to_string())?;
    image.convert_to_rgba8bpc().map_err(|error| error.to_string())?;

    const TRANSPARENT: [u8; 3] = [0, 0, 0];
    let mut palette = vec![TRANSPARENT]; // entry 0 is the transparent one
    let mut pixels = Vec::new();
    for pixel in image.pixels().as_chunks::<4>().0 {
        let &[red, green, blue, alpha] = pixel;
        let colour = [red, green, blue];
        let entry = match palette[1..].iter().position(|&known| known == colour) {
            _ if alpha < 128 => 0,
            Some(known) => known + 1,
            None => {
                palette.push(colour);
                palette.len() - 1
            }
        };
        pixels.push(u8::try_from(entry)?);
    }

    let (width, height) = (u16::try_from(image.width())?, u16::try_from(image.height())?);
    let mut gif = Vec::new();
    let mut encoder = gif::Encoder::new(&mut gif, width, height, &palette.concat())?;
    encoder.write_frame(&gif::Frame::from_indexed_pixels(width, height, pixels, Some(0)))?;
    drop(encoder); // writes the trailer
    Ok(gif)
}
