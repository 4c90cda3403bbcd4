//! The page `side-by-side.html`: the downloaders in three columns, aligned by role, and below each
//! function the one of the same name in Python.

mod align;
mod code;
mod source;
mod tokens;

use self::code::columns_html;
use self::source::{ROLES, Source};
use crate::read;

/// The page, made from the sources, the notes on them, and the pictures of runs.
pub fn page() -> String {
    let mains = ["flags-seq", "flags-threadpool", "flags-async"]
        .map(|variant| Source::new(variant, &format!("{variant}/src/main.rs")));
    let scripts = ["flags_seq.py", "flags_threadpool.py", "flags_async.py"]
        .map(|script| Source::new(script, &format!("flags-common/lesson/python/{script}")));
    // That of flags-threadpool is the same file: the test "parity" of flags-testing says so.
    let clients = [
        Source::new("flags-seq, flags-threadpool", "flags-seq/src/client.rs"),
        Source::new("flags-async", "flags-async/src/client.rs"),
    ];
    let mut page =
        include_str!("template.html").replace("/* style */\n", include_str!("style.css"));
    for role in ROLES {
        let columns = columns_html(role, &mains, &scripts);
        page = page.replace(&format!("<!-- {role} -->\n"), &columns);
    }
    page = page.replace("<!-- client -->\n", &columns_html("client", &clients, &[]));
    for picture in ["languages.svg", "compare.svg"] {
        page = page.replace(picture, &data_uri(read(&format!("flags-common/lesson/{picture}"))));
    }
    page
}

/// A picture as part of the page.
fn data_uri(svg: &str) -> String {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b" -.,:;=/()".contains(&byte);
    let encoded = svg.bytes().map(|byte| match is_safe(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    format!("data:image/svg+xml,{}", encoded.collect::<String>())
}
