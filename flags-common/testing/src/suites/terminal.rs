//! What a person at a terminal sees while flags arrive.

use flags_common::ALL_CC;
use libtest_mimic::Trial;

use crate::pty::OnTerminal;
use crate::sites::gate::Gate;
use crate::{Strategy, Variant};

pub(super) fn trials(variant: &'static Variant) -> Vec<Trial> {
    trials!(
        variant,
        "terminal",
        [progress_is_up_to_date_in_a_stall, picture_fits_a_terminal_of_24_rows]
    )
}

/// The gate answers a burst, then no more. The bar draws at most 20 times a second, so the last of the
/// burst would not show if nothing redrew it.
fn progress_is_up_to_date_in_a_stall(variant: &Variant) {
    let in_flight = variant.strategy.in_flight(20);
    let (base_url, gate) = Gate::stalling(in_flight, ALL_CC.len(), 20);
    let args = ["-a", "-m", "20", "--timeout", "60", "--base-url", &base_url];
    let mut downloader = OnTerminal::start(variant, 24, &args);
    downloader.wait_until(|output| output.contains("20/194"));
    let output = downloader.output();
    let last_line =
        output.rsplit("\x1b[2K").find(|line| line.contains("AD")).expect("a line of codes");
    let shown = ALL_CC.iter().filter(|cc| last_line.contains(cc.as_str())).count();
    assert_eq!(shown, 20, "{output:?}");
    assert_eq!(gate.seen().answered, 20);
    downloader.kill();
}

fn picture_fits_a_terminal_of_24_rows(variant: &Variant) {
    let (status, output) = OnTerminal::start(variant, 24, &["--timeline"]).finish();
    assert_eq!(status, 0, "{output}");
    let picture = output.find("Bars: ").expect("the legend");
    assert!(output[picture..].lines().count() < 24, "{output}");
    let codes = if variant.strategy == Strategy::ThreadPool { "BD…" } else { "BD…CD" };
    assert!(output.contains(codes), "neighbours share a row: {output}");
}
