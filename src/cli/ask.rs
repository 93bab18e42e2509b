//! Questions at a terminal, one line each: plain text in, plain text out, so that a script can answer them too.

use std::io::{self, BufRead, IsTerminal, Write};

use super::Failure;

/// Whether there is somebody to ask.
pub(super) fn somebody_is_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// A choice that is offered: the word to type, and what it means.
pub(super) type Choice<'a> = (&'a str, &'a str);

/// Answers longer than this are none: a pipe that was not meant for us.
const LONGEST: u64 = 10_000;

/// Asks questions and reads their answers.
pub(super) struct Interview<R, W> {
    answers: R,
    shown: W,
}

impl<R: BufRead, W: Write> Interview<R, W> {
    /// An interview that writes questions to `shown` and reads lines from `answers`.
    pub(super) fn new(answers: R, shown: W) -> Self {
        Self { answers, shown }
    }

    /// Says something between questions.
    pub(super) fn say(&mut self, words: &str) {
        // Standard error may be closed; there is nowhere left to say so.
        let _ = writeln!(self.shown, "{words}");
    }

    /// A line of text; an empty one is none.
    pub(super) fn line(&mut self, question: &str, example: &str) -> Result<Option<String>, Failure> {
        let hint = if example.is_empty() {
            String::new()
        } else {
            format!(" (such as {example}; empty to leave it open)")
        };
        self.prompt(&format!("{question}{hint}"));
        Ok(Some(self.read()?).filter(|text| !text.is_empty()))
    }

    /// One of several choices, by word or number; an empty line takes the first. Anything else is asked again.
    pub(super) fn choice(&mut self, question: &str, choices: &[Choice<'_>]) -> Result<usize, Failure> {
        self.say(question);
        let width = choices.iter().map(|(word, _)| word.chars().count()).max().unwrap_or(0);
        for (at, (word, meaning)) in choices.iter().enumerate() {
            self.say(format!("  {:>2}  {word:<width$}  {meaning}", at + 1).trim_end());
        }
        loop {
            self.prompt("number or word [1]");
            let answer = self.read()?;
            if answer.is_empty() {
                return Ok(0);
            }
            let by_number = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let found = by_number.or_else(|| choices.iter().position(|(word, _)| *word == answer));
            match found.filter(|at| *at < choices.len()) {
                Some(at) => return Ok(at),
                None => self.say(&format!(
                    "`{answer}` is none of them; write a number from 1 to {} or a word of the list",
                    choices.len()
                )),
            }
        }
    }

    /// A line that `read` understands; an empty one is none, and one it refuses is asked again with the reason.
    pub(super) fn parsed<T>(
        &mut self,
        question: &str,
        example: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Failure> {
        loop {
            let Some(answer) = self.line(question, example)? else {
                return Ok(None);
            };
            match read(&answer) {
                Ok(value) => return Ok(Some(value)),
                Err(why) => self.say(&why),
            }
        }
    }

    /// As [`parsed`](Self::parsed), where an empty line will not do.
    pub(super) fn needed<T>(
        &mut self,
        question: &str,
        example: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Failure> {
        loop {
            self.prompt(&format!("{question} (such as {example})"));
            let answer = self.read()?;
            if answer.is_empty() {
                self.say("this one cannot be left open");
                continue;
            }
            match read(&answer) {
                Ok(value) => return Ok(value),
                Err(why) => self.say(&why),
            }
        }
    }

    fn prompt(&mut self, words: &str) {
        // Standard error may be closed; there is nowhere left to say so.
        let _ = write!(self.shown, "{words}: ").and_then(|()| self.shown.flush());
    }

    fn read(&mut self) -> Result<String, Failure> {
        let mut line = Vec::new();
        let read = io::Read::take(&mut self.answers, LONGEST).read_until(b'\n', &mut line);
        match read {
            Ok(0) => Err(Failure::new(
                "the answers ended before the questions did; nothing was written",
            )),
            Ok(_) => Ok(String::from_utf8_lossy(&line).trim().to_owned()),
            Err(error) => Err(Failure::new(format!("cannot read standard input: {error}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn interview(answers: &str) -> Interview<&[u8], Vec<u8>> {
        Interview::new(answers.as_bytes(), Vec::new())
    }

    const CHOICES: [Choice<'static>; 2] = [("one", "the first"), ("two", "the second")];

    #[test]
    fn a_choice_is_made_by_number_word_or_an_empty_line() {
        for (answer, expected) in [("1\n", 0), ("two\n", 1), ("\n", 0), ("7\nthree\n 2 \r\n", 1)] {
            assert_eq!(
                interview(answer).choice("which?", &CHOICES).ok(),
                Some(expected),
                "{answer:?}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_is_asked_again_with_the_reason() {
        let mut interview = interview("many\n3\n");
        let read = |text: &str| text.parse::<u32>().map_err(|_| format!("`{text}` is no number"));
        assert_eq!(interview.parsed("how many?", "3", read).ok(), Some(Some(3)));
        let shown = String::from_utf8(interview.shown).unwrap();
        assert!(
            shown.contains("`many` is no number\nhow many? (such as 3; empty to leave it open): "),
            "{shown}"
        );
    }

    #[test]
    fn answers_that_end_too_early_are_a_failure() {
        assert!(interview("").line("name?", "").is_err());
        assert!(interview("x\n").choice("which?", &CHOICES).is_err());
    }
}
