//! What stays the same about a finding when lines move: the name that baselines and review tools know it by.

use std::collections::HashMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::{Diagnostic, Place};
use crate::source::{SourceMap, relative};

/// One fingerprint for each of the sorted diagnostics, in 32 hexadecimal digits.
///
/// It is made from the rule, the file, the address of the value, and what stands at the place: the line without blanks and
/// comment. Not from line numbers, and not from messages, whose numbers change with the plan. So it survives lines that
/// are added above, formatting and new releases, and changes when somebody touches the line. Findings that agree in all of
/// this are counted, in the order of the file.
pub fn fingerprints(diagnostics: &[Diagnostic], sources: &SourceMap) -> Vec<String> {
    fingerprints_from(diagnostics, sources, sources.base())
}

/// As [`fingerprints`], with files named from another folder than that of the run.
pub fn fingerprints_from(diagnostics: &[Diagnostic], sources: &SourceMap, folder: &Path) -> Vec<String> {
    let mut seen: HashMap<[u8; 32], u64> = HashMap::new();
    diagnostics
        .iter()
        .map(|diagnostic| {
            let file = sources.file(diagnostic.place.span.file);
            let path = relative(file.path(), sources.base(), folder);
            let pointer = diagnostic.place.pointer.as_str();
            let context = context(&diagnostic.place, sources);
            let mut hash = Sha256::new();
            for part in ["abide.finding/1", diagnostic.rule, &path, pointer, &context] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part);
            }
            let digest: [u8; 32] = hash.clone().finalize().into();
            let count = seen.entry(digest).or_default();
            if *count > 0 {
                hash.update(count.to_be_bytes());
            }
            *count += 1;
            hex(&hash.finalize())
        })
        .collect()
}

/// The first 16 bytes.
fn hex(digest: &[u8]) -> String {
    digest.iter().take(16).fold(String::new(), |mut out, byte| {
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
        out
    })
}

/// The first line of a place without blanks and comment; nothing where the place is between two characters, because what
/// is missing has no line of its own.
fn context(place: &Place, sources: &SourceMap) -> String {
    if place.span.start == place.span.end {
        return String::new();
    }
    let file = sources.file(place.span.file);
    let number = file.position(place.span.start as usize).line - 1;
    let (_, line) = file.line(number);
    let mut quote: Option<char> = None;
    let mut escaped = false;
    let mut out = String::new();
    for c in line.chars() {
        match (quote, c) {
            (None, '#') => break,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open && !escaped => quote = None,
            _ => {}
        }
        escaped = quote == Some('"') && c == '\\' && !escaped;
        if quote.is_some() || !c.is_whitespace() {
            out.push(c);
        }
    }
    out
}
