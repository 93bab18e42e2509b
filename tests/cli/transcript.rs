//! Transcripts: Markdown pages whose fenced blocks are files, commands and what the commands print. See `README.md`.

use std::fmt::Write as _;

use super::sandbox::{Ran, Sandbox};

/// What separates the expected lines that matter from those that may be anything.
const ELISION: &str = "...";

/// A page, as parts in order.
pub(super) struct Transcript {
    parts: Vec<Part>,
}

enum Part {
    /// Lines for people.
    Prose(Vec<String>),
    Block(Block),
}

/// A fenced block.
#[derive(Clone)]
struct Block {
    fence: String,
    /// What stands behind the fence: `console`, `stdout`, `toml broken.toml`.
    info: String,
    lines: Vec<String>,
}

impl Block {
    fn new(info: &str, text: &str) -> Self {
        // The fence is longer than any fence inside, so that the page stays Markdown.
        let inner = text.lines().map(fence_length).max().unwrap_or(0);
        Self {
            fence: "`".repeat(3.max(inner + 1)),
            info: info.to_owned(),
            lines: text.lines().map(str::to_owned).collect(),
        }
    }

    fn is(&self, kind: &str) -> bool {
        self.info.split_whitespace().next() == Some(kind)
    }

    /// The file that the block holds the content of, if its info names one.
    fn file(&self) -> Option<&str> {
        self.info.split_whitespace().nth(1)
    }

    fn content(&self) -> Vec<u8> {
        let text: String = self.lines.iter().flat_map(|line| [line, "\n"]).collect();
        if self.is("escaped") {
            unescape(&text)
        } else {
            text.into_bytes()
        }
    }
}

impl Transcript {
    pub(super) fn parse(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut prose: Vec<String> = Vec::new();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let length = fence_length(line);
            if length < 3 {
                prose.push(line.to_owned());
                continue;
            }
            parts.push(Part::Prose(std::mem::take(&mut prose)));
            let (fence, info) = line.split_at(length);
            parts.push(Part::Block(Block {
                fence: fence.to_owned(),
                info: info.to_owned(),
                lines: lines
                    .by_ref()
                    .take_while(|line| *line != fence)
                    .map(str::to_owned)
                    .collect(),
            }));
        }
        parts.push(Part::Prose(prose));
        Self { parts }
    }

    /// Runs every command in order in one sandbox, and writes the page anew with what they printed. Expectations that
    /// hold stay as they are written, elisions included.
    pub(super) fn replay(&self, sandbox: &Sandbox) -> String {
        let mut page = String::new();
        let mut parts = self.parts.iter().peekable();
        while let Some(part) = parts.next() {
            match part {
                Part::Prose(lines) => write_lines(&mut page, lines),
                Part::Block(block) => {
                    if let Some(file) = block.file() {
                        sandbox.write(file, &block.content());
                    }
                    if !block.is("console") {
                        write_block(&mut page, block);
                        continue;
                    }
                    let mut expected = Vec::new();
                    while let Some(next) = parts.next_if(|part| belongs_to_command(part)) {
                        if let Part::Block(result) = next {
                            expected.push(result.clone());
                        }
                    }
                    write_command(&mut page, block, &expected, sandbox);
                }
            }
        }
        page
    }
}

/// Whether a part is a command's output, or the nothing between two outputs.
fn belongs_to_command(part: &Part) -> bool {
    match part {
        Part::Prose(lines) => lines.is_empty(),
        Part::Block(block) => block.is("stdout") || block.is("stderr"),
    }
}

fn write_command(page: &mut String, block: &Block, expected: &[Block], sandbox: &Sandbox) {
    let command = block
        .lines
        .iter()
        .find_map(|line| line.strip_prefix("$ "))
        .unwrap_or_default();
    let Ran { code, stdout, stderr } = sandbox.run(command);
    let exit = if code == 0 {
        String::new()
    } else {
        format!("\nexit {code}")
    };
    write_block(page, &Block::new("console", &format!("$ {command}{exit}")));
    for (name, actual) in [("stdout", stdout), ("stderr", stderr)] {
        let actual = shown(&actual);
        let wanted = expected.iter().find(|block| block.is(name));
        match wanted {
            Some(wanted) if holds(&wanted.lines, &actual.lines().collect::<Vec<_>>()) => write_block(page, wanted),
            _ if actual.is_empty() => {}
            _ => write_block(page, &Block::new(name, &actual)),
        }
    }
}

/// Output as a page shows it: escape sequences and carriage returns visible, a missing final line end said.
fn shown(output: &str) -> String {
    let mut text = output.replace('\u{1b}', "␛").replace('\r', "␍");
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str("␄\n");
    }
    text
}

/// Whether output is as expected, where a line `...` stands for any number of lines.
fn holds(expected: &[String], actual: &[&str]) -> bool {
    match expected.split_first() {
        None => actual.is_empty(),
        Some((line, rest)) if line == ELISION => (0..=actual.len()).any(|from| holds(rest, &actual[from..])),
        Some((line, rest)) => actual
            .split_first()
            .is_some_and(|(first, others)| first == line && holds(rest, others)),
    }
}

fn fence_length(line: &str) -> usize {
    line.chars().take_while(|c| *c == '`').count()
}

fn write_lines(page: &mut String, lines: &[String]) {
    for line in lines {
        page.push_str(line);
        page.push('\n');
    }
}

fn write_block(page: &mut String, block: &Block) {
    writeln!(page, "{}{}", block.fence, block.info).unwrap();
    write_lines(page, &block.lines);
    writeln!(page, "{}", block.fence).unwrap();
}

/// `\n \r \t \\ \0`, `\xFF` for a byte and `\u{1F980}` for a character.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend(before.as_bytes());
        let (escape, length) = match after.as_bytes()[0] {
            b'n' => (vec![b'\n'], 1),
            b'r' => (vec![b'\r'], 1),
            b't' => (vec![b'\t'], 1),
            b'0' => (vec![0], 1),
            b'\\' => (vec![b'\\'], 1),
            b'x' => (vec![u8::from_str_radix(&after[1..3], 16).unwrap()], 3),
            b'u' => {
                let (digits, _) = after[2..].split_once('}').unwrap();
                let character = char::from_u32(u32::from_str_radix(digits, 16).unwrap()).unwrap();
                (character.to_string().into_bytes(), digits.len() + 3)
            }
            other => panic!("`\\{}` is no escape of these pages", other as char),
        };
        bytes.extend(escape);
        rest = &after[length..];
    }
    bytes.extend(rest.as_bytes());
    bytes
}

/// Lines that differ, with `-` before what a page expects and `+` before what came.
pub(super) fn difference(expected: &str, actual: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), actual.lines().collect());
    let same = |(a, b): &(&&str, &&str)| a == b;
    let head = old.iter().zip(&new).take_while(same).count();
    let tail = old[head..]
        .iter()
        .rev()
        .zip(new[head..].iter().rev())
        .take_while(same)
        .count();
    let mut text = String::new();
    for line in &old[head.saturating_sub(3)..head] {
        writeln!(text, "    {line}").unwrap();
    }
    for (mark, lines) in [('-', &old[head..old.len() - tail]), ('+', &new[head..new.len() - tail])] {
        for line in lines {
            writeln!(text, "  {mark} {line}").unwrap();
        }
    }
    text
}
