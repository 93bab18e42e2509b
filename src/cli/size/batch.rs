//! One question per line of JSON in, one answer or fault per line out, in the same order and as they come.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use super::super::{Failure, Outcome};
use crate::calculator::answer_line;

/// A longer line is no request; the rest of it is skipped.
const LONGEST_LINE: u64 = 1 << 20;

/// Answers every line of a file, or of standard input for `-`.
pub(super) fn run(file: &Path) -> Result<Outcome, Failure> {
    if file == Path::new("-") {
        return answer_all(BufReader::new(io::stdin().lock()), "standard input");
    }
    let name = file.display().to_string();
    match File::open(file) {
        Ok(open) => answer_all(BufReader::new(open), &name),
        Err(error) => Err(Failure::new(format!("cannot read {name}: {error}"))),
    }
}

fn answer_all<R: Read>(mut lines: BufReader<R>, name: &str) -> Result<Outcome, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    let mut outcome = Outcome::Clean;
    loop {
        line.clear();
        let read = (&mut lines).take(LONGEST_LINE).read_until(b'\n', &mut line);
        match read {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => return Err(Failure::new(format!("cannot read {name}: {error}"))),
        }
        let complete = line.ends_with(b"\n");
        if !complete && line.len() as u64 == LONGEST_LINE {
            skip_line(&mut lines).map_err(|error| Failure::new(format!("cannot read {name}: {error}")))?;
        }
        let answer = answer_line(line.trim_ascii());
        if answer.is_error() {
            outcome = Outcome::Findings;
        }
        let mut written = writeln!(out, "{}", answer.to_json());
        // Whoever waits for an answer before asking again gets it now.
        if lines.buffer().is_empty() {
            written = written.and_then(|()| out.flush());
        }
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(outcome),
            Err(error) => return Err(Failure::new(format!("cannot write to standard output: {error}"))),
            Ok(()) => {}
        }
    }
    match out.flush() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(outcome),
    }
}

/// Reads to the end of the line without keeping it.
fn skip_line(lines: &mut impl BufRead) -> io::Result<()> {
    loop {
        let (found, used) = {
            let buffer = lines.fill_buf()?;
            match buffer.iter().position(|byte| *byte == b'\n') {
                Some(at) => (true, at + 1),
                None => (buffer.is_empty(), buffer.len()),
            }
        };
        lines.consume(used);
        if found {
            return Ok(());
        }
    }
}
