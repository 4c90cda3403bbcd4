//! Turns the artwork, PNGs from the crate `twemoji-assets`, into the GIFs that the demo site
//! serves, and writes `$OUT_DIR/flag_images.rs`, which embeds them. Done here because a conversion
//! takes milliseconds in a debug build: too long while requests wait.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use twemoji_assets::png::PngTwemojiAsset;

#[allow(dead_code, unused_imports)] // one list of countries, two crates that need it
#[path = "src/country.rs"]
mod country;
use country::{ALL_CC, CountryCode};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/country.rs");
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

/// A flag's emoji is its country code, in the letters called regional indicators.
fn emoji(cc: CountryCode) -> String {
    let indicator = |letter: u8| char::from_u32(u32::from('🇦') + u32::from(letter - b'A'));
    cc.letters().into_iter().filter_map(indicator).collect()
}

/// Each flag has at most 256 colours, as many as a GIF may, so every colour is kept. What a GIF
/// has not is translucency: a pixel at the edge becomes either opaque or transparent.
fn gif_from_png(png: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
    let mut reader = decoder.read_info()?;
    let mut rgba = vec![0; reader.output_buffer_size().ok_or("an image too large")?];
    let info = reader.next_frame(&mut rgba)?;

    const TRANSPARENT: [u8; 3] = [0, 0, 0];
    let mut palette = vec![TRANSPARENT]; // entry 0 is the transparent one
    let mut pixels = Vec::new();
    for pixel in rgba.as_chunks::<4>().0 {
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

    let (width, height) = (u16::try_from(info.width)?, u16::try_from(info.height)?);
    let mut gif = Vec::new();
    let mut encoder = gif::Encoder::new(&mut gif, width, height, &palette.concat())?;
    encoder.write_frame(&gif::Frame::from_indexed_pixels(width, height, pixels, Some(0)))?;
    drop(encoder); // writes the end of the file
    Ok(gif)
}
