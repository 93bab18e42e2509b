//! TOML text → a tree of values that know where they were written.
//!
//! Reading happens one statement at a time: the tokens are cut into lines that belong together, the
//! reader turns one statement into a header or a key with its value, and the document puts it where it belongs. A
//! statement that cannot be read costs only itself: the next one starts clean. What was lost is remembered in
//! [`Faults`], so that later stages do not report as missing what was written, only wrongly.
//!
//! The grammar is that of `toml_parser`, the parser inside the `toml` crate; the assembly is ours because recovery is
//! what this module is for. (`toml::de::DeTable::parse_recoverable` stops at the first key without `=`, takes the next
//! key as the name of an unclosed header, and fills in `0`, `nan` and `""` for what it could not read.) A test holds
//! both to the same trees.

mod bridge;
mod decode;
mod document;
mod explain;
mod faults;
mod node;
mod number;
mod parse;
mod reader;
mod statement;

pub use bridge::{DATETIME_TAG, NUMBER_TAG, NUMBER_TEXT};
pub use decode::{Decoded, MAX_BYTES, decode};
pub use faults::{Faults, Parsed};
pub use node::{Entries, Kind, Node};
pub use parse::{MAX_DEPTH, MAX_REPORTED, load, parse};
