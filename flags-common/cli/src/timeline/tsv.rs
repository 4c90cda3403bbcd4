//! A timeline as lines of fields separated by tabs: for a spreadsheet, or for a program that draws
//! several runs in one picture.
//!
//! ```text
//! program      flags-async
//! elapsed      121837         times are in microseconds since the start of the run
//! cpu          17410          this and the next two only if they are known
//! os_threads   1
//! connections  20
//! thread       main           one line for each; other lines refer to them by number, from 0
//! request      BD  2264  117052            start, end, and the cause if the flag was not saved
//! answered     101870         when the site answered the request before; absent if unknown
//! hold         0   2270  2931              thread, start, end of a busy span of that request
//! save         BD  0  117060  117190       thread, start, end
//! ```

use std::fmt::Write;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Error, Result, bail, ensure};

use super::{BusySpan, Request, Save, Timeline};
use crate::text::clean;

/// Writes the file.
pub(super) fn write(run: &Timeline) -> String {
    let mut text = String::new();
    let mut line = |fields: &[&str]| _ = writeln!(text, "{}", fields.join("\t"));
    line(&["program", &clean(&run.program)]);
    line(&["elapsed", &micros(run.elapsed)]);
    if let Some(cpu) = run.cpu {
        line(&["cpu", &micros(cpu)]);
    }
    if let Some(os_threads) = run.os_threads {
        line(&["os_threads", &os_threads.to_string()]);
    }
    if let Some(connections) = run.connections {
        line(&["connections", &connections.to_string()]);
    }
    for name in &run.threads {
        line(&["thread", &clean(name)]);
    }
    for Request { cc, start, end, answered, busy, failure } in &run.requests {
        let cause = failure.as_deref().map(clean);
        let fields = ["request", cc.as_str(), &micros(*start), &micros(*end)];
        line(&[&fields[..], cause.as_deref().as_slice()].concat());
        if let Some(answered) = answered {
            line(&["answered", &micros(*answered)]);
        }
        for BusySpan { thread, from, to } in busy {
            line(&["hold", &thread.to_string(), &micros(*from), &micros(*to)]);
        }
    }
    for Save { cc, busy: BusySpan { thread, from, to } } in &run.saves {
        line(&["save", cc.as_str(), &thread.to_string(), &micros(*from), &micros(*to)]);
    }
    text
}

fn micros(time: Duration) -> String {
    time.as_micros().to_string()
}

/// Parses what `--timeline=FILE.tsv` writes.
///
/// # Errors
/// If a line is malformed; the error names its number.
impl FromStr for Timeline {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut run = Self::default();
        for (number, line) in text.lines().enumerate() {
            let fields: Vec<_> = line.split('\t').collect();
            run.read_line(&fields).with_context(|| format!("line {}", number + 1))?;
        }
        Ok(run)
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
                let (cc, answered, busy) = (cc.parse()?, None, Vec::new());
                self.requests.push(Request { cc, start, end, answered, busy, failure });
            }
            ["answered", time] => self.last_request()?.answered = Some(from_micros(time)?),
            ["hold", thread, from, to] => {
                let busy = self.busy_span(thread, from, to)?;
                self.last_request()?.busy.push(busy);
            }
            ["save", cc, thread, from, to] => {
                let busy = self.busy_span(thread, from, to)?;
                self.saves.push(Save { cc: cc.parse()?, busy });
            }
            _ => bail!("not a line of a timeline"),
        }
        Ok(())
    }

    fn last_request(&mut self) -> Result<&mut Request> {
        self.requests.last_mut().context("no request before it")
    }

    fn busy_span(&self, thread: &str, from: &str, to: &str) -> Result<BusySpan> {
        let (from, to) = in_order(from, to)?;
        let thread = thread.parse()?;
        ensure!(thread < self.threads.len(), "unknown thread");
        Ok(BusySpan { thread, from, to })
    }
}

fn in_order(from: &str, to: &str) -> Result<(Duration, Duration)> {
    let (from, to) = (from_micros(from)?, from_micros(to)?);
    ensure!(from <= to, "it ends before it starts");
    Ok((from, to))
}

fn from_micros(text: &str) -> Result<Duration> {
    Ok(Duration::from_micros(text.parse()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "program\tflags-async\nelapsed\t120345\ncpu\t17000\nos_threads\t1\n\
        connections\t20\nthread\tmain\nrequest\tCN\t10\t90\nanswered\t79\nhold\t0\t10\t11\n\
        hold\t0\t80\t90\nrequest\tXX\t12\t71\tnot found\nhold\t0\t12\t14\nsave\tCN\t0\t90\t93\n";

    #[test]
    fn written_timeline_reads_back() {
        let run: Timeline = RUN.parse().unwrap();
        assert_eq!(write(&run), RUN);

        let [cn, xx] = &run.requests[..] else { panic!("two requests") };
        assert_eq!((cn.failure.as_deref(), xx.failure.as_deref()), (None, Some("not found")));
        assert_eq!((cn.unread(), xx.unread()), (Some(Duration::from_micros(11)), None));
        assert_eq!((cn.busy.len(), xx.busy.len(), run.saves.len()), (2, 1, 1));
        assert_eq!(run.total_time(), Duration::from_micros(80 + 59));
    }

    #[test]
    fn malformed_timeline_is_rejected() {
        for text in [
            "x",
            "elapsed\t-1",
            "request\tCN\t2\t1",
            "hold\t0\t1\t2",
            "answered\t1",
            "save\tCN\t0\t1\t2",
            "cpu\t1\t2",
        ] {
            let error = format!("program\tp\n{text}\n").parse::<Timeline>().unwrap_err();
            assert_eq!(error.to_string(), "line 2", "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_cause_reads_back(cause in "(?s).*", name in "(?s).*") {
            let mut run: Timeline = RUN.parse().unwrap();
            run.requests[0].failure = Some(cause.clone());
            run.threads[0] = name;
            let read: Timeline = write(&run).parse().unwrap();
            assert_eq!(read.requests[0].failure.as_deref(), Some(&*clean(&cause)));
            assert_eq!(write(&read), write(&run));
        }
    }
}
