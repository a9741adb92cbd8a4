//! `body`: the structure of a message (RFC 3501 §7.4.2).

use super::{Form, Matched, Matcher, Node, NodeKind, Whole, form::ENVELOPE};
use crate::scenario::{Spanned, Token};

/// `body-fld-dsp`
const DISPOSITION: Form = Form::Tuple(&[Form::CaselessNString, Form::Parameters]);

/// `media-basic` or `media-text`, and `body-fields`.
const SINGLE: [Form; 7] = [
    Form::CaselessNString,
    Form::CaselessNString,
    Form::Parameters,
    Form::NString,
    Form::NString,
    Form::CaselessNString,
    Form::Number,
];
/// `body-fld-lines`, behind the fields of a text.
const TEXT: [Form; 1] = [Form::Number];
/// The envelope, body and lines of a message in a message.
const MESSAGE: [Form; 3] = [ENVELOPE, Form::Body, Form::Number];
/// `body-ext-1part`
const SINGLE_EXTENSION: [Form; 4] = [Form::NString, DISPOSITION, Form::Language, Form::NString];
/// `media-subtype` and `body-ext-mpart`, behind the parts.
const MULTIPART: [Form; 5] =
    [Form::CaselessNString, Form::Parameters, DISPOSITION, Form::Language, Form::NString];

impl Matcher<'_, '_> {
    /// Compares two structures, by the kind of body that came.
    pub(super) fn body(
        &mut self,
        tokens: &[Spanned<Token>],
        nodes: &[Node<'_>],
        whole: Whole<'_>,
    ) -> Matched {
        let parts = nodes.iter().take_while(|node| node.list().is_some()).count();
        let forms = if parts > 0 {
            [vec![Form::Body; parts], MULTIPART.to_vec()].concat()
        } else if is(nodes, 0, "TEXT") {
            [&SINGLE[..], &TEXT, &SINGLE_EXTENSION].concat()
        } else if is(nodes, 0, "MESSAGE") && is(nodes, 1, "RFC822") {
            [&SINGLE[..], &MESSAGE, &SINGLE_EXTENSION].concat()
        } else {
            [&SINGLE[..], &SINGLE_EXTENSION].concat()
        };
        self.sequence(|at| forms.get(at).copied().unwrap_or(Form::Any), tokens, nodes, whole)
    }
}

fn is(nodes: &[Node<'_>], at: usize, media: &str) -> bool {
    matches!(nodes.get(at).map(|node| &node.kind),
        Some(NodeKind::String(own)) if own.eq_ignore_ascii_case(media.as_bytes()))
}
