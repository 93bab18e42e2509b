//! How closed lists of words are written down: once, with the spelling of the language beside each variant.

/// Declares a unit enum whose variants carry their spelling in a spec.
///
/// The doc comment of a variant becomes the description of that word in the schema. `as_str` and `Display` give the
/// spelling back, `ALL` lists the variants in the order written.
macro_rules! choice {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $spelling:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        #[schemars(inline)]
        pub enum $name {
            $( $(#[$variant_meta])* #[serde(rename = $spelling)] $variant, )+
        }

        impl $name {
            /// Every value, in the order of the reference.
            pub const ALL: &[Self] = &[$( Self::$variant, )+];

            /// The word a spec writes.
            pub fn as_str(self) -> &'static str {
                match self {
                    $( Self::$variant => $spelling, )+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use choice;
