//! The page `side-by-side.html`: the three `main.rs` in three columns, aligned by role.

mod align;
mod code;
mod html;
mod line;
pub mod notes;
pub mod picture;
mod roles;
mod source;
mod tokens;

use anyhow::Result;

use self::code::{Column, columns_html};
use self::html::escape;
use self::roles::{TEXTS, Text};
use self::source::Source;

/// The downloaders, from left to right.
pub const VARIANTS: [&str; 3] = ["flags-seq", "flags-threadpool", "flags-async"];

/// How each downloader works: its concurrency, in one sentence.
const STRATEGIES: [&str; 3] = [
    "No concurrency: the next flag is requested only once the previous one has been saved.",
    "A blocking request on each thread of a pool.",
    "All requests on one thread.",
];

/// What stands before and after the part of a column that a run measures.
pub fn measured_markers(variant: &str) -> [String; 2] {
    [format!("<!-- measured: {variant} -->\n"), format!("\n<!-- end: {variant} -->")]
}

/// The page, from the source of each downloader, the notes on them, and the figure of a run of each.
///
/// # Errors
/// If a source cannot be cut into roles, or the notes do not fit the sources.
pub fn page(sources: &[String; 3], notes: &str, figures: &[String; 3]) -> Result<String> {
    let columns = VARIANTS.iter().zip(sources).map(|(variant, text)| {
        let source = Source::new(variant, text)?;
        Ok(Column { source, notes: notes::notes(notes, variant, text)? })
    });
    let columns = columns.collect::<Result<Vec<_>>>()?;
    let template = include_str!("template.html");
    let runs: String = (0..3).map(|index| run_html(index, &figures[index])).collect();
    let sections: String = TEXTS.iter().map(|text| section_html(text, &columns)).collect();
    let links =
        TEXTS.iter().map(|text| format!("<li><a href=\"#{}\">{}</a></li>\n", text.id, text.title));
    let page = template
        .replace("/* style */\n", include_str!("style.css"))
        .replace("<!-- links -->\n", &links.collect::<String>())
        .replace("<!-- runs -->\n", &runs)
        .replace("<!-- sections -->\n", &sections);
    Ok(page)
}

fn run_html(index: usize, figure: &str) -> String {
    let (variant, strategy) = (VARIANTS[index], STRATEGIES[index]);
    let [before, after] = measured_markers(variant);
    format!(
        "<article class=\"col\">\n<h3>{variant}</h3>\n<p>{strategy}</p>\n{before}{figure}{after}\n\
         </article>\n"
    )
}

fn section_html(text: &Text, columns: &[Column]) -> String {
    let Text { role, id, title, change, folded, .. } = text;
    let heading = format!("<h2 id=\"{id}-title\">{title}</h2>");
    let (intro, code) = (
        format!(
            "<div class=\"intro\">\n<p>{change}</p>\n<p class=\"python\">In Python: {}</p>\n</div>\n",
            python_html(text)
        ),
        columns_html(*role, columns),
    );
    let content = if *folded {
        format!("<details>\n<summary>{heading}</summary>\n{intro}{code}</details>\n")
    } else {
        format!("{heading}\n{intro}{code}")
    };
    format!("<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n{content}</section>\n")
}

/// The Python functions, with links to their files: `a` in x.py and y.py, `b` in z.py.
fn python_html(text: &Text) -> String {
    const FILES: &str =
        "https://github.com/fluentpython/example-code-2e/blob/master/20-executors/getflags";
    let functions = text.python.iter().map(|(function, files)| {
        let link = |file: &&str| format!("<a href=\"{FILES}/{file}\">{file}</a>");
        let files = files.iter().map(link).collect::<Vec<_>>().join(", ");
        format!("<code>{}</code> in {files}", escape(function))
    });
    functions.collect::<Vec<_>>().join("; ")
}
