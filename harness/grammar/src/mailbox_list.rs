//! `mailbox-list`: what LIST and LSUB tell of a mailbox (RFC 3501 §7.2.2).

use crate::encode::{Encode, Writer};
use crate::extension::{encode_mbox_list_extended, mbox_list_extended};
use crate::lexical::{atom, is_text_char, list0, mailbox, nil, octet, sp};
use crate::parse::{Context, Parsed, fail, incomplete, unexpected, within};
use crate::{Atom, Extension, ListExtendedItem, Mailbox, Production};

/// `mailbox-list`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MailboxList<'a> {
    /// `mbx-list-flags`: at most one of `\Noselect`, `\Marked` and `\Unmarked`, to which
    /// LIST-EXTENDED adds `\NonExistent`, and at most one of its `\HasChildren` and
    /// `\HasNoChildren`.
    pub attributes: Vec<ListAttribute<'a>>,
    /// The hierarchy delimiter, a QUOTED-CHAR; nothing for NIL.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::serialize::delimiter"))]
    pub delimiter: Option<u8>,
    /// The name.
    pub mailbox: Mailbox<'a>,
    /// `mbox-list-extended` (RFC 5258 §6); empty where it is absent, too.
    pub extended: Vec<ListExtendedItem<'a>>,
}

/// `mbx-list-oflag` and `mbx-list-sflag`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ListAttribute<'a> {
    /// `\Noinferiors`
    NoInferiors,
    /// `\Noselect`
    NoSelect,
    /// `\Marked`
    Marked,
    /// `\Unmarked`
    Unmarked,
    /// Any other, without its backslash: `HasChildren`, `Subscribed`, `Sent`, …
    Extension(Atom<'a>),
}

const MAILBOX_LIST: Production = Production::rfc3501("mailbox-list");
const MBX_LIST_FLAGS: Production = Production::rfc3501("mbx-list-flags");
const MBX_LIST_OFLAG: Production = Production::rfc3501("mbx-list-oflag");
const CHILD_MBOX_FLAG: Production = Production::new("child-mbox-flag", 5258, "6");

impl MailboxList<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> MailboxList<'static> {
        MailboxList {
            attributes: self.attributes.into_iter().map(ListAttribute::into_owned).collect(),
            delimiter: self.delimiter,
            mailbox: self.mailbox.into_owned(),
            extended: self.extended.into_iter().map(ListExtendedItem::into_owned).collect(),
        }
    }
}

impl<'a> ListAttribute<'a> {
    /// The attribute with that name, which is written without `\` here.
    pub fn new(name: Atom<'a>) -> Self {
        let is = |known: &str| name.as_str().eq_ignore_ascii_case(known);
        match name.as_str().len() {
            11 if is("Noinferiors") => Self::NoInferiors,
            8 if is("Noselect") => Self::NoSelect,
            6 if is("Marked") => Self::Marked,
            8 if is("Unmarked") => Self::Unmarked,
            _ => Self::Extension(name),
        }
    }

    /// The name, without `\`.
    pub fn name(&self) -> &str {
        match self {
            Self::NoInferiors => "Noinferiors",
            Self::NoSelect => "Noselect",
            Self::Marked => "Marked",
            Self::Unmarked => "Unmarked",
            Self::Extension(name) => name.as_str(),
        }
    }

    /// The same value without borrowed parts.
    pub fn into_owned(self) -> ListAttribute<'static> {
        match self {
            Self::NoInferiors => ListAttribute::NoInferiors,
            Self::NoSelect => ListAttribute::NoSelect,
            Self::Marked => ListAttribute::Marked,
            Self::Unmarked => ListAttribute::Unmarked,
            Self::Extension(name) => ListAttribute::Extension(name.into_owned()),
        }
    }

    /// `mbx-list-sflag`
    fn is_selectability(&self, cx: Context) -> bool {
        match self {
            Self::NoSelect | Self::Marked | Self::Unmarked => true,
            Self::NoInferiors => false,
            Self::Extension(name) => {
                cx.has(Extension::ListExtended) && name.as_str().eq_ignore_ascii_case("NonExistent")
            }
        }
    }

    /// `child-mbox-flag`
    fn is_of_children(&self, cx: Context) -> bool {
        let is = |known: &str| self.name().eq_ignore_ascii_case(known);
        cx.has(Extension::ListExtended) && (is("HasChildren") || is("HasNoChildren"))
    }
}

/// `mailbox-list`
pub(crate) fn mailbox_list(cx: Context, i: &[u8]) -> Parsed<'_, MailboxList<'_>> {
    within(&MAILBOX_LIST, parts(cx, i))
}

fn parts(cx: Context, i: &[u8]) -> Parsed<'_, MailboxList<'_>> {
    let (i, attributes) = within(&MBX_LIST_FLAGS, attributes(cx, i))?;
    let (i, ()) = sp(i)?;
    let (i, delimiter) = hierarchy_delimiter(i)?;
    let (i, ()) = sp(i)?;
    let (i, mailbox) = mailbox(cx, i)?;
    let (i, extended) = mbox_list_extended(cx, i)?;
    Ok((i, MailboxList { attributes, delimiter, mailbox, extended }))
}

/// `"(" [mbx-list-flags] ")"`
fn attributes(cx: Context, i: &[u8]) -> Parsed<'_, Vec<ListAttribute<'_>>> {
    let mut selectability_known = false;
    let mut children_known = false;
    list0(i, |i| {
        let (rest, attribute) = attribute(i)?;
        if attribute.is_selectability(cx) {
            if selectability_known {
                return fail(i, "a single attribute of selectability");
            }
            selectability_known = true;
        }
        if attribute.is_of_children(cx) {
            if children_known {
                return within(&CHILD_MBOX_FLAG, fail(i, "a single attribute of children"));
            }
            children_known = true;
        }
        Ok((rest, attribute))
    })
}

fn attribute(i: &[u8]) -> Parsed<'_, ListAttribute<'_>> {
    let (i, ()) = within(&MBX_LIST_OFLAG, octet(i, b'\\', "`\\`"))?;
    let (i, name) = atom(i)?;
    Ok((i, ListAttribute::new(name)))
}

/// `DQUOTE QUOTED-CHAR DQUOTE / nil`
pub(crate) fn hierarchy_delimiter(i: &[u8]) -> Parsed<'_, Option<u8>> {
    let i = match i.first() {
        Some(b'"') => &i[1..],
        Some(b'N' | b'n') => return nil(i).map(|(i, ())| (i, None)),
        _ => return unexpected(i, "DQUOTE or NIL"),
    };
    let (rest, delimiter) = match i {
        [b'\\', special @ (b'"' | b'\\'), rest @ ..] => (rest, *special),
        [] | [b'\\'] => return incomplete(),
        [b'\\', rest @ ..] => return fail(rest, "DQUOTE or `\\`"),
        [char, rest @ ..] if is_text_char(*char) && *char != b'"' => (rest, *char),
        _ => return fail(i, "a QUOTED-CHAR"),
    };
    let (i, ()) = octet(rest, b'"', "DQUOTE")?;
    Ok((i, Some(delimiter)))
}

impl Encode for MailboxList<'_> {
    fn encode(&self, out: &mut Writer) {
        out.list(&self.attributes);
        out.raw(" ");
        encode_hierarchy_delimiter(self.delimiter, out);
        out.raw(" ");
        self.mailbox.encode(out);
        encode_mbox_list_extended(&self.extended, out);
    }
}

impl Encode for ListAttribute<'_> {
    fn encode(&self, out: &mut Writer) {
        out.raw("\\");
        out.raw(self.name());
    }
}

/// `DQUOTE QUOTED-CHAR DQUOTE / nil`
pub(crate) fn encode_hierarchy_delimiter(delimiter: Option<u8>, out: &mut Writer) {
    match delimiter {
        Some(special @ (b'"' | b'\\')) => out.raw([b'"', b'\\', special, b'"']),
        Some(char) => out.raw([b'"', char, b'"']),
        None => out.raw("NIL"),
    }
}
