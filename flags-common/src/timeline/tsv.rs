//! A timeline as lines of fields separated by tabs, for a spreadsheet, or for a program that draws
//! several runs in one picture:
//!
//! ```text
//! program      flags-async
//! elapsed      121837         times are in microseconds, from the beginning of the run
//! cpu          17410          this and the next two only if they are known
//! os_threads   1
//! connections  20
//! thread       main           one line for each; the holds call them by number, from 0
//! request      BD  2264  117052            from, to, and the cause if it failed
//! hold         0   2270  2931              by the request before it: thread, from, to
//! ```

use std::fmt::Write;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Error, Result, bail, ensure};

use super::{Hold, Request, Timeline};

/// Writes the file.
pub(super) fn write(timeline: &Timeline) -> String {
    let mut text = String::new();
    let mut line = |fields: &[&str]| _ = writeln!(text, "{}", fields.join("\t"));
    line(&["program", &timeline.program]);
    line(&["elapsed", &micros(timeline.elapsed)]);
    if let Some(cpu) = timeline.cpu {
        line(&["cpu", &micros(cpu)]);
    }
    if let Some(os_threads) = timeline.os_threads {
        line(&["os_threads", &os_threads.to_string()]);
    }
    if let Some(connections) = timeline.connections {
        line(&["connections", &connections.to_string()]);
    }
    for name in &timeline.threads {
        line(&["thread", &one_field(name)]);
    }
    for Request { cc, start, end, holds, failure } in &timeline.requests {
        let cause = failure.as_deref().map(one_field);
        let fields = ["request", cc.as_str(), &micros(*start), &micros(*end)];
        line(&[&fields[..], cause.as_deref().as_slice()].concat());
        for Hold { thread, from, to } in holds {
            line(&["hold", &thread.to_string(), &micros(*from), &micros(*to)]);
        }
    }
    text
}

fn micros(time: Duration) -> String {
    time.as_micros().to_string()
}

/// A cause may be of several lines.
fn one_field(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// Reads what `--timeline=FILE.tsv` has written.
///
/// # Errors
/// If a line is not as it would write it, with the number of the line.
impl FromStr for Timeline {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut timeline = Self::default();
        for (number, line) in text.lines().enumerate() {
            let fields: Vec<_> = line.split('\t').collect();
            timeline.read_line(&fields).with_context(|| format!("line {}", number + 1))?;
        }
        Ok(timeline)
    }
}

impl Timeline {
    fn read_line(&mut self, fields: &[&str]) -> Result<()> {
        match *fields {
            ["program", name] => self.program = name.to_owned(),
            ["elapsed", time] => self.elapsed = from_micros(time)?,
            ["cpu", time] => self.cpu = Some(from_micros(time)?),
            ["os_threads", n] => self.os_threads = Some(n.parse()?),
            ["connections", n] => self.connections = Some(n.parse()?),
            ["thread", name] => self.threads.push(name.to_owned()),
            ["request", cc, start, end, ref cause @ ..] => {
                let (start, end) = in_order(start, end)?;
                let failure = cause.first().map(|&cause| cause.to_owned());
                let (cc, holds) = (cc.parse()?, Vec::new());
                self.requests.push(Request { cc, start, end, holds, failure });
            }
            ["hold", thread, from, to] => {
                let request = self.requests.last_mut().context("a hold before any request")?;
                let (from, to) = in_order(from, to)?;
                request.holds.push(Hold { thread: thread.parse()?, from, to });
            }
            _ => bail!("not a line of a timeline"),
        }
        Ok(())
    }
}

fn in_order(from: &str, to: &str) -> Result<(Duration, Duration)> {
    let (from, to) = (from_micros(from)?, from_micros(to)?);
    ensure!(from <= to, "it ends before it begins");
    Ok((from, to))
}

fn from_micros(text: &str) -> Result<Duration> {
    Ok(Duration::from_micros(text.parse()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_can_be_read() {
        let text = "program\tflags-async\nelapsed\t120345\ncpu\t17000\nos_threads\t1\n\
                    connections\t20\nthread\tmain\nrequest\tCN\t10\t90\nhold\t0\t10\t11\n\
                    hold\t0\t80\t90\nrequest\tXX\t12\t71\tnot found\nhold\t0\t12\t14\n";
        let timeline: Timeline = text.parse().unwrap();
        assert_eq!(write(&timeline), text);

        let [cn, xx] = &timeline.requests[..] else { panic!("two requests") };
        assert_eq!((cn.failure.as_deref(), xx.failure.as_deref()), (None, Some("not found")));
        assert_eq!((cn.holds.len(), xx.holds.len()), (2, 1));
        assert_eq!(timeline.in_all(), Duration::from_micros(80 + 59));

        let mut two_lines = timeline.clone();
        two_lines.requests[1].failure = Some("not\nfound".to_owned());
        assert_eq!(write(&two_lines), text, "a cause is one field");
    }

    #[test]
    fn what_is_no_timeline_is_not_read() {
        for text in ["x", "elapsed\t-1", "request\tCN\t2\t1", "hold\t0\t1\t2", "cpu\t1\t2"] {
            let error = format!("program\tp\n{text}\n").parse::<Timeline>().unwrap_err();
            assert_eq!(error.to_string(), "line 2", "{text:?}");
        }
    }
}
