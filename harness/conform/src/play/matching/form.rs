//! How values compare, place by place.

use imap_grammar::{DateTime, SequenceSet};

use super::{Node, NodeKind};
use crate::play::sequence::{NumberRanges, Order};

/// How a place of a response is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A place that nothing is known of: words without case, strings by their octets.
    Any,
    /// An atom of the protocol, without case.
    Keyword,
    /// `number`: by value.
    Number,
    /// `flag`, without case.
    Flag,
    /// `mailbox`: an astring in which INBOX has no case (RFC 3501 §5.1).
    Mailbox,
    /// An astring by its octets, and lists of such.
    AString,
    /// An astring without case: names of header fields, charsets.
    CaselessAString,
    /// `nstring`, or `string`, by its octets.
    NString,
    /// The same without case: media types, encodings (RFC 2045 §5.1, §6.1).
    CaselessNString,
    /// `date-time`: the instant.
    DateTime,
    /// `sequence-set`: which numbers.
    SequenceSet,
    /// `uid-set` of COPYUID and APPENDUID: which numbers, in which order (RFC 4315 §3).
    UidSet,

    /// A list whose order does not matter.
    Set(&'static Form),
    /// The flags of a message, among which `\Recent` may stand unasked.
    FetchFlags,
    /// A list of so many, each with its own form.
    Tuple(&'static [Form]),
    /// A list, in order.
    ListOf(&'static Form),
    /// Names and values in turn, in any order of the pairs.
    Pairs { name: &'static Form, value: &'static Form },
    /// `body-fld-param`
    Parameters,
    /// `body-fld-lang`: one, or a list.
    Language,
    /// `status-att-list`
    StatusItems,
    /// `msg-att`
    FetchItems,
    /// `body`
    Body,
}

const ADDRESS: Form = Form::Tuple(&[Form::NString, Form::NString, Form::NString, Form::NString]);
const ADDRESSES: Form = Form::ListOf(&ADDRESS);

/// `envelope`
pub(super) const ENVELOPE: Form = Form::Tuple(&[
    Form::NString,
    Form::NString,
    ADDRESSES,
    ADDRESSES,
    ADDRESSES,
    ADDRESSES,
    ADDRESSES,
    ADDRESSES,
    Form::NString,
    Form::NString,
]);

/// One kind of `Namespace-Response`: several, the order of which says nothing.
pub(super) const NAMESPACE: Form = Form::Set(&Form::Tuple(&[Form::NString, Form::NString]));

/// `mbox-list-extended`, whose tags have no case and whose values are astrings (RFC 5258 §6).
pub(super) const LIST_EXTENDED: Form =
    Form::Pairs { name: &Form::CaselessAString, value: &Form::AString };

/// `id-params-list`, whose field names have no case (RFC 2971 §3.3).
pub(super) const ID: Form = Form::Pairs { name: &Form::CaselessNString, value: &Form::NString };

impl Form {
    /// Whether NIL means here that there is nothing, and is no atom.
    pub(super) fn has_nil(self) -> bool {
        match self {
            Self::Keyword | Self::Flag | Self::Mailbox | Self::AString | Self::CaselessAString => {
                false
            }
            Self::Any
            | Self::Number
            | Self::NString
            | Self::CaselessNString
            | Self::DateTime
            | Self::SequenceSet
            | Self::UidSet
            | Self::Set(_)
            | Self::FetchFlags
            | Self::Tuple(_)
            | Self::ListOf(_)
            | Self::Pairs { .. }
            | Self::Parameters
            | Self::Language
            | Self::StatusItems
            | Self::FetchItems
            | Self::Body => true,
        }
    }

    /// Whether an atom is a string here.
    pub(super) fn is_astring(self) -> bool {
        matches!(self, Self::Mailbox | Self::AString | Self::CaselessAString)
    }

    /// Whether the node is the value of these octets. `as_string` says that the pattern has them
    /// in quotes or a literal.
    pub(super) fn is_same(self, octets: &[u8], as_string: bool, node: &Node<'_>) -> bool {
        let word = node.word();
        let string = match &node.kind {
            NodeKind::String(string) => Some(string.as_ref()),
            _ => None,
        };
        let same_word = || word.is_some_and(|word| word.eq_ignore_ascii_case(octets));
        match self {
            Self::Keyword | Self::Flag => same_word(),
            Self::Number => match (number(octets), word.and_then(number)) {
                (Some(wanted), Some(found)) => wanted == found,
                _ => same_word(),
            },
            Self::Mailbox => string.or(word).is_some_and(|found| {
                found == octets
                    || [found, octets].iter().all(|name| name.eq_ignore_ascii_case(b"INBOX"))
            }),
            Self::AString => string.or(word) == Some(octets),
            Self::CaselessAString => {
                string.or(word).is_some_and(|found| found.eq_ignore_ascii_case(octets))
            }
            Self::NString => string == Some(octets),
            Self::CaselessNString | Self::Language => {
                string.is_some_and(|found| found.eq_ignore_ascii_case(octets))
            }
            Self::DateTime => string.is_some_and(|found| match (instant(found), instant(octets)) {
                (Some(found), Some(wanted)) => found == wanted,
                _ => found == octets,
            }),
            Self::SequenceSet => word.is_some_and(|found| same_set(octets, found, Order::Free)),
            Self::UidSet => word.is_some_and(|found| same_set(octets, found, Order::Matters)),
            _ if as_string => string == Some(octets),
            _ => same_word() || string.is_some_and(|found| found == octets),
        }
    }
}

/// A number of up to 64 bits.
pub(super) fn number(octets: &[u8]) -> Option<u64> {
    let digits = octets.iter().all(u8::is_ascii_digit);
    digits.then(|| std::str::from_utf8(octets).ok()?.parse().ok())?
}

/// The instant of a date-time without its quotes.
pub(super) fn instant(written: &[u8]) -> Option<i64> {
    let quoted = [b"\"", written, b"\""].concat();
    DateTime::parse(&quoted).ok().map(DateTime::unix_timestamp)
}

fn same_set(wanted: &[u8], found: &[u8], order: Order) -> bool {
    match (SequenceSet::parse(wanted), SequenceSet::parse(found)) {
        (Some(wanted), Some(found)) => {
            NumberRanges::new(&wanted, order) == NumberRanges::new(&found, order)
        }
        _ => wanted == found,
    }
}
