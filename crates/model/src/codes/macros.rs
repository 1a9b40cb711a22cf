//! The macro behind the tables.

/// Declares an open newtype over a number, with named constants and a table of them.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident($number:ty) { $($code:ident = $value:literal, $says:literal;)+ })+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $number);

        impl $name {
            $(#[doc = concat!($says, ".")] pub const $code: Self = Self($value);)+

            /// The table, in order.
            pub const TABLE: &[$crate::codes::Entry<$number>] = &[
                $($crate::codes::Entry { number: $value, name: stringify!($code), says: $says },)+
            ];

            /// The name in the specification.
            pub fn name(self) -> Option<&'static str> {
                Self::TABLE.iter().find(|entry| entry.number == self.0).map(|entry| entry.name)
            }

            /// What it says, as a person would say it.
            pub fn says(self) -> Option<&'static str> {
                Self::TABLE.iter().find(|entry| entry.number == self.0).map(|entry| entry.says)
            }
        }

        impl std::fmt::Display for $name {
            /// The number with its name: `5 HYBRID_REQUIRED_BY_SERVER`.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                if u64::from(self.0) > 0xFFFF {
                    write!(f, "0x{:08X}", self.0)?;
                } else {
                    write!(f, "{}", self.0)?;
                }
                self.name().map_or(Ok(()), |name| write!(f, " {name}"))
            }
        }
    )+};
}

pub(crate) use codes;
