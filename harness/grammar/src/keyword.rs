//! Closed sets of keywords, found by their length and letters and not by trial.

use crate::Extension;
use crate::parse::{Context, Parsed, fail, incomplete};

/// A closed set of keywords; the macro [`keywords`] implements it.
pub(crate) trait Keyword: Copy + 'static {
    /// Every keyword.
    const ALL: &'static [Self];

    /// The keyword that is written so in upper case.
    fn from_upper(upper: &[u8]) -> Option<Self>;

    /// The keyword in upper case.
    fn name(self) -> &'static [u8];

    /// The extension without which it is not legal.
    fn required(self) -> Option<Extension>;
}

/// Implements [`Keyword`] for an enum without fields. `under` names the extension without which
/// the keyword is not legal.
macro_rules! keywords {
    ($name:ident { $($variant:ident = $keyword:literal $(under $extension:ident)?,)* }) => {
        // A longer one would match nothing.
        const _: () = {
            $(assert!($keyword.len() <= $crate::keyword::LONGEST);)*
        };

        impl $crate::keyword::Keyword for $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)*];

            #[inline]
            fn from_upper(upper: &[u8]) -> Option<Self> {
                match upper {
                    $($keyword => Some(Self::$variant),)*
                    _ => None,
                }
            }

            fn name(self) -> &'static [u8] {
                match self { $(Self::$variant => $keyword,)* }
            }

            #[inline]
            fn required(self) -> Option<$crate::Extension> {
                match self {
                    $(Self::$variant => {
                        let required: &[$crate::Extension] = &[$($crate::Extension::$extension)?];
                        required.first().copied()
                    })*
                }
            }
        }
    };
}
pub(crate) use keywords;

/// Every keyword is at most that long, as [`keywords`] sees to.
pub(crate) const LONGEST: usize = 20;

/// The letters, digits, `.` and `-` of keywords in upper case, and 0 for what ends one.
static UPPER: [u8; 256] = {
    let mut upper = [0; 256];
    let mut octet = 0;
    while octet < 0x80 {
        let value = octet as u8;
        if value.is_ascii_alphanumeric() || matches!(value, b'.' | b'-') {
            upper[octet] = value.to_ascii_uppercase();
        }
        octet += 1;
    }
    upper
};

/// One of a set of keywords, in any case; `expected` names the set.
///
/// A keyword goes as far as letters, digits, `.` and `-` do.
#[inline]
pub(crate) fn one_of<'a, K: Keyword>(
    cx: Context,
    i: &'a [u8],
    expected: &'static str,
) -> Parsed<'a, K> {
    let mut upper = [0; LONGEST];
    for (index, &octet) in i.iter().enumerate() {
        let letter = UPPER[usize::from(octet)];
        if letter == 0 {
            return match K::from_upper(&upper[..index]) {
                Some(keyword) => match keyword.required() {
                    Some(extension) if !cx.has(extension) => fail(i, extension.required()),
                    _ => Ok((&i[index..], keyword)),
                },
                None => fail(i, expected),
            };
        }
        if index == LONGEST {
            return fail(i, expected);
        }
        upper[index] = letter;
    }
    unfinished(cx, i, &upper[..i.len()], expected)
}

/// The octets are over within a keyword: whether one begins with what is there.
#[cold]
fn unfinished<'a, K: Keyword>(
    cx: Context,
    i: &'a [u8],
    upper: &[u8],
    expected: &'static str,
) -> Parsed<'a, K> {
    let legal = |keyword: &K| keyword.required().is_none_or(|extension| cx.has(extension));
    let begins = |keyword: &K| keyword.name().starts_with(upper);
    match K::ALL.iter().find(|keyword| begins(keyword) && legal(keyword)) {
        Some(_) => incomplete(),
        None => match K::ALL.iter().find(|keyword| begins(keyword)).and_then(|k| k.required()) {
            Some(extension) => fail(i, extension.required()),
            None => fail(i, expected),
        },
    }
}
