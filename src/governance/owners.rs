//! A CODEOWNERS file from the policy: whoever approves is asked for a review by the platform under their own name.

use std::fmt::Write;

use super::approval::{FOLDER, slug};
use super::policy::ReviewPolicy;

/// The lines for a platform that reads CODEOWNERS. `prefix` leads from the root of the repository to the workspace, `/` at
/// both ends.
///
/// An approval file belongs to the person it names: a pull request that adds one needs that person's review, so that nobody
/// approves in another's name. The policy itself belongs to all of them.
pub fn code_owners(policy: &ReviewPolicy, prefix: &str) -> String {
    let mut members: Vec<&str> = policy.groups().values().flatten().map(String::as_str).collect();
    members.sort_unstable();
    members.dedup();
    let mut text = String::from("# Written by `abide status --format codeowners` from [policy] of abide.toml.\n");
    if members.is_empty() {
        text.push_str("# policy.groups names nobody.\n");
        return text;
    }
    let all: Vec<String> = members.iter().map(|member| handle(member)).collect();
    // Writing into a string does not fail.
    let _ = writeln!(text, "{prefix}abide.toml {}", all.join(" "));
    for member in members {
        let _ = writeln!(text, "{prefix}{FOLDER}/*/*-{}.toml {}", slug(member), handle(member));
    }
    text
}

/// The name as platforms take it: `@name`, or a mail address.
fn handle(member: &str) -> String {
    if member.contains('@') {
        member.to_owned()
    } else {
        format!("@{member}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Policy;

    #[test]
    fn everyone_owns_their_own_approvals() {
        let mut policy = Policy::default();
        policy
            .groups
            .insert("stats-guild".to_owned(), vec!["mira".to_owned(), "@tom".to_owned()]);
        policy.groups.insert(
            "legal".to_owned(),
            vec!["ines@example.org".to_owned(), "mira".to_owned()],
        );
        let text = code_owners(&ReviewPolicy::of(Some(&policy)), "/");
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "/abide.toml @tom ines@example.org @mira",
                "/approvals/*/*-tom.toml @tom",
                "/approvals/*/*-ines-example-org.toml ines@example.org",
                "/approvals/*/*-mira.toml @mira",
            ]
        );
    }
}
