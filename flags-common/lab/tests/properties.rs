//! The pure parts, for any input: no panic, and nothing outside the folder.

use std::fs;
use std::path::{Component, Path};

use flags_common::site::flag_image;
use flags_common::{ALL_CC, CountryCode, flag_url, save_flag};
use proptest::prelude::*;

/// Saves `image` as CN.gif in a new folder, and returns whether that is there. Nothing else is.
fn saves(image: &[u8]) -> bool {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("folder");
    fs::create_dir(&folder).unwrap();
    let saved = save_flag(image, &folder.join("CN.gif")).is_ok();
    let names =
        |dir: &Path| fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name()).collect::<Vec<_>>();
    assert_eq!(names(dir.path()), ["folder"]);
    assert_eq!(names(&folder), if saved { vec!["CN.gif"] } else { vec![] });
    if saved {
        assert_eq!(fs::read(folder.join("CN.gif")).unwrap(), image, "whole");
    }
    saved
}

proptest! {
    #[test]
    fn any_text_as_a_code(text in ".*|[a-zA-Z]{2}|[./\\\\]{2}") {
        let two_letters = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
        let code = text.parse::<CountryCode>();
        prop_assert_eq!(code.is_ok(), two_letters);
        if let Ok(cc) = code {
            let file = format!("{cc}.gif");
            let parts: Vec<_> = Path::new(&file).components().collect();
            prop_assert_eq!(parts, [Component::Normal(file.as_ref())]);
            prop_assert_eq!(cc.as_str(), text.to_uppercase());
        }
    }

    #[test]
    fn any_base_url(base in ".*", index in 0..ALL_CC.len()) {
        let url = flag_url(&base, ALL_CC[index]);
        let cc = ALL_CC[index].as_str().to_lowercase();
        let path = format!("/{cc}/{cc}.gif");
        prop_assert_eq!(url, base.trim_end_matches('/').to_owned() + &path);
    }

    #[test]
    fn any_bytes_as_an_image(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(!saves(&bytes), "no GIF begins by chance");
        prop_assert!(!saves(&[b"GIF89a", bytes.as_slice()].concat()) || bytes.contains(&0x3b));
    }

    #[test]
    fn any_change_to_a_gif(index in 0..ALL_CC.len(), at in any::<prop::sample::Index>(), byte: u8) {
        let mut image = flag_image(ALL_CC[index]).unwrap().to_vec();
        let at = at.index(image.len());
        image[at] = byte;
        saves(&image); // or not: either way no panic, and all of it or nothing
    }

    #[test]
    fn any_part_of_a_gif(index in 0..ALL_CC.len(), end in any::<prop::sample::Index>()) {
        let image = flag_image(ALL_CC[index]).unwrap();
        prop_assert!(!saves(&image[..end.index(image.len())]));
    }
}
