//! Files of the catalogue: units, sources and metric definitions shared by specs.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::choice::choice;
use super::metric::Metric;

choice! {
    /// What a unit is.
    pub enum UnitKind {
        /// A person who is logged in.
        Account = "account",
        /// A device.
        Device = "device",
        /// A browser, until its cookies are deleted.
        Cookie = "cookie",
        /// One visit.
        Session = "session",
        /// One query, call or message.
        Request = "request",
        /// Something else: a product, a region, a community.
        Other = "other",
    }
}

choice! {
    /// What a source is.
    pub enum SourceKind {
        /// A table of the warehouse.
        Table = "table",
        /// An instrument of OpenTelemetry.
        Otel = "otel",
        /// Series of Prometheus: aggregated, without units.
        Prometheus = "prometheus",
        /// Labels made by people.
        Labels = "labels",
        /// A stream of product events.
        Events = "events",
    }
}

/// One file of the metric catalogue: `metrics/*.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Catalogue {
    /// The edition of the language. Always the first line.
    #[schemars(extend("enum" = [1]))]
    pub edition: Option<i64>,
    /// Units by id: what is randomised, analysed and clustered.
    #[schemars(extend("x-abide-keys" = "id-snake"))]
    pub units: IndexMap<String, Unit>,
    /// Sources by id: where values are read.
    #[schemars(extend("x-abide-keys" = "id-snake"))]
    pub sources: IndexMap<String, Source>,
    /// Metrics by id, for specs to `use`.
    #[schemars(extend("x-abide-keys" = "id-snake"))]
    pub metrics: IndexMap<String, Metric>,
}

/// A unit: what is randomised, analysed or clustered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Unit {
    /// What it is.
    pub kind: Option<UnitKind>,
    /// What exactly is meant, in a sentence.
    pub description: Option<String>,
    /// The finer units it contains. Nesting tells which metrics need clustering.
    #[schemars(extend("x-abide-ref" = "unit", "examples" = [["query"]]))]
    pub contains: Vec<String>,
}

/// A source: where values are read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Source {
    /// What it is.
    pub kind: Option<SourceKind>,
    /// What it holds, in a sentence.
    pub description: Option<String>,
    /// The table that holds one row per observation.
    #[schemars(extend("examples" = ["warehouse.llm_evals"]))]
    pub table: Option<String>,
    /// What one row is: a unit of the catalogue. Rows finer than the unit that is analysed are not independent.
    #[schemars(extend("x-abide-ref" = "unit", "examples" = ["query"]))]
    pub unit: Option<String>,
    /// The column that tells the unit.
    #[schemars(extend("examples" = ["query_id"]))]
    pub unit_column: Option<String>,
    /// The column that tells the time.
    #[schemars(extend("examples" = ["judged_at"]))]
    pub time_column: Option<String>,
    /// OpenTelemetry: the name of the instrument.
    #[schemars(extend("examples" = ["gen_ai.client.operation.duration"]))]
    pub instrument: Option<String>,
    /// What a duration spans: measured where, from when to when, streaming or not.
    #[schemars(extend("examples" = ["client, streaming, to the last token"]))]
    pub boundary: Option<String>,
    /// Histograms: the upper bounds of the buckets, rising, in the unit of the instrument.
    #[schemars(extend("examples" = [[0.5, 0.75, 1, 2.5, 5]]))]
    pub buckets: Vec<f64>,
    /// Prometheus: the query of the series.
    pub query: Option<String>,
    /// Product events: the name of the event.
    #[schemars(extend("examples" = ["answer_clicked"]))]
    pub event: Option<String>,
    /// Who answers for it.
    #[schemars(extend("examples" = ["data-platform"]))]
    pub owner: Option<String>,
}
