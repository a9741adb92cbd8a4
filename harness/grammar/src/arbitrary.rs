//! Values out of any octets: legal ones, with every variant of every type, all extensions on.
//!
//! For structure-aware fuzzing and for properties alike. What makes a value reads a few octets for
//! each choice, and takes the first where there are no more: fewer octets make simpler values, and
//! no octets the simplest. Lists are short and nesting is shallow.

mod command;
mod dictionary;
mod lexical;
mod message;
mod response;

use std::ops::RangeInclusive;

pub use dictionary::dictionary;

use arbitrary::{Arbitrary, Result, Unstructured};

/// Implements `Arbitrary` for types, each with an expression that makes a value.
macro_rules! arbitrary {
    ($($name:ty => |$u:ident| $make:expr;)*) => { $(
        impl<'u> ::arbitrary::Arbitrary<'u> for $name {
            fn arbitrary($u: &mut ::arbitrary::Unstructured<'u>) -> ::arbitrary::Result<Self> {
                Ok($make)
            }
        }
    )* };
}

/// One of these expressions, each of which may take more octets from `$u`.
macro_rules! one_of {
    ($u:ident => $($alternative:expr),+ $(,)?) => {{
        let alternatives: &[&dyn Fn(&mut ::arbitrary::Unstructured<'_>) -> ::arbitrary::Result<_>] =
            &[$(&|$u: &mut ::arbitrary::Unstructured<'_>| {
                // What needs no octets leaves `u` alone.
                let _ = &$u;
                Ok($alternative)
            },)+];
        alternatives[$u.choose_index(alternatives.len())?]($u)?
    }};
}

use {arbitrary, one_of};

/// How deep a value may nest: enough to be seen, far from the parser's limit.
const DEPTH: u8 = 5;

/// So many values of a type.
fn some<'u, T: Arbitrary<'u>>(
    u: &mut Unstructured<'u>,
    count: RangeInclusive<usize>,
) -> Result<Vec<T>> {
    some_of(u, count, T::arbitrary)
}

/// So many of what this makes.
fn some_of<'u, T>(
    u: &mut Unstructured<'u>,
    count: RangeInclusive<usize>,
    mut make: impl FnMut(&mut Unstructured<'u>) -> Result<T>,
) -> Result<Vec<T>> {
    (0..u.int_in_range(count)?).map(|_| make(u)).collect()
}

/// What this makes, or nothing.
fn perhaps<'u, T>(
    u: &mut Unstructured<'u>,
    make: impl FnOnce(&mut Unstructured<'u>) -> Result<T>,
) -> Result<Option<T>> {
    if u.arbitrary()? { make(u).map(Some) } else { Ok(None) }
}
