//! A tree → text of a dialect. Everything compound is in parentheses, so that no dialect's precedence matters.

use super::{Dialect, Function, Node, Operator};
use std::fmt::Write as _; // writing to a string cannot fail

/// An expression whose columns are those of `alias`.
pub(super) fn expression(node: &Node, dialect: Dialect, alias: &str) -> String {
    let write = |node: &Node| expression(node, dialect, alias);
    let not = |negated: bool| if negated { "NOT " } else { "" };
    match node {
        Node::Column(name) => format!("{alias}.{}", identifier(name, dialect)),
        Node::Number(digits) => digits.clone(),
        Node::Text(text) => literal(text),
        Node::Boolean(true) => "TRUE".to_owned(),
        Node::Boolean(false) => "FALSE".to_owned(),
        Node::Null => "NULL".to_owned(),
        Node::Not(of) => format!("(NOT {})", write(of)),
        Node::Negative(of) => format!("(- {})", write(of)),
        // Whole numbers divide to whole numbers in some dialects, and by zero to an error in others.
        Node::Binary(Operator::Over, left, right) => format!(
            "(CAST({} AS {}) / NULLIF({}, 0))",
            write(left),
            dialect.double(),
            write(right)
        ),
        Node::Binary(operator, left, right) => format!("({} {} {})", write(left), sign(*operator), write(right)),
        Node::IsNull { of, negated } => format!("({} IS {}NULL)", write(of), not(*negated)),
        Node::In { of, list, negated } => {
            let list: Vec<String> = list.iter().map(write).collect();
            format!("({} {}IN ({}))", write(of), not(*negated), list.join(", "))
        }
        Node::Between { of, low, high, negated } => {
            format!(
                "({} {}BETWEEN {} AND {})",
                write(of),
                not(*negated),
                write(low),
                write(high)
            )
        }
        Node::Like { of, pattern, negated } => format!("({} {}LIKE {})", write(of), not(*negated), literal(pattern)),
        Node::Case { when, otherwise } => {
            let mut text = "CASE".to_owned();
            for (condition, value) in when {
                let _ = write!(text, " WHEN {} THEN {}", write(condition), write(value));
            }
            if let Some(value) = otherwise {
                let _ = write!(text, " ELSE {}", write(value));
            }
            text + " END"
        }
        Node::Call(function, arguments) => {
            let arguments: Vec<String> = arguments.iter().map(write).collect();
            format!("{}({})", call(*function, dialect), arguments.join(", "))
        }
    }
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Or => "OR",
        Operator::And => "AND",
        Operator::Equal => "=",
        Operator::Unequal => "<>",
        Operator::Less => "<",
        Operator::AtMost => "<=",
        Operator::More => ">",
        Operator::AtLeast => ">=",
        Operator::Plus => "+",
        Operator::Minus => "-",
        Operator::Times => "*",
        Operator::Over => "/",
    }
}

fn call(function: Function, dialect: Dialect) -> &'static str {
    match (function, dialect) {
        (Function::Least, Dialect::Sqlite) => "min",
        (Function::Greatest, Dialect::Sqlite) => "max",
        _ => function.as_str(),
    }
}

/// A text in single quotes. INVARIANT: no backslash or control character gets here; the reader refuses them.
///
/// What opens a statement of a template is written in two pieces: tools such as dbt read queries as templates.
fn literal(text: &str) -> String {
    let quoted = format!("'{}'", text.replace('\'', "''"));
    if quoted.contains("{%") {
        format!("({})", quoted.replace("{%", "{' || '%"))
    } else {
        quoted
    }
}

/// A name, quoted where it is not a plain one: lower-case names mean the same column quoted or not in most databases, yet not in
/// all.
pub(super) fn identifier(name: &str, dialect: Dialect) -> String {
    let plain = name
        .chars()
        .enumerate()
        .all(|(at, c)| c == '_' || c.is_ascii_alphabetic() || (at > 0 && c.is_ascii_digit()));
    if plain && !RESERVED.contains(&name.to_ascii_lowercase().as_str()) {
        return name.to_owned();
    }
    let quote = dialect.quote();
    format!("{quote}{}{quote}", name.replace(quote, &format!("{quote}{quote}")))
}

/// Words that some dialect reserves and that columns are nevertheless called.
const RESERVED: [&str; 44] = [
    "all",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "between",
    "by",
    "case",
    "cast",
    "check",
    "column",
    "current_date",
    "date",
    "desc",
    "distinct",
    "else",
    "end",
    "exists",
    "from",
    "group",
    "having",
    "in",
    "interval",
    "is",
    "join",
    "like",
    "limit",
    "not",
    "null",
    "offset",
    "on",
    "or",
    "order",
    "row",
    "rows",
    "select",
    "table",
    "then",
    "to",
    "user",
    "values",
    "when",
    "where",
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{Expression, name};
    use super::*;

    fn written(text: &str, dialect: Dialect) -> String {
        Expression::parse(text).unwrap().write(dialect, "e")
    }

    #[test]
    fn an_expression_is_written_anew_for_each_dialect() {
        let text = "language = 'en' and ttft_s > 2.0 OR failed";
        assert_eq!(
            written(text, Dialect::DuckDb),
            "(((e.language = 'en') AND (e.ttft_s > 2.0)) OR e.failed)"
        );
        assert_eq!(
            written("least(a / b, 1)", Dialect::Sqlite),
            "min((CAST(e.a AS REAL) / NULLIF(e.b, 0)), 1)"
        );
        assert_eq!(
            written("\"order\" is not null", Dialect::Spark),
            "(e.`order` IS NOT NULL)"
        );
        assert_eq!(
            written("case when a in (1, 2) then 1 else -b end", Dialect::Postgres),
            "CASE WHEN (e.a IN (1, 2)) THEN 1 ELSE (- e.b) END"
        );
    }

    #[test]
    fn a_text_keeps_its_quotes_inside() {
        assert_eq!(written("x = 'it''s'", Dialect::DuckDb), "(e.x = 'it''s')");
    }

    #[test]
    fn a_text_opens_no_statement_of_a_template() {
        assert_eq!(
            written("x = '{% endraw %}'", Dialect::DuckDb),
            "(e.x = ('{' || '% endraw %}'))"
        );
    }

    #[test]
    fn what_is_not_an_expression_is_refused_at_its_place() {
        for (text, at) in [
            ("a; drop table b", 1),
            ("a -- b", 2),
            ("a /* b */", 2),
            ("(select 1)", 1),
            ("'open", 0),
            ("a = 'back\\slash'", 4),
            ("sleep(10)", 0),
            ("a b", 2),
            ("", 0),
            ("a ==b", 2),
            ("1.2.3", 0),
            ("a in ()", 6),
        ] {
            assert_eq!(Expression::parse(text).unwrap_err().at(), at, "{text}");
        }
        let deep = "(".repeat(200) + "a" + &")".repeat(200);
        assert!(Expression::parse(&deep).is_err());
    }

    #[test]
    fn names_of_tables_are_quoted_part_by_part() {
        assert_eq!(name("warehouse.orders", Dialect::Postgres).unwrap(), "warehouse.orders");
        assert_eq!(
            name("my-project.data.t", Dialect::BigQuery).unwrap(),
            "`my-project`.data.t"
        );
        assert_eq!(name("a\"; drop", Dialect::DuckDb).unwrap(), "\"a\"\"; drop\"");
        assert!(name("a..b", Dialect::DuckDb).is_err());
    }

    #[test]
    fn columns_are_listed_once() {
        let expression = Expression::parse("a > 1 and coalesce(b, a) < 2").unwrap();
        assert_eq!(expression.columns(), ["a", "b"]);
    }
}
