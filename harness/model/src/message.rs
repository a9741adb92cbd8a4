//! A message: its octets, and what FETCH makes of them (RFC 3501 §6.4.5, §7.4.2).
//!
//! The MIME splitter is our own. What counts here is not the decoded text, which mail libraries
//! are good at, but which octets belong to which part: BODYSTRUCTURE promises sizes that
//! `BODY[…]` must keep to the octet, for hostile mail too, and header values must leave as they
//! came, neither decoded nor put in another order.
//!
//! Nothing here fails. Whatever has no meaning by the RFCs gets the default that they give, and
//! every octet stays where it is: HEADER and TEXT together are always the whole message.

mod address;
mod body;
pub(crate) mod decode;
pub(crate) mod entity;
mod envelope;
pub(crate) mod header;
mod lexical;
pub(crate) mod mime;
mod section;

use std::{borrow::Cow, fmt, sync::Arc};

use imap_grammar::{Body, Envelope, Section};

use entity::Entity;

pub use entity::{MAX_ENTITIES, MAX_NESTING};

/// A message, immutable, and cheap to clone.
///
/// ```
/// use imap_grammar::Section;
/// use imap_model::Message;
///
/// let message = Message::new(b"Subject: lunch\r\n\r\nAt noon?\r\n".to_vec());
/// assert_eq!(message.size(), 28);
/// assert_eq!(message.envelope().subject.unwrap().as_bytes(), b"lunch");
/// let part_one = Section { part: vec![1.try_into().unwrap()], text: None };
/// assert_eq!(message.section(&part_one).as_deref(), Some(&b"At noon?\r\n"[..]));
/// ```
#[derive(Clone)]
pub struct Message(Arc<Content>);

struct Content {
    octets: Vec<u8>,
    entity: Entity,
}

impl Message {
    /// The message that consists of these octets, whatever they are.
    ///
    /// They are kept as they are. Lines should end with CRLF; a LF alone ends a line as well.
    pub fn new(octets: Vec<u8>) -> Self {
        let entity = Entity::parse(&octets);
        Self(Arc::new(Content { octets, entity }))
    }

    /// The whole message.
    pub fn octets(&self) -> &[u8] {
        &self.0.octets
    }

    /// RFC822.SIZE: the number of octets; `u32::MAX` where it is larger than IMAP can say.
    pub fn size(&self) -> u32 {
        number(self.0.octets.len())
    }

    /// ENVELOPE.
    pub fn envelope(&self) -> Envelope<'_> {
        envelope::envelope(self.entity().header(self.octets()))
    }

    /// BODYSTRUCTURE with `extensible`, BODY without.
    pub fn body(&self, extensible: bool) -> Body<'_> {
        body::body(self.octets(), self.entity(), extensible)
    }

    /// `BODY[section]`, or nothing where the message has no such section: RFC 3501 says `nstring`
    /// of it, so the answer is NIL.
    pub fn section(&self, section: &Section<'_>) -> Option<Cow<'_, [u8]>> {
        section::section(self.octets(), self.entity(), section)
    }

    /// The message's structure, in ranges of [`Message::octets`].
    pub(crate) fn entity(&self) -> &Entity {
        &self.0.entity
    }
}

/// Messages are equal when their octets are.
impl PartialEq for Message {
    fn eq(&self, other: &Self) -> bool {
        self.octets() == other.octets()
    }
}

impl Eq for Message {}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({} octets)", self.octets().len())
    }
}

/// A count as `number`, which has 32 bits.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
