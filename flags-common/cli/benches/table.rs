//! The benchmark's figures as text.

use flags_testing::Strategy;

use crate::{LATENCIES, Row, Run};

/// Prints the rows for one latency as a table.
pub fn print<'a>(latency: u64, rows: impl Iterator<Item = &'a Row<'a>>) {
    println!("The site answers after {latency} ms:\n");
    println!(
        "| codes | at once | downloader       | elapsed ms | limit ms | ratio | CPU ms | peak MB \
         | threads | connections |"
    );
    println!("|--:|--:|:--|--:|--:|--:|--:|--:|--:|--:|");
    for row in rows {
        let Run { codes, max_req, variant, .. } = row.run;
        let (elapsed, limit, cpu) = (row.elapsed, row.run.limit(), row.cpu);
        let ratio = if limit > 0.0 { format!("{:.2}", elapsed / limit) } else { "none".to_owned() };
        let peak = row.peak_memory.map_or("unknown".to_owned(), |mb| format!("{mb:.1}"));
        let threads = row.threads.map_or("unknown".to_owned(), |n| n.to_string());
        println!(
            "| {codes:5} | {max_req:7} | {:16} | {elapsed:10.0} | {limit:8} | {ratio:>5} \
             | {cpu:6.0} | {peak:>7} | {threads:>7} | {:11} |",
            variant.name, row.connections
        );
    }
    println!();
}

/// Prints what the tables show.
pub fn print_comparison(rows: &[Row]) {
    let ratio = |row: &&Row| row.elapsed / row.run.limit();
    let up_to_50 = rows.iter().filter(|row| row.run.limit() > 0.0 && row.run.max_req <= 50);
    if let Some(row) = up_to_50.max_by(|a, b| ratio(a).total_cmp(&ratio(b))) {
        let Run { latency, max_req, variant, .. } = row.run;
        println!(
            "With at most 50 requests at once, the furthest from its limit is {} with {max_req} at \
             {latency} ms: {:.2} times as long.",
            variant.name,
            ratio(&row)
        );
    }
    // reqwest sometimes starts to connect and then takes a connection that has become free; the new
    // connection is opened all the same, and kept for a later request.
    for row in rows.iter().filter(|row| row.connections > row.run.max_req) {
        let Run { latency, max_req, variant, .. } = row.run;
        println!(
            "With {max_req} at once at {latency} ms, {} opens up to {} connections.",
            variant.name, row.connections
        );
    }
    for latency in LATENCIES {
        let find = |strategy| {
            rows.iter().find(|row| {
                (row.run.latency, row.run.codes, row.run.max_req) == (latency, 194, 194)
                    && row.run.variant.strategy == strategy
            })
        };
        let (Some(threads), Some(one)) = (find(Strategy::ThreadPool), find(Strategy::Async)) else {
            continue;
        };
        let memory = one.peak_memory.zip(threads.peak_memory).map(|(one, all)| one / all);
        let memory = memory.map_or(String::new(), |of| format!(" and {of:.2} of their memory"));
        println!(
            "With 194 at once at {latency} ms, flags-async uses {:.2} of the CPU time of 194 \
             threads{memory}.",
            one.cpu / threads.cpu,
        );
    }
}
