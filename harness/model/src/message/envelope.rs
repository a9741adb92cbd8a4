//! ENVELOPE (RFC 3501 §7.4.2).

use imap_grammar::{Address, Envelope};

use super::address::addresses;
use super::header::Header;
use super::mime::unstructured;

/// The envelope that a header makes.
///
/// Absent fields are NIL, present but empty ones an empty string; of addresses, both are NIL.
pub(super) fn envelope<'m>(header: Header<'m>) -> Envelope<'m> {
    let from = originators(header, "From");
    let or_from = |addresses: Vec<Address<'m>>| {
        if addresses.is_empty() { from.clone() } else { addresses }
    };
    Envelope {
        date: unstructured(header, "Date"),
        subject: unstructured(header, "Subject"),
        sender: or_from(originators(header, "Sender")),
        reply_to: or_from(originators(header, "Reply-To")),
        to: destinations(header, "To"),
        cc: destinations(header, "Cc"),
        bcc: destinations(header, "Bcc"),
        in_reply_to: unstructured(header, "In-Reply-To"),
        message_id: unstructured(header, "Message-ID"),
        from,
    }
}

fn originators<'m>(header: Header<'m>, name: &str) -> Vec<Address<'m>> {
    header.first(name).map(|field| addresses(field.body())).unwrap_or_default()
}

/// All fields of that name: "multiple occurrences of destination address fields" are combined
/// (RFC 2822 §4.5.3).
fn destinations<'m>(header: Header<'m>, name: &str) -> Vec<Address<'m>> {
    header.named(name.as_bytes()).flat_map(|field| addresses(field.body())).collect()
}
