//! `statistics.sequential`: when results are looked at, and what each look spends.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::choice::choice;
use super::values::Fraction;

choice! {
    /// How results may be looked at before the end.
    pub enum SequentialMethod {
        /// Once, at the end.
        None = "none",
        /// At planned looks, with an alpha-spending function.
        Group = "group",
        /// At any time, with confidence sequences.
        AlwaysValid = "always-valid",
        /// At any time, with a mixture sequential probability ratio test (Johari et al. 2017).
        Msprt = "msprt",
    }
}

choice! {
    /// How alpha is spent over looks: by a function of the information, or by the critical values of a shape.
    pub enum EfficacySpending {
        /// Little early, most at the end (O'Brien and Fleming 1979, in the form of Lan and DeMets 1983).
        ObrienFleming = "obrien-fleming",
        /// About equally at each look (Pocock 1977, in the form of Lan and DeMets 1983).
        Pocock = "pocock",
        /// A family with parameter `gamma` (Hwang, Shih and DeCani 1990).
        HwangShihDecani = "hwang-shih-decani",
        /// A power of the information with parameter `rho` (Kim and DeMets 1987).
        KimDemets = "kim-demets",
        /// Critical values C · t^(`delta` − ½) at information t, C solved for alpha (Wang and Tsiatis 1987).
        WangTsiatis = "wang-tsiatis",
        /// One critical value `interim_z` before the end, the last solved for what is left of alpha (Haybittle 1971, Peto 1976).
        HaybittlePeto = "haybittle-peto",
    }
}

choice! {
    /// How beta, or the alpha of guardrails, is spent over looks: by a function of the information.
    pub enum Spending {
        /// Little early, most at the end (O'Brien and Fleming 1979, in the form of Lan and DeMets 1983).
        ObrienFleming = "obrien-fleming",
        /// About equally at each look (Pocock 1977, in the form of Lan and DeMets 1983).
        Pocock = "pocock",
        /// A family with parameter `gamma` (Hwang, Shih and DeCani 1990).
        HwangShihDecani = "hwang-shih-decani",
        /// A power of the information with parameter `rho` (Kim and DeMets 1987).
        KimDemets = "kim-demets",
    }
}

choice! {
    /// A number that a spending may need.
    pub enum SpendingParameter {
        /// Of `hwang-shih-decani`.
        Gamma = "gamma",
        /// Of `kim-demets`.
        Rho = "rho",
        /// Of `wang-tsiatis`.
        Delta = "delta",
        /// Of `haybittle-peto`.
        InterimZ = "interim_z",
    }
}

impl SpendingParameter {
    /// The spending that reads it.
    pub fn spending(self) -> EfficacySpending {
        match self {
            Self::Gamma => EfficacySpending::HwangShihDecani,
            Self::Rho => EfficacySpending::KimDemets,
            Self::Delta => EfficacySpending::WangTsiatis,
            Self::InterimZ => EfficacySpending::HaybittlePeto,
        }
    }
}

impl EfficacySpending {
    /// The number that it reads.
    pub fn parameter(self) -> Option<SpendingParameter> {
        match self {
            Self::ObrienFleming | Self::Pocock => None,
            Self::HwangShihDecani => Some(SpendingParameter::Gamma),
            Self::KimDemets => Some(SpendingParameter::Rho),
            Self::WangTsiatis => Some(SpendingParameter::Delta),
            Self::HaybittlePeto => Some(SpendingParameter::InterimZ),
        }
    }
}

impl Spending {
    /// The number that it reads.
    pub fn parameter(self) -> Option<SpendingParameter> {
        match self {
            Self::ObrienFleming | Self::Pocock => None,
            Self::HwangShihDecani => Some(SpendingParameter::Gamma),
            Self::KimDemets => Some(SpendingParameter::Rho),
        }
    }
}

/// How results may be looked at before the end.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Sequential {
    /// The method. `none` looks once, at the end.
    pub method: Option<SequentialMethod>,
    /// Group designs: how alpha is spent over looks.
    pub spending: Option<EfficacySpending>,
    /// Parameter of `hwang-shih-decani`: −4 is close to O'Brien and Fleming, 1 to Pocock.
    #[schemars(extend("examples" = [-4]))]
    pub gamma: Option<f64>,
    /// Parameter of `kim-demets`, above 0.
    #[schemars(extend("exclusiveMinimum" = 0, "examples" = [3]))]
    pub rho: Option<f64>,
    /// Parameter of `wang-tsiatis`, between −1 and 1: 0 is O'Brien and Fleming 1979, 0.5 is Pocock 1977.
    #[schemars(extend("minimum" = -1, "maximum" = 1, "examples" = [0.25]))]
    pub delta: Option<f64>,
    /// Critical value of `haybittle-peto` at every look before the last, whatever alpha is left to a comparison; 3 unless written.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 37, "examples" = [3]))]
    pub interim_z: Option<f64>,
    /// How often, or at which shares of the final information: `3`, or `[0.33, 0.67, 1.0]`.
    #[schemars(extend("examples" = [3, [0.33, 0.67, 1.0]]))]
    pub looks: Option<Looks>,
    /// When to give up early.
    pub futility: Option<Futility>,
    /// Spending of guardrails of their own, without which an early win does not ship.
    pub guardrails: Option<GuardrailSpending>,
    /// Always-valid and mSPRT: standard deviation of the mixing distribution of effects, in the scale of the primary's MDE.
    #[schemars(extend("exclusiveMinimum" = 0, "examples" = [0.05]))]
    pub tau: Option<f64>,
}

/// How often results are looked at, or at which shares of the final information.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Looks {
    /// So many looks, equally spaced, the last at the end.
    Count(u32),
    /// Shares of the final information, rising to 1.
    Shares(Vec<Fraction>),
}

impl Looks {
    /// How many looks there are.
    pub fn count(&self) -> usize {
        match self {
            Self::Count(count) => *count as usize,
            Self::Shares(shares) => shares.len(),
        }
    }
}

impl<'de> Deserialize<'de> for Looks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Looks;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of looks such as 3, or their shares of the information such as [0.33, 0.67, 1.0]")
            }

            fn visit_i64<E: de::Error>(self, count: i64) -> Result<Looks, E> {
                u32::try_from(count)
                    .map(Looks::Count)
                    .map_err(|_| E::invalid_value(de::Unexpected::Signed(count), &self))
            }

            fn visit_u64<E: de::Error>(self, count: u64) -> Result<Looks, E> {
                u32::try_from(count)
                    .map(Looks::Count)
                    .map_err(|_| E::invalid_value(de::Unexpected::Unsigned(count), &self))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, list: A) -> Result<Looks, A::Error> {
                Vec::deserialize(de::value::SeqAccessDeserializer::new(list)).map(Looks::Shares)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Looks {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Looks".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut share = generator.subschema_for::<Fraction>();
        share.insert("exclusiveMinimum".into(), 0.into());
        share.insert("maximum".into(), 1.into());
        json_schema!({ "type": ["integer", "array"], "minimum": 1, "items": share, "minItems": 1, "x-abide-type": "looks" })
    }
}

/// When to give up early because a win has become unlikely.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Futility {
    /// How beta is spent over looks.
    pub spending: Option<Spending>,
    /// Parameter of `hwang-shih-decani`.
    #[schemars(extend("examples" = [-4]))]
    pub gamma: Option<f64>,
    /// Parameter of `kim-demets`, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub rho: Option<f64>,
    /// Whether the boundary must be obeyed. A binding boundary may be counted on when alpha is spent; `false` is the safe choice.
    pub binding: Option<bool>,
}

/// How guardrails spend their alpha over looks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GuardrailSpending {
    /// How alpha is spent over looks.
    pub spending: Option<Spending>,
    /// Parameter of `hwang-shih-decani`.
    pub gamma: Option<f64>,
    /// Parameter of `kim-demets`, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub rho: Option<f64>,
}
