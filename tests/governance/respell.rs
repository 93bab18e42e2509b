//! Other spellings of a spec: everything that means nothing is drawn at random.

use std::fmt::Write as _;

use toml::{Table, Value};

/// A stream of choices.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `n` (splitmix64, Steele et al. 2014).
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn flip(&mut self) -> bool {
        self.below(2) == 0
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Fields whose text is for people.
const PROSE: [&str; 9] = [
    "title",
    "because",
    "refuted_if",
    "change",
    "mde_reason",
    "margin_reason",
    "mitigation",
    "sides_reason",
    "description",
];
/// Fractions, which may be written as percentages.
const FRACTIONS: [&str; 5] = ["alpha", "power", "eligible", "allocation", "sensitivity"];

/// A spec in another order and layout, with other comments and other prose.
pub(crate) fn respelled(spec: &Table, dice: &mut Dice) -> String {
    let mut out = String::new();
    table(spec, &mut Vec::new(), dice, &mut out);
    if dice.flip() {
        out = out.replace('\n', "\r\n");
    }
    out
}

fn noise(dice: &mut Dice, out: &mut String) {
    match dice.below(6) {
        0 => out.push('\n'),
        1 => out.push_str("# a remark\n"),
        2 => out.push_str("\n\n# mde = { relative = 0.5 }\n"),
        _ => {}
    }
}

fn name(text: &str) -> String {
    let bare = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if bare { text.to_owned() } else { format!("{text:?}") }
}

fn table(entries: &Table, path: &mut Vec<String>, dice: &mut Dice, out: &mut String) {
    let mut keys: Vec<&String> = entries.keys().collect();
    // With several primaries, which one is first may decide between arms.
    if path.as_slice() != ["metrics".to_owned()] {
        dice.shuffle(&mut keys);
    }
    let is_list =
        |value: &Value| matches!(value, Value::Array(list) if !list.is_empty() && list.iter().all(Value::is_table));
    let named = |path: &[String]| matches!(path, [only] if ["arms", "metrics"].contains(&only.as_str()));
    let mut later = Vec::new();
    for key in keys {
        let value = &entries[key];
        let as_header = match value {
            // What a table of parameters holds has names of its own.
            Value::Table(_) => path.is_empty() || named(path) || (key != "parameters" && dice.flip()),
            other => path.is_empty() && is_list(other),
        };
        if as_header {
            later.push(key);
        } else {
            let gap = if dice.flip() { " = " } else { "   =  " };
            let written = inline(key, value, dice);
            write!(out, "{}{gap}{written}", name(key)).unwrap();
            out.push_str(if dice.flip() { "\n" } else { "  # so it is\n" });
            noise(dice, out);
        }
    }
    for key in later {
        path.push(key.clone());
        let header = path.iter().map(|part| name(part)).collect::<Vec<_>>().join(".");
        match &entries[key] {
            Value::Table(inner) => {
                writeln!(out, "\n[{header}]").unwrap();
                table(inner, path, dice, out);
            }
            Value::Array(list) => {
                for element in list {
                    writeln!(out, "\n[[{header}]]").unwrap();
                    for (key, value) in element.as_table().unwrap() {
                        writeln!(out, "{} = {}", name(key), inline(key, value, dice)).unwrap();
                    }
                }
            }
            other => panic!("{other} has no header"),
        }
        path.pop();
    }
}

fn inline(key: &str, value: &Value, dice: &mut Dice) -> String {
    match value {
        Value::Table(entries) => {
            let mut keys: Vec<&String> = entries.keys().collect();
            dice.shuffle(&mut keys);
            let parts: Vec<String> = keys
                .iter()
                .map(|inner| {
                    let known = if key == "parameters" { "" } else { inner };
                    format!("{} = {}", name(inner), inline(known, &entries[*inner], dice))
                })
                .collect();
            format!("{{ {} }}", parts.join(", "))
        }
        Value::Array(elements) => {
            let parts: Vec<String> = elements.iter().map(|element| inline(key, element, dice)).collect();
            if dice.flip() {
                format!("[{}]", parts.join(", "))
            } else {
                format!("[\n  {}, # one more\n]", parts.join(",\n    "))
            }
        }
        Value::String(_) if PROSE.contains(&key) => format!("\"other words, number {}\"", dice.below(1000)),
        Value::String(text) if dice.flip() && !text.contains(['\'', '\n']) => format!("'{text}'"),
        Value::Float(x) if FRACTIONS.contains(&key) && dice.flip() => {
            // Exact: the decimal point of the shortest spelling is moved.
            let text = format!("{x}");
            let digits = text.trim_start_matches("0.").trim_start_matches('0');
            if text.starts_with("0.") && text.len() <= 6 {
                let places = text.len() - 2;
                let zeros = places - digits.len();
                match (places, zeros) {
                    (1, _) => format!("\"{digits}0%\""),
                    (2, _) => format!("\"{digits}%\""),
                    _ => format!("{x:?}"),
                }
            } else {
                format!("{x:?}")
            }
        }
        other => other.to_string(),
    }
}
