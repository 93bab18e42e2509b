//! From JSON to a request, with faults that name the field.

use serde_json::Value;

use super::fault::{Fault, Result};
use super::kind::Kind;
use super::request::Request;
use crate::schema::closest;

/// Reads a request from JSON text.
///
/// # Errors
/// When the text is not JSON, or not a request.
pub fn read(text: &str) -> Result<Request> {
    let value: Value = serde_json::from_str(text).map_err(|error| Fault::new(format!("not JSON: {error}")))?;
    read_value(value)
}

/// Reads a request from a JSON value: the request itself, or an object that holds it under `request`, as answers do.
///
/// # Errors
/// When it is not a request.
pub fn read_value(value: Value) -> Result<Request> {
    let Value::Object(mut fields) = value else {
        return Err(Fault::new(
            "a request is a JSON object such as {\"kind\": \"proportion\", …}",
        ));
    };
    if !fields.contains_key("kind")
        && let Some(inner @ Value::Object(_)) = fields.remove("request")
    {
        return read_value(inner);
    }
    let kind = kind(fields.get("kind"))?;
    let known = super::schema::names();
    for (name, value) in &fields {
        if !known.contains(name.as_str()) {
            let known: Vec<&str> = kind.fields();
            let hint = closest(name, known.iter().copied())
                .map_or_else(String::new, |near| format!(": did you mean `{near}`?"));
            return Err(Fault::of(name, format!("`{name}` is no field of a request{hint}")).with_value(value.clone()));
        }
    }
    let value = Value::Object(fields);
    let copy = value.clone();
    serde_path_to_error::deserialize(value).map_err(|error| {
        let field = error.path().to_string();
        let given = copy.get(&field).cloned();
        let fault = Fault::of(&field, format!("`{field}`: {}", error.inner()));
        match given {
            Some(given) => fault.with_value(given),
            None => fault,
        }
    })
}

fn kind(value: Option<&Value>) -> Result<Kind> {
    let words = || Kind::ALL.map(Kind::as_str).join(", ");
    let Some(value) = value else {
        return Err(Fault::of("kind", "a request needs `kind`, what is compared").with_range(words()));
    };
    serde_json::from_value(value.clone()).map_err(|_| {
        Fault::of("kind", format!("`kind` is {value}, but must be one of: {}", words()))
            .with_value(value.clone())
            .with_range(words())
    })
}

/// A field that means nothing for the kind is refused, never ignored.
pub(super) fn refuse_foreign_fields(request: &Request) -> Result<()> {
    let Ok(Value::Object(given)) = serde_json::to_value(request) else {
        return Err(Fault::new("a number of the request is not finite"));
    };
    let taken = request.kind.fields();
    for (name, value) in given {
        if !taken.contains(&name.as_str()) {
            let kind = request.kind.as_str();
            let reason = request.kind.refusal(&name);
            let message = format!("kind {kind} does not take `{name}`: {reason}");
            return Err(Fault::of(&name, message).with_value(value));
        }
        if value.is_null() {
            return Err(Fault::of(&name, format!("`{name}` is not a finite number")));
        }
    }
    Ok(())
}
