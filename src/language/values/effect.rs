//! Effects: a positive magnitude that says its scale.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::{Amount, Fraction};

/// An effect or a margin: `{ relative = 0.15 }` or `{ absolute = "3pp" }`.
///
/// INVARIANT: above zero and finite. The sign of an effect comes from `direction`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// A share of the baseline: 0.15 is 15% of it.
    Relative(Fraction),
    /// A difference in the unit of the metric.
    Absolute(Amount),
}

impl Effect {
    /// The magnitude: a share of the baseline, or a difference in base units (see [`Amount::value`]).
    pub fn magnitude(self) -> f64 {
        match self {
            Self::Relative(fraction) => fraction.get(),
            Self::Absolute(amount) => amount.value(),
        }
    }

    /// Whether the effect is a share of the baseline.
    pub fn is_relative(self) -> bool {
        matches!(self, Self::Relative(_))
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relative(fraction) => write!(f, "relative {fraction}"),
            Self::Absolute(amount) => write!(f, "absolute {amount}"),
        }
    }
}

impl<'de> Deserialize<'de> for Effect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "lowercase")]
        enum Written {
            Relative(Fraction),
            Absolute(Amount),
        }

        let effect = match Written::deserialize(deserializer)? {
            Written::Relative(fraction) => Self::Relative(fraction),
            Written::Absolute(amount) => Self::Absolute(amount),
        };
        if effect.magnitude() > 0.0 {
            Ok(effect)
        } else {
            Err(D::Error::custom(
                "an effect is a magnitude above zero; whether it is an increase or a decrease comes from `direction`",
            ))
        }
    }
}

impl JsonSchema for Effect {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Effect".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut relative = generator.subschema_for::<Fraction>();
        relative.insert("exclusiveMinimum".into(), 0.into());
        relative.insert(
            "description".into(),
            "A share of the baseline: `0.15` or `\"15%\"` is 15% of it.".into(),
        );
        let mut absolute = generator.subschema_for::<Amount>();
        absolute.insert("exclusiveMinimum".into(), 0.into());
        absolute.insert(
            "description".into(),
            "A difference in the unit of the metric: `0.03` or `\"3pp\"` for a proportion, `\"100ms\"` for a time."
                .into(),
        );
        json_schema!({
            "type": "object",
            "properties": { "relative": relative, "absolute": absolute },
            "additionalProperties": false,
            "minProperties": 1,
            "maxProperties": 1,
            "x-abide-type": "effect",
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn read(text: &str) -> Result<Effect, toml::de::Error> {
        #[derive(Deserialize)]
        struct Table {
            mde: Effect,
        }
        toml::from_str::<Table>(&format!("mde = {text}")).map(|table| table.mde)
    }

    #[test]
    fn both_scales_are_read() {
        assert_eq!(
            read("{ relative = \"15%\" }").unwrap(),
            read("{ relative = 0.15 }").unwrap()
        );
        assert_eq!(
            read("{ absolute = \"3pp\" }").unwrap().magnitude().to_bits(),
            f64::to_bits(0.03)
        );
        assert!(!read("{ absolute = 0.03 }").unwrap().is_relative());
    }

    #[test]
    fn a_bare_number_two_scales_and_a_sign_are_refused() {
        for text in [
            "0.15",
            "\"15%\"",
            "{}",
            "{ relative = 0.1, absolute = 0.1 }",
            "{ relative = -0.1 }",
            "{ absolute = 0 }",
            "{ relative = \"3pp\" }",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
