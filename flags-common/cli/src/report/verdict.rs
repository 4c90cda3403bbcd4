//! Claim and witnesses side by side, flag by flag: where they do not agree, and what is known of the
//! flags that have no result.

use super::codes::{grouped, listed};
use super::tally::{Claim, Claims};
use crate::session::Session;
use crate::site::Ending;
use crate::text::counted;
use crate::witness::Evidence;
use crate::witness::calls::{Call, Function};
use crate::witness::disk::OnDisk;
use crate::witness::requests::{self, LastSeen};

/// What is known of a flag. Flags of which the same is known are told of together.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Facts {
    claim: Option<Outcome>,
    disk: OnDisk,
    /// `None` if it is not known.
    site: Option<LastSeen>,
    /// The last call for it. Only of a flag that has no result, and with `--timeline`.
    call: Option<&'static str>,
}

/// The claim without its cause.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Outcome {
    Saved,
    Failed,
}

impl Facts {
    /// Whether there is something to say. A failure with its cause is told of elsewhere.
    fn disagree(self) -> bool {
        let saved = self.disk == OnDisk::Saved;
        match self.claim {
            None => true,
            Some(Outcome::Saved) => !saved || self.site == Some(LastSeen::NoRequest),
            Some(Outcome::Failed) => saved,
        }
    }

    /// A sentence about `n` flags, without a full stop.
    fn describe(self, n: usize) -> String {
        let flags = counted(n, "flag");
        let [have, are, files, those, them] = match n {
            1 => ["has", "is", "its file is", "that flag", "it"],
            _ => ["have", "are", "their files are", "those flags", "them"],
        };
        let mut text = match self.claim {
            None => format!("{flags} {have} no result"),
            Some(Outcome::Saved) if self.disk == OnDisk::Saved => format!("{flags} {are} saved"),
            Some(Outcome::Saved) => format!("{flags} {are} recorded as saved"),
            Some(Outcome::Failed) => format!("{flags} {are} recorded as failed"),
        };
        text += &match (self.claim, self.disk) {
            (Some(Outcome::Saved), OnDisk::Saved) => String::new(),
            (_, OnDisk::Saved) => format!(", but {files} there"),
            (_, OnDisk::Other) => format!(", but {files} not {those}"),
            (None, _) => String::new(),
            (_, OnDisk::Old) => format!(", but {files} unchanged"),
            (_, OnDisk::Missing) => format!(", but {files} not there"),
        };
        text += &match self.site {
            None => String::new(),
            Some(LastSeen::NoRequest) => format!("; the site saw no request for {them}"),
            Some(LastSeen::Waiting) => "; a request waits at the site".to_owned(),
            Some(LastSeen::Ended(Ending::Answered(status))) => {
                format!("; the site answered {status}")
            }
            Some(LastSeen::Ended(Ending::HungUp)) => {
                "; the client hung up before the answer".to_owned()
            }
        };
        text + &self.call.map_or(String::new(), |call| format!("; {call}"))
    }
}

fn describe_call(last: Option<&Call>) -> &'static str {
    match last.map(|call| (call.function, call.end)) {
        None => "no call of get_flag seen",
        Some((Function::GetFlag, None)) => "get_flag has not returned",
        Some((Function::GetFlag, Some(_))) => "get_flag has returned",
        Some((Function::SaveFlag, None)) => "save_flag has not returned",
        Some((Function::SaveFlag, Some(_))) => "save_flag has returned",
    }
}

/// Names the flags of which claim and witnesses do not say that all is well, or that all failed.
pub(super) fn disagreements(
    session: &Session,
    claims: &Claims,
    evidence: &Evidence,
) -> Vec<String> {
    told(session, claims, evidence, Facts::disagree)
}

/// Names the flags that have no result, and the last that was seen of each.
pub(super) fn without_result(session: &Session, evidence: &Evidence) -> Vec<String> {
    told(session, &session.claims(), evidence, |facts| facts.claim.is_none())
}

/// The sentences about the flags that `which` holds for, each with the codes of its flags.
fn told(
    session: &Session,
    claims: &Claims,
    evidence: &Evidence,
    which: fn(Facts) -> bool,
) -> Vec<String> {
    let seen = evidence.run.as_ref().and_then(|run| requests::by_flag(run, &session.flags));
    let flags = session.flags.iter().enumerate().map(|(n, flag)| {
        let claim = claims.by_flag.get(&flag.cc).map(|claim| match claim {
            Claim::Saved => Outcome::Saved,
            Claim::NotFound | Claim::Failed(_) => Outcome::Failed,
        });
        let site = seen.as_ref().map(|seen| seen[n]);
        let calls = evidence.calls.as_ref().filter(|_| claim.is_none());
        let call = calls.map(|calls| describe_call(calls.last(flag)));
        (Facts { claim, disk: evidence.disk[n], site, call }, flag.cc)
    });
    let groups = grouped(flags.filter(|(facts, _)| which(*facts))).into_iter();
    groups.map(|(facts, codes)| listed(facts.describe(codes.len()), &codes)).collect()
}
