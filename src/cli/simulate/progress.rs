//! How far a simulation has come, as one line on a terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use super::Global;

/// Marks in a full bar.
const WIDTH: u64 = 30;

/// A bar on standard error; nothing where that is no terminal or quiet was asked for.
pub(super) struct Progress {
    shown: bool,
    made: AtomicU64,
}

impl Progress {
    /// The bar that an invocation gets.
    pub(super) fn of(global: &Global) -> Self {
        Self {
            shown: !global.quiet && io::stderr().is_terminal(),
            made: AtomicU64::new(0),
        }
    }

    /// So many more runs of all are made. The line is written anew when it changes.
    pub(super) fn advance(&self, more: u32, all: u64) {
        let made = self.made.fetch_add(u64::from(more), Ordering::Relaxed) + u64::from(more);
        let percent = |made: u64| 100 * made / all.max(1);
        if self.shown && percent(made) != percent(made - u64::from(more)) {
            let marks = (WIDTH * made / all.max(1)) as usize;
            let bar = format!(
                "{}{}",
                "#".repeat(marks),
                "-".repeat(WIDTH as usize - marks.min(WIDTH as usize))
            );
            // Standard error may be closed; there is nowhere left to say so.
            let _ = write!(io::stderr().lock(), "\r[{bar}] {:>3}%", percent(made));
        }
    }

    /// Takes the line away.
    pub(super) fn clear(&self) {
        if self.shown {
            let _ = write!(io::stderr().lock(), "\r{}\r", " ".repeat(WIDTH as usize + 8));
        }
    }
}
