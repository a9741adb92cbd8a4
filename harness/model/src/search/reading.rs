//! What the keys of a search look at in a message: decoded when the first of them does, and kept
//! for the others.

use std::cell::OnceCell;

use imap_grammar::{Address, Date};

use super::text::{LowerCase, Substring};
use super::{Charset, sent_date, text};
use crate::Message;
use crate::message::decode;
use crate::message::header::{Field, Header};

/// A message while it is searched in.
pub(super) struct Reading<'m> {
    message: &'m Message,
    charset: Charset,
    sent: OnceCell<Option<Date>>,
    /// By [`Place`].
    texts: [OnceCell<Vec<LowerCase>>; Place::COUNT],
    fields: OnceCell<Vec<(Field<'m>, LowerCase)>>,
    octets: OnceCell<Vec<u8>>,
}

/// Where a string can be, beside the fields of the header that a key names itself.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Bcc,
    Cc,
    From,
    To,
    Subject,
    Body,
    Text,
}

impl Place {
    const COUNT: usize = Self::Text as usize + 1;
}

impl<'m> Reading<'m> {
    /// Of the message, for strings in that character set.
    pub(super) fn new(message: &'m Message, charset: Charset) -> Self {
        Self {
            message,
            charset,
            sent: OnceCell::new(),
            texts: Default::default(),
            fields: OnceCell::new(),
            octets: OnceCell::new(),
        }
    }

    /// The day of the Date field.
    pub(super) fn sent(&self) -> Option<Date> {
        *self.sent.get_or_init(|| sent_date::of(self.header()))
    }

    /// Whether the string is there.
    pub(super) fn contains(&self, place: Place, string: &Substring) -> bool {
        self.texts(place).iter().any(|text| string.is_in(text))
            || self.octets(place).is_some_and(|octets| string.is_in_octets(octets))
    }

    /// Whether the string is in a field of that name.
    pub(super) fn field_contains(&self, name: &[u8], string: &Substring) -> bool {
        let fields = self.fields.get_or_init(|| {
            let value = |field: Field<'_>| LowerCase::new(&decode::header_value(&field.value()));
            self.header().fields().map(|field| (field, value(field))).collect()
        });
        fields.iter().any(|(field, value)| field.is_named(name) && string.is_in(value))
    }

    /// What is there: one text for each address.
    fn texts(&self, place: Place) -> &[LowerCase] {
        self.texts[place as usize].get_or_init(|| {
            let envelope = || self.message.envelope();
            let each = |addresses: Vec<Address<'_>>| {
                addresses.iter().map(|address| LowerCase::new(&text::of_address(address))).collect()
            };
            match place {
                Place::Bcc => each(envelope().bcc),
                Place::Cc => each(envelope().cc),
                Place::From => each(envelope().from),
                Place::To => each(envelope().to),
                Place::Subject => {
                    let subject = envelope().subject;
                    let decoded = subject.map(|subject| decode::header_value(subject.as_bytes()));
                    decoded.iter().map(|subject| LowerCase::new(subject)).collect()
                }
                Place::Body => vec![LowerCase::new(&text::of_body(self.message))],
                Place::Text => vec![LowerCase::new(&text::of_message(self.message))],
            }
        })
    }

    /// The octets there as they stand, where they are looked at too; in lower case.
    fn octets(&self, place: Place) -> Option<&[u8]> {
        let octets = || self.octets.get_or_init(|| self.message.octets().to_ascii_lowercase());
        match place {
            _ if self.charset != Charset::UsAscii => None,
            Place::Body => Some(self.message.entity().body(octets())),
            Place::Text => Some(octets()),
            _ => None,
        }
    }

    fn header(&self) -> Header<'m> {
        self.message.entity().header(self.message.octets())
    }
}
