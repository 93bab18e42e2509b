//! SQL expressions of metrics: read into a tree, checked, and written anew for each dialect.
//!
//! The text that a catalogue holds never reaches a query. What cannot be read as an expression over columns of one row (a second
//! statement, a subquery, an unknown function) is refused, so a query holds nothing but what this module writes.

mod dialect;
mod parse;
mod token;
mod write;

pub use dialect::Dialect;
pub use parse::ExpressionFault;

/// An expression over the columns of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression(Node);

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is not one, with the place in the text.
    pub fn parse(text: &str) -> Result<Self, ExpressionFault> {
        parse::parse(text).map(Self)
    }

    /// The expression in a dialect, its columns taken from `alias`.
    pub fn write(&self, dialect: Dialect, alias: &str) -> String {
        write::expression(&self.0, dialect, alias)
    }

    /// Every column it reads, in order of appearance, each once.
    pub fn columns(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.0.visit(&mut |node| {
            if let Node::Column(name) = node
                && !found.contains(&name.as_str())
            {
                found.push(name.as_str());
            }
        });
        found
    }
}

/// A table or column name in a dialect: `warehouse.orders`, quoted where a part is not a plain name.
///
/// # Errors
/// A name with an empty part, or with a character that no dialect can quote.
pub fn name(text: &str, dialect: Dialect) -> Result<String, String> {
    let parts: Vec<String> = text
        .split('.')
        .map(|part| {
            if part.is_empty() || part.chars().any(char::is_control) {
                Err(format!("{text:?} is not the name of a table or a column"))
            } else {
                Ok(write::identifier(part, dialect))
            }
        })
        .collect::<Result<_, _>>()?;
    Ok(parts.join("."))
}

/// One step of an expression.
#[derive(Debug, Clone, PartialEq)]
enum Node {
    Column(String),
    /// Digits as written.
    Number(String),
    Text(String),
    Boolean(bool),
    Null,
    Not(Box<Node>),
    Negative(Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
    IsNull {
        of: Box<Node>,
        negated: bool,
    },
    In {
        of: Box<Node>,
        list: Vec<Node>,
        negated: bool,
    },
    Between {
        of: Box<Node>,
        low: Box<Node>,
        high: Box<Node>,
        negated: bool,
    },
    Like {
        of: Box<Node>,
        pattern: String,
        negated: bool,
    },
    Case {
        when: Vec<(Node, Node)>,
        otherwise: Option<Box<Node>>,
    },
    Call(Function, Vec<Node>),
}

impl Node {
    fn visit<'a>(&'a self, see: &mut impl FnMut(&'a Self)) {
        see(self);
        match self {
            Self::Column(_) | Self::Number(_) | Self::Text(_) | Self::Boolean(_) | Self::Null => {}
            Self::Not(of) | Self::Negative(of) | Self::IsNull { of, .. } | Self::Like { of, .. } => of.visit(see),
            Self::Binary(_, left, right) => {
                left.visit(see);
                right.visit(see);
            }
            Self::In { of, list, .. } => {
                of.visit(see);
                for node in list {
                    node.visit(see);
                }
            }
            Self::Between { of, low, high, .. } => {
                for node in [of, low, high] {
                    node.visit(see);
                }
            }
            Self::Case { when, otherwise } => {
                for (condition, value) in when {
                    condition.visit(see);
                    value.visit(see);
                }
                if let Some(node) = otherwise {
                    node.visit(see);
                }
            }
            Self::Call(_, arguments) => {
                for node in arguments {
                    node.visit(see);
                }
            }
        }
    }
}

/// What stands between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
    Plus,
    Minus,
    Times,
    Over,
}

/// The functions that mean the same in every dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function {
    Coalesce,
    NullIf,
    Abs,
    Least,
    Greatest,
    Lower,
    Upper,
    Length,
    Ln,
    Sqrt,
    Exp,
}

impl Function {
    const ALL: [(Self, &'static str); 11] = [
        (Self::Coalesce, "coalesce"),
        (Self::NullIf, "nullif"),
        (Self::Abs, "abs"),
        (Self::Least, "least"),
        (Self::Greatest, "greatest"),
        (Self::Lower, "lower"),
        (Self::Upper, "upper"),
        (Self::Length, "length"),
        (Self::Ln, "ln"),
        (Self::Sqrt, "sqrt"),
        (Self::Exp, "exp"),
    ];

    fn of(name: &str) -> Option<Self> {
        let known = Self::ALL.iter().find(|(_, known)| known.eq_ignore_ascii_case(name));
        known.map(|(function, _)| *function)
    }

    fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(function, _)| *function == self)
            .map_or("", |(_, name)| name)
    }

    /// How many arguments it takes, at least and at most.
    fn arguments(self) -> (usize, usize) {
        match self {
            Self::Coalesce | Self::Least | Self::Greatest => (2, 16),
            Self::NullIf => (2, 2),
            Self::Abs | Self::Lower | Self::Upper | Self::Length | Self::Ln | Self::Sqrt | Self::Exp => (1, 1),
        }
    }
}
