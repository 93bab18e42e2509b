//! The dialects of SQL that queries are written in.

use serde::{Deserialize, Serialize};

/// A dialect of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// DuckDB.
    DuckDb,
    /// PostgreSQL.
    Postgres,
    /// SQLite with its mathematical functions.
    Sqlite,
    /// Spark SQL.
    Spark,
    /// Google BigQuery.
    BigQuery,
    /// Snowflake.
    Snowflake,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 6] = [
        Self::DuckDb,
        Self::Postgres,
        Self::Sqlite,
        Self::Spark,
        Self::BigQuery,
        Self::Snowflake,
    ];

    /// The name that templates and settings use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DuckDb => "duckdb",
            Self::Postgres => "postgres",
            Self::Sqlite => "sqlite",
            Self::Spark => "spark",
            Self::BigQuery => "bigquery",
            Self::Snowflake => "snowflake",
        }
    }

    /// The dialect of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.as_str() == name)
    }

    /// The name of a 64-bit float.
    pub(super) fn double(self) -> &'static str {
        match self {
            Self::DuckDb | Self::Spark | Self::Snowflake => "DOUBLE",
            Self::Postgres => "DOUBLE PRECISION",
            Self::Sqlite => "REAL",
            Self::BigQuery => "FLOAT64",
        }
    }

    /// What stands around a name that is not a plain one.
    pub(super) fn quote(self) -> char {
        match self {
            Self::Spark | Self::BigQuery => '`',
            Self::DuckDb | Self::Postgres | Self::Sqlite | Self::Snowflake => '"',
        }
    }
}
