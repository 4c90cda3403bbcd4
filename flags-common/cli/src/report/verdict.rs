//! Claim and witnesses side by side: the flags of which they do not say that all is well, or that all
//! failed.

use flags_common::CountryCode;

use super::codes::grouped;
use super::tally::{Claim, Claims};
use crate::session::Session;
use crate::text::counted;
use crate::witness::Evidence;
use crate::witness::disk::OnDisk;
use crate::witness::requests::{self, LastSeen};

/// What is known of a flag. Flags of which the same is known are told of together.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Facts {
    claim: Option<Outcome>,
    disk: OnDisk,
    /// What the demo site saw last; `Some(None)` if it saw no request, `None` if that is not known.
    site: Option<Option<LastSeen>>,
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
            Some(Outcome::Saved) => !saved || self.site == Some(None),
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
        match self.site {
            None => {}
            Some(None) => text += &format!("; the site saw no request for {them}"),
            Some(Some(last)) => text += &format!("; {}", last.describe()),
        }
        text
    }
}

/// The sentences, each with its flags.
pub(super) fn verdicts(
    session: &Session,
    claims: &Claims,
    evidence: &Evidence,
) -> Vec<(String, Vec<CountryCode>)> {
    let seen = evidence.run.as_ref().and_then(requests::by_flag);
    let flags = session.flags.iter().zip(&evidence.disk).map(|(flag, &disk)| {
        let claim = claims.by_flag.get(&flag.cc).map(|claim| match claim {
            Claim::Saved => Outcome::Saved,
            Claim::NotFound | Claim::Failed(_) => Outcome::Failed,
        });
        let site = seen.as_ref().map(|seen| seen.get(&flag.cc).copied());
        (Facts { claim, disk, site }, flag.cc)
    });
    let groups = grouped(flags.filter(|(facts, _)| facts.disagree())).into_iter();
    groups.map(|(facts, codes)| (facts.describe(codes.len()), codes)).collect()
}

#[cfg(test)]
mod tests {
    use flags_common::StatusCode;

    use super::*;
    use crate::site::Ending;

    #[test]
    fn facts_are_told_where_claim_and_witnesses_disagree() {
        let answered = |status| Some(Some(LastSeen::Ended(Ending::Answered(status))));
        let ok = answered(StatusCode::OK);
        let facts = |claim, disk, site| Facts { claim, disk, site };
        let saved = Some(Outcome::Saved);
        assert!(!facts(saved, OnDisk::Saved, ok).disagree());
        assert!(!facts(saved, OnDisk::Saved, None).disagree());
        assert!(!facts(Some(Outcome::Failed), OnDisk::Missing, ok).disagree());
        for (facts, n, text) in [
            (facts(None, OnDisk::Missing, None), 2, "2 flags have no result"),
            (
                facts(None, OnDisk::Saved, ok),
                1,
                "1 flag has no result, but its file is there; the site answered 200 OK",
            ),
            (
                facts(saved, OnDisk::Missing, Some(None)),
                3,
                "3 flags are recorded as saved, but their files are not there; the site saw no \
                 request for them",
            ),
            (
                facts(saved, OnDisk::Saved, Some(None)),
                1,
                "1 flag is saved; the site saw no request for it",
            ),
            (
                facts(Some(Outcome::Failed), OnDisk::Saved, ok),
                1,
                "1 flag is recorded as failed, but its file is there; the site answered 200 OK",
            ),
        ] {
            assert!(facts.disagree());
            assert_eq!(facts.describe(n), text);
        }
    }
}
