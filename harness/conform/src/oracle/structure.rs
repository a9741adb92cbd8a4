//! What a body structure may say beyond the fields of its parts: nothing in BODY, and in
//! BODYSTRUCTURE nothing that no standard defines (RFC 3501 §7.4.2).

use imap_grammar::{Body, Disposition, Media, MessageAttribute};

use super::{invariant, session::Notes};

/// Judges the body structures among the items of a FETCH response.
pub(super) fn judge(items: &[MessageAttribute<'_>], notes: &mut Notes<'_>) {
    for item in items {
        match item {
            MessageAttribute::Body(body) if any_part(body, |extension| extension.is_there()) => {
                notes.broken(&invariant::BODY_IS_SHORT, "BODY with extension data".to_owned());
            }
            MessageAttribute::BodyStructure(body)
                if any_part(body, |extension| extension.is_unknown()) =>
            {
                let found = "extension data behind the location".to_owned();
                notes.broken(&invariant::EXTENSION_DATA_DEFINED, found);
            }
            _ => {}
        }
    }
}

/// The extension data of one part.
struct Extension<'b> {
    /// Whether there is any.
    present: bool,
    /// The field that is optional in single parts and multiparts alike.
    disposition: Option<&'b Disposition<'b>>,
}

impl Extension<'_> {
    fn is_there(&self) -> bool {
        self.present
    }

    /// Whether there is more than RFC 3501 defines.
    fn is_unknown(&self) -> bool {
        let language = self.disposition.and_then(|disposition| disposition.tail.as_ref());
        let location = language.and_then(|language| language.tail.as_ref());
        location.is_some_and(|location| !location.extensions.is_empty())
    }
}

/// Whether the test holds for a part, at any depth. The grammar bounds how deep there is.
fn any_part(body: &Body<'_>, test: fn(&Extension<'_>) -> bool) -> bool {
    match body {
        Body::Multi(multi) => {
            let disposition = multi.extension.as_ref().and_then(|data| data.tail.as_ref());
            let extension = Extension { present: multi.extension.is_some(), disposition };
            test(&extension) || multi.parts.iter().any(|part| any_part(part, test))
        }
        Body::Single(single) => {
            let disposition = single.extension.as_ref().and_then(|data| data.tail.as_ref());
            let extension = Extension { present: single.extension.is_some(), disposition };
            let within = match &single.media {
                Media::Message { body, .. } => any_part(body, test),
                Media::Text { .. } | Media::Basic { .. } => false,
            };
            test(&extension) || within
        }
    }
}
