//! Writing values: the buffer, and the choices the grammar leaves to the writer.

use crate::extension::LITERAL_MINUS_MAX;
use crate::keyword::Keyword;
use crate::lexical::{is_quoted_char, is_text_char};
use crate::{Extension, Extensions};

/// Which form a string takes where the grammar allows several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum StringForm {
    /// An atom where one may stand, else a quoted string, else a literal.
    #[default]
    Shortest,
    /// A quoted string, or a literal where the octets cannot be quoted.
    Quoted,
    /// Always a literal.
    Literal,
}

/// Which announcement a literal of a command takes (RFC 7888 §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LiteralForm {
    /// `{n}`: the client waits for a continuation request.
    #[default]
    Synchronising,
    /// `{n+}`: the client goes on at once. Legal with LITERAL+.
    NonSynchronising,
    /// `{n+}` up to 4096 octets, `{n}` beyond. Legal with LITERAL-, and with LITERAL+.
    SmallNonSynchronising,
}

impl LiteralForm {
    /// The form that pauses least where these extensions are on.
    pub fn under(extensions: Extensions) -> Self {
        if extensions.contains(Extension::LiteralPlus) {
            Self::NonSynchronising
        } else if extensions.contains(Extension::LiteralMinus) {
            Self::SmallNonSynchronising
        } else {
            Self::Synchronising
        }
    }

    fn is_synchronising(self, length: usize) -> bool {
        match self {
            Self::Synchronising => true,
            Self::NonSynchronising => false,
            Self::SmallNonSynchronising => length > LITERAL_MINUS_MAX as usize,
        }
    }
}

/// The choices the grammar leaves to the writer of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct EncodeOptions {
    /// The form of strings.
    pub strings: StringForm,
    /// The form of literals.
    pub literals: LiteralForm,
}

/// An encoded command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Encoded {
    /// The whole message, its final CRLF included.
    pub bytes: Vec<u8>,
    /// Offsets into `bytes` behind each synchronising literal's announcement: before it sends
    /// what follows, a client waits for a continuation request (RFC 3501 §7.5).
    pub pauses: Vec<usize>,
}

/// Collects a message.
#[derive(Debug)]
pub(crate) struct Writer {
    encoded: Encoded,
    options: EncodeOptions,
}

/// What can be written.
pub(crate) trait Encode {
    fn encode(&self, out: &mut Writer);
}

impl Writer {
    /// Encodes one whole message.
    pub(crate) fn message(value: &impl Encode, options: EncodeOptions) -> Encoded {
        // Nearly every message without literals is shorter.
        let bytes = Vec::with_capacity(128);
        let mut out = Self { encoded: Encoded { bytes, pauses: Vec::new() }, options };
        value.encode(&mut out);
        out.encoded
    }

    #[inline]
    pub(crate) fn raw(&mut self, octets: impl AsRef<[u8]>) {
        self.encoded.bytes.extend_from_slice(octets.as_ref());
    }

    /// A keyword, in upper case.
    pub(crate) fn keyword(&mut self, keyword: impl Keyword) {
        self.raw(keyword.name());
    }

    pub(crate) fn number(&mut self, number: impl Into<u64>) {
        // 20 digits hold every u64.
        let mut digits = [0; 20];
        let mut start = digits.len();
        let mut rest = number.into();
        loop {
            start -= 1;
            digits[start] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.raw(&digits[start..]);
    }

    /// Items with SP between.
    pub(crate) fn spaced<T: Encode>(&mut self, items: impl IntoIterator<Item = T>) {
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.raw(" ");
            }
            item.encode(self);
        }
    }

    /// Items with SP between, in parentheses.
    pub(crate) fn list<T: Encode>(&mut self, items: impl IntoIterator<Item = T>) {
        self.raw("(");
        self.spaced(items);
        self.raw(")");
    }

    /// `quoted` or `literal`.
    pub(crate) fn string(&mut self, octets: &[u8]) {
        let quotable = octets.iter().all(|&octet| is_text_char(octet));
        if quotable && self.options.strings != StringForm::Literal {
            self.quoted(octets);
        } else {
            self.literal(octets);
        }
    }

    /// `quoted`, where every octet is a TEXT-CHAR.
    pub(crate) fn quoted(&mut self, octets: &[u8]) {
        self.raw("\"");
        let mut rest = octets;
        while let Some(special) = rest.iter().position(|&octet| !is_quoted_char(octet)) {
            let (plain, behind) = rest.split_at(special);
            self.raw(plain);
            self.raw([b'\\', behind[0]]);
            rest = &behind[1..];
        }
        self.raw(rest);
        self.raw("\"");
    }

    /// `astring`, or another string that may be bare where each octet satisfies `bare`.
    pub(crate) fn bare_or_string(&mut self, octets: &[u8], bare: impl Fn(u8) -> bool) {
        let may_be_bare = !octets.is_empty() && octets.iter().all(|&octet| bare(octet));
        if may_be_bare && self.options.strings == StringForm::Shortest {
            self.raw(octets);
        } else {
            self.string(octets);
        }
    }

    /// `literal`.
    pub(crate) fn literal(&mut self, octets: &[u8]) {
        self.raw("{");
        self.number(octets.len() as u64);
        if self.options.literals.is_synchronising(octets.len()) {
            self.raw("}\r\n");
            self.encoded.pauses.push(self.encoded.bytes.len());
        } else {
            self.raw("+}\r\n");
        }
        self.raw(octets);
    }
}

/// `number`
impl Encode for u32 {
    fn encode(&self, out: &mut Writer) {
        out.number(*self);
    }
}

impl<T: Encode + ?Sized> Encode for &T {
    fn encode(&self, out: &mut Writer) {
        (**self).encode(out);
    }
}
