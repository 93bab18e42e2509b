//! Tokens → a tree, by recursive descent.

use std::fmt;

use super::token::{Placed, Token, tokens};
use super::{Function, Node, Operator};

/// Deeper nesting than any person writes.
const MAX_DEPTH: usize = 64;

/// Why a text is not an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionFault {
    at: usize,
    message: String,
}

impl ExpressionFault {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
        }
    }

    /// Where it shows, in bytes of the text.
    pub fn at(&self) -> usize {
        self.at
    }
}

impl fmt::Display for ExpressionFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ExpressionFault {}

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<Node, ExpressionFault> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        end: text.len(),
        depth: 0,
    };
    let node = parser.or()?;
    match parser.tokens.get(parser.next) {
        None => Ok(node),
        Some((_, at)) => Err(ExpressionFault::new(*at, "the expression has ended before this")),
    }
}

struct Parser {
    tokens: Vec<Placed>,
    next: usize,
    end: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(_, at)| *at)
    }

    fn fault<T>(&self, message: impl Into<String>) -> Result<T, ExpressionFault> {
        Err(ExpressionFault::new(self.at(), message))
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(next)) if next.eq_ignore_ascii_case(word));
        self.next += usize::from(found);
        found
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(next)) if *next == sign);
        self.next += usize::from(found);
        found
    }

    fn expect_sign(&mut self, sign: &str) -> Result<(), ExpressionFault> {
        if self.take_sign(sign) {
            Ok(())
        } else {
            self.fault(format!("expected `{sign}`"))
        }
    }

    fn expect_word(&mut self, word: &str) -> Result<(), ExpressionFault> {
        if self.take_word(word) {
            Ok(())
        } else {
            self.fault(format!("expected `{word}`"))
        }
    }

    fn or(&mut self) -> Result<Node, ExpressionFault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fault("nested too deeply");
        }
        let mut left = self.and()?;
        while self.take_word("or") {
            left = binary(Operator::Or, left, self.and()?);
        }
        self.depth -= 1;
        Ok(left)
    }

    fn and(&mut self) -> Result<Node, ExpressionFault> {
        let mut left = self.not()?;
        while self.take_word("and") {
            left = binary(Operator::And, left, self.not()?);
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Node, ExpressionFault> {
        let mut negations = 0;
        while self.take_word("not") {
            negations += 1;
        }
        let mut node = self.comparison()?;
        for _ in 0..negations % 2 {
            node = Node::Not(Box::new(node));
        }
        Ok(node)
    }

    fn comparison(&mut self) -> Result<Node, ExpressionFault> {
        let left = self.sum()?;
        if self.take_word("is") {
            let negated = self.take_word("not");
            self.expect_word("null")?;
            let of = Box::new(left);
            return Ok(Node::IsNull { of, negated });
        }
        let negated = self.take_word("not");
        let of = Box::new(left);
        if self.take_word("in") {
            self.expect_sign("(")?;
            let list = self.list()?;
            return Ok(Node::In { of, list, negated });
        }
        if self.take_word("between") {
            let low = Box::new(self.sum()?);
            self.expect_word("and")?;
            let high = Box::new(self.sum()?);
            return Ok(Node::Between { of, low, high, negated });
        }
        if self.take_word("like") {
            let Some(Token::Text(pattern)) = self.peek().cloned() else {
                return self.fault("`like` takes a text in single quotes");
            };
            self.next += 1;
            return Ok(Node::Like { of, pattern, negated });
        }
        if negated {
            return self.fault("expected `in`, `between` or `like` after `not`");
        }
        let operators = [
            ("<=", Operator::AtMost),
            (">=", Operator::AtLeast),
            ("<>", Operator::Unequal),
            ("!=", Operator::Unequal),
            ("<", Operator::Less),
            (">", Operator::More),
            ("=", Operator::Equal),
        ];
        for (sign, operator) in operators {
            if self.take_sign(sign) {
                return Ok(binary(operator, *of, self.sum()?));
            }
        }
        if self.take_sign("==") {
            self.next -= 1;
            return self.fault("two values are compared with one `=`");
        }
        Ok(*of)
    }

    fn sum(&mut self) -> Result<Node, ExpressionFault> {
        let mut left = self.product()?;
        loop {
            let operator = if self.take_sign("+") {
                Operator::Plus
            } else if self.take_sign("-") {
                Operator::Minus
            } else {
                return Ok(left);
            };
            left = binary(operator, left, self.product()?);
        }
    }

    fn product(&mut self) -> Result<Node, ExpressionFault> {
        let mut left = self.unary()?;
        loop {
            let operator = if self.take_sign("*") {
                Operator::Times
            } else if self.take_sign("/") {
                Operator::Over
            } else {
                return Ok(left);
            };
            left = binary(operator, left, self.unary()?);
        }
    }

    fn unary(&mut self) -> Result<Node, ExpressionFault> {
        let mut negative = false;
        while self.take_sign("-") {
            negative = !negative;
        }
        let node = self.primary()?;
        Ok(if negative { Node::Negative(Box::new(node)) } else { node })
    }

    fn primary(&mut self) -> Result<Node, ExpressionFault> {
        let Some(token) = self.peek().cloned() else {
            return self.fault("the expression ends where a value is expected");
        };
        let start = self.at();
        self.next += 1;
        match token {
            Token::Number(digits) => Ok(Node::Number(digits)),
            Token::Text(text) => Ok(Node::Text(text)),
            Token::Quoted(name) => Ok(Node::Column(name)),
            Token::Sign("(") => {
                let inside = self.or()?;
                self.expect_sign(")")?;
                Ok(inside)
            }
            Token::Sign(sign) => Err(ExpressionFault::new(
                start,
                format!("`{sign}` where a value is expected"),
            )),
            Token::Word(word) => self.word(&word, start),
        }
    }

    fn word(&mut self, word: &str, start: usize) -> Result<Node, ExpressionFault> {
        if self.take_sign("(") {
            let Some(function) = Function::of(word) else {
                let known: Vec<&str> = Function::ALL.iter().map(|(_, name)| *name).collect();
                return Err(ExpressionFault::new(
                    start,
                    format!(
                        "`{word}` is not a function that every database has; there are {}",
                        known.join(", ")
                    ),
                ));
            };
            let arguments = self.list()?;
            let (least, most) = function.arguments();
            if !(least..=most).contains(&arguments.len()) {
                return Err(ExpressionFault::new(
                    start,
                    format!("`{word}` takes another number of arguments than {}", arguments.len()),
                ));
            }
            return Ok(Node::Call(function, arguments));
        }
        match word.to_ascii_lowercase().as_str() {
            "true" => Ok(Node::Boolean(true)),
            "false" => Ok(Node::Boolean(false)),
            "null" => Ok(Node::Null),
            "case" => self.case(),
            "and" | "or" | "not" | "in" | "is" | "between" | "like" | "when" | "then" | "else" | "end" => Err(
                ExpressionFault::new(start, format!("`{word}` where a value is expected")),
            ),
            "select" | "from" | "where" | "union" | "insert" | "update" | "delete" | "drop" | "with" => {
                Err(ExpressionFault::new(
                    start,
                    format!("`{word}` belongs to a query; an expression reads columns of one row"),
                ))
            }
            _ => Ok(Node::Column(word.to_owned())),
        }
    }

    fn case(&mut self) -> Result<Node, ExpressionFault> {
        let mut when = Vec::new();
        while self.take_word("when") {
            let condition = self.or()?;
            self.expect_word("then")?;
            when.push((condition, self.or()?));
        }
        if when.is_empty() {
            return self.fault("expected `when`");
        }
        let otherwise = if self.take_word("else") {
            Some(Box::new(self.or()?))
        } else {
            None
        };
        self.expect_word("end")?;
        Ok(Node::Case { when, otherwise })
    }

    /// Values up to the closing parenthesis.
    fn list(&mut self) -> Result<Vec<Node>, ExpressionFault> {
        let mut nodes = vec![self.or()?];
        while self.take_sign(",") {
            nodes.push(self.or()?);
        }
        self.expect_sign(")")?;
        Ok(nodes)
    }
}

fn binary(operator: Operator, left: Node, right: Node) -> Node {
    Node::Binary(operator, Box::new(left), Box::new(right))
}
