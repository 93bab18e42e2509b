//! How output looks: colour, characters, width. Decisions are pure functions of the environment.

/// What the user asked for with `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorChoice {
    /// Colour when a terminal shows it and the environment does not object.
    #[default]
    Auto,
    /// Colour, whatever the output is.
    Always,
    /// No colour.
    Never,
}

/// Whether escape sequences for colour are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Color {
    /// Plain text.
    #[default]
    Plain,
    /// ANSI escape sequences, in the 16 colours that a terminal's theme defines.
    Ansi,
}

/// Which characters frames and arrows are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charset {
    /// Box drawing characters.
    #[default]
    Unicode,
    /// ASCII.
    Ascii,
}

/// How output looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Colour or not.
    pub color: Color,
    /// Characters of frames.
    pub charset: Charset,
    /// Columns of a line; longer source lines are cut around the fault, sentences are wrapped. At least 40 are used.
    pub width: usize,
}

impl Default for Style {
    /// Plain Unicode in 100 columns: what a file or a pipe gets.
    fn default() -> Self {
        Self {
            color: Color::Plain,
            charset: Charset::Unicode,
            width: 100,
        }
    }
}

/// Whether the output is shown on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// A terminal.
    Terminal,
    /// A file or a pipe.
    Redirected,
}

/// Decides on colour. In this order: the user's choice; `NO_COLOR` (any text: no); `CLICOLOR_FORCE` (anything but `0`:
/// yes); `FORCE_COLOR` (`0` or `false`: no, other text: yes); `TERM=dumb` (no); `CLICOLOR=0` (no); a terminal (yes).
/// A variable that is set to nothing counts as not set, as no-color.org asks.
pub fn color(choice: ColorChoice, environment: impl Fn(&str) -> Option<String>, output: Output) -> Color {
    let get = |name: &str| environment(name).filter(|value| !value.is_empty());
    let wanted = match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if get("NO_COLOR").is_some() => false,
        ColorChoice::Auto if get("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        ColorChoice::Auto => match get("FORCE_COLOR") {
            Some(value) => !matches!(value.as_str(), "0" | "false"),
            None => {
                output == Output::Terminal
                    && get("TERM").is_none_or(|term| term != "dumb")
                    && get("CLICOLOR").is_none_or(|value| value != "0")
            }
        },
    };
    if wanted { Color::Ansi } else { Color::Plain }
}

/// Decides on characters: Unicode unless the locale (`LC_ALL`, `LC_CTYPE`, `LANG`, the first that is set) names another
/// encoding than UTF-8, or the terminal (`TERM=dumb`, `TERM=linux`) cannot draw.
pub fn charset(environment: impl Fn(&str) -> Option<String>) -> Charset {
    let get = |name: &str| environment(name).filter(|value| !value.is_empty());
    if get("TERM").is_some_and(|term| term == "dumb" || term == "linux") {
        return Charset::Ascii;
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(get);
    match locale.map(|locale| locale.to_ascii_uppercase()) {
        // Without a locale (containers, Windows) nearly every terminal of today shows UTF-8.
        None => Charset::Unicode,
        Some(locale) if locale.contains("UTF-8") || locale.contains("UTF8") => Charset::Unicode,
        Some(_) => Charset::Ascii,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)], output: Output) -> Color {
        choose(ColorChoice::Auto, variables, output)
    }

    fn choose(choice: ColorChoice, variables: &[(&str, &str)], output: Output) -> Color {
        let get = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        color(choice, get, output)
    }

    #[test]
    fn color_follows_the_conventions() {
        use Color::{Ansi, Plain};
        use Output::{Redirected, Terminal};
        for (variables, output, expected) in [
            (&[][..], Terminal, Ansi),
            (&[], Redirected, Plain),
            (&[("NO_COLOR", "1")], Terminal, Plain),
            (&[("NO_COLOR", "")], Terminal, Ansi),
            (&[("NO_COLOR", "0")], Terminal, Plain),
            (&[("FORCE_COLOR", "1")], Redirected, Ansi),
            (&[("FORCE_COLOR", "0")], Terminal, Plain),
            (&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], Redirected, Plain),
            (&[("CLICOLOR_FORCE", "1")], Redirected, Ansi),
            (&[("CLICOLOR_FORCE", "0")], Redirected, Plain),
            (&[("CLICOLOR", "0")], Terminal, Plain),
            (&[("CLICOLOR", "1")], Redirected, Plain),
            (&[("TERM", "dumb")], Terminal, Plain),
            (&[("TERM", "xterm-256color")], Terminal, Ansi),
            (&[("TERM", "dumb"), ("FORCE_COLOR", "1")], Terminal, Ansi),
        ] {
            assert_eq!(with(variables, output), expected, "{variables:?} {output:?}");
        }
        assert_eq!(choose(ColorChoice::Always, &[("NO_COLOR", "1")], Redirected), Ansi);
        assert_eq!(choose(ColorChoice::Never, &[("FORCE_COLOR", "1")], Terminal), Plain);
    }

    #[test]
    fn characters_follow_the_locale() {
        let with = |variables: &[(&str, &str)]| {
            charset(|name| {
                variables
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(with(&[]), Charset::Unicode);
        assert_eq!(with(&[("LANG", "en_US.UTF-8")]), Charset::Unicode);
        assert_eq!(with(&[("LANG", "C")]), Charset::Ascii);
        assert_eq!(with(&[("LANG", "C"), ("LC_ALL", "C.utf8")]), Charset::Unicode);
        assert_eq!(with(&[("LANG", "en_US.UTF-8"), ("TERM", "linux")]), Charset::Ascii);
    }
}
