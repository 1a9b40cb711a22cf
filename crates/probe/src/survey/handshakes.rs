//! Whole handshakes of a survey: whether the server bears the hello of a client with a post-quantum key share, and
//! whether it takes up a session that it gave.

use model::codes::TlsVersion;
use model::{Evidence, Fact, LookId, Resumption};

use super::{facts, suites};
use crate::plan::{Role, Sight};

/// Versions of which a session is taken up: up to TLS 1.1 it goes as with TLS 1.2.
const VERSIONS: [TlsVersion; 2] = [TlsVersion::TLS1_3, TlsVersion::TLS1_2];

/// What to ask next.
pub(super) fn roles(sight: &Sight<'_>, known: &suites::Known) -> Vec<Role> {
    let mut roles = Vec::new();
    for version in VERSIONS {
        if !known.speaks(version) {
            continue;
        }
        roles.push(Role::Keep(version));
        let kept = sight
            .begun
            .iter()
            .find(|begun| begun.role == Role::Keep(version));
        if kept.is_some_and(|kept| kept.is_over() && gave_one(sight.evidence, kept.id)) {
            roles.push(Role::Resume(version));
        }
    }
    roles
}

/// Connections that these questions may still take.
pub(super) fn to_come(sight: &Sight<'_>, known: &suites::Known) -> usize {
    let begun = |role: Role| sight.begun.iter().any(|begun| begun.role == role);
    VERSIONS
        .into_iter()
        .filter(|version| known.speaks(*version))
        .flat_map(|version| [Role::Keep(version), Role::Resume(version)])
        .filter(|role| !begun(*role))
        .count()
}

/// The look was given a session that can be taken up again.
fn gave_one(evidence: &Evidence, look: LookId) -> bool {
    facts(evidence, look).any(|fact| {
        matches!(
            fact,
            Fact::TlsResumption {
                what: Resumption::Given,
                ..
            }
        )
    })
}
