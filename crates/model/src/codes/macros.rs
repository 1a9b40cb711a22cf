//! The macros behind the tables. A row is one line, so that a table can be read from top to bottom.

/// Declares a table of codes in a namespace.
///
/// A row is: number, `/` second number (of a pair), name, place, topic, what it says; then, where it has
/// them, `note`, `from` another document than the namespace's, and `sure` when that is not high.
macro_rules! table {
    ($(#[doc = $doc:literal])+ $table:ident in $space:path {
        $($number:literal $(/ $pair:literal)? $name:literal $place:ident $topic:ident $says:literal
            $(, note $note:literal)? $(, from $document:literal $section:literal)? $(, sure $sure:ident)?;)+
    }) => {
        $(#[doc = $doc])+
        pub static $table: &[$crate::codes::Code] = &[$(
            $crate::codes::Code::new(
                &$space, Some($number), $name, $crate::codes::at::$place, $crate::codes::Topic::$topic, $says,
            )
            $(.paired($pair))?
            $(.noted($note))?
            $(.from($document, $section))?
            $(.sure($crate::codes::Confidence::$sure))?,
        )+];
    };
}

/// Declares a table of log lines: codes without a number that are known by their words.
///
/// A line is given as its fixed words in order; `*` stands for anything between them, and `$` at the end
/// for the end of the line.
macro_rules! lines {
    ($(#[doc = $doc:literal])+ $table:ident in $space:path {
        $($name:literal $place:ident $topic:ident $says:literal, lines [$($line:literal),+]
            $(, from $document:literal $section:literal)? $(, sure $sure:ident)?;)+
    }) => {
        $(#[doc = $doc])+
        pub static $table: &[$crate::codes::Code] = &[$(
            $crate::codes::Code::new(
                &$space, None, $name, $crate::codes::at::$place, $crate::codes::Topic::$topic, $says,
            )
            .known_by(&[$($line),+])
            $(.from($document, $section))?
            $(.sure($crate::codes::Confidence::$sure))?,
        )+];
    };
}

/// Declares an open newtype over a number, with named constants and a table of them.
///
/// A row is: constant, number, what it says, place, topic; then, where it has them, `named` when the name
/// in the specification is not the constant's, `note`, `from` and `sure` as in a table.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident($number:ty) {
        $(in $space:path {
            $($code:ident = $value:literal, $says:literal, $place:ident $topic:ident
                $(, named $named:literal)? $(, note $note:literal)?
                $(, from $document:literal $section:literal)? $(, sure $sure:ident)?;)+
        })+
    })+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $number);

        impl $name {
            $($(#[doc = concat!($says, ".")] pub const $code: Self = Self($value);)+)+

            /// The table, in order.
            pub const TABLE: &[$crate::codes::Entry<$number>] = &[
                $($($crate::codes::Entry { number: $value, name: stringify!($code), says: $says },)+)+
            ];

            /// The table with all that is known about each code.
            pub const CODES: &[$crate::codes::Code] = &[
                $($($crate::codes::Code::new(
                    &$space,
                    Some($value),
                    $crate::codes::named(stringify!($code), &[$($named)?]),
                    $crate::codes::at::$place,
                    $crate::codes::Topic::$topic,
                    $says,
                )
                $(.noted($note))?
                $(.from($document, $section))?
                $(.sure($crate::codes::Confidence::$sure))?,)+)+
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

pub(crate) use {codes, lines, table};
