//! NAMESPACE (RFC 2342): where a user's, other users' and shared mailboxes are.
//!
//! Legal under the capability `NAMESPACE`: the command and the response `NAMESPACE`.

use crate::encode::{Encode, Writer};
use crate::lexical::{close, encode_strings, list, nil, open, sp, string};
use crate::mailbox_list::{encode_hierarchy_delimiter, hierarchy_delimiter};
use crate::parse::{Context, Parsed, unexpected, within};
use crate::{ImapString, Production};

/// `Namespace-Response`: each kind may have several, or none for NIL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Namespaces<'a> {
    /// The user's own.
    pub personal: Vec<Namespace<'a>>,
    /// Other users'.
    pub other_users: Vec<Namespace<'a>>,
    /// Shared ones.
    pub shared: Vec<Namespace<'a>>,
}

/// One namespace.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Namespace<'a> {
    /// What every name in it begins with.
    pub prefix: ImapString<'a>,
    /// The hierarchy delimiter; nothing for NIL.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::serialize::delimiter"))]
    pub delimiter: Option<u8>,
    /// `Namespace-Response-Extension`: a name and its values, at least one.
    pub extensions: Vec<(ImapString<'a>, Vec<ImapString<'a>>)>,
}

const NAMESPACE_RESPONSE: Production = Production::new("Namespace-Response", 4466, "3");
const NAMESPACE: Production = Production::new("Namespace", 4466, "3");
const NAMESPACE_DESCR: Production = Production::new("Namespace-Descr", 4466, "3");
const NAMESPACE_RESPONSE_EXTENSION: Production =
    Production::new("Namespace-Response-Extension", 4466, "3");

impl Namespaces<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Namespaces<'static> {
        let owned = |namespaces: Vec<Namespace<'_>>| {
            namespaces.into_iter().map(Namespace::into_owned).collect()
        };
        Namespaces {
            personal: owned(self.personal),
            other_users: owned(self.other_users),
            shared: owned(self.shared),
        }
    }
}

impl Namespace<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Namespace<'static> {
        let owned = |(name, values): (ImapString<'_>, Vec<ImapString<'_>>)| {
            (name.into_owned(), values.into_iter().map(ImapString::into_owned).collect())
        };
        Namespace {
            prefix: self.prefix.into_owned(),
            delimiter: self.delimiter,
            extensions: self.extensions.into_iter().map(owned).collect(),
        }
    }
}

/// What follows `NAMESPACE`.
pub(crate) fn namespace_response(cx: Context, i: &[u8]) -> Parsed<'_, Namespaces<'_>> {
    within(&NAMESPACE_RESPONSE, three_namespaces(cx, i))
}

fn three_namespaces(cx: Context, i: &[u8]) -> Parsed<'_, Namespaces<'_>> {
    let (i, ()) = sp(i)?;
    let (i, personal) = namespaces(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, other_users) = namespaces(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, shared) = namespaces(cx, i)?;
    Ok((i, Namespaces { personal, other_users, shared }))
}

/// `nil / "(" 1*Namespace-Descr ")"`
fn namespaces(cx: Context, i: &[u8]) -> Parsed<'_, Vec<Namespace<'_>>> {
    let mut i = match i.first() {
        Some(b'(') => &i[1..],
        Some(b'N' | b'n') => return nil(i).map(|(i, ())| (i, Vec::new())),
        _ => return within(&NAMESPACE, unexpected(i, "`(` or NIL")),
    };
    let mut namespaces = Vec::new();
    loop {
        let (rest, namespace) = within(&NAMESPACE_DESCR, namespace(cx, i))?;
        namespaces.push(namespace);
        match rest.split_first() {
            Some((b')', rest)) => return Ok((rest, namespaces)),
            Some((b'(', _)) => i = rest,
            _ => return within(&NAMESPACE, unexpected(rest, "`(` or `)`")),
        }
    }
}

fn namespace(cx: Context, i: &[u8]) -> Parsed<'_, Namespace<'_>> {
    let (i, ()) = open(i)?;
    let (i, prefix) = string(cx, i)?;
    let (i, ()) = sp(i)?;
    let (mut i, delimiter) = hierarchy_delimiter(i)?;
    let mut extensions = Vec::new();
    while let [b' ', rest @ ..] = i {
        let (rest, extension) = within(&NAMESPACE_RESPONSE_EXTENSION, extension(cx, rest))?;
        extensions.push(extension);
        i = rest;
    }
    let (i, ()) = close(i)?;
    Ok((i, Namespace { prefix, delimiter, extensions }))
}

fn extension(cx: Context, i: &[u8]) -> Parsed<'_, (ImapString<'_>, Vec<ImapString<'_>>)> {
    let (i, name) = string(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, values) = list(i, |i| string(cx, i))?;
    Ok((i, (name, values)))
}

impl Encode for Namespaces<'_> {
    fn encode(&self, out: &mut Writer) {
        out.raw("NAMESPACE");
        for namespaces in [&self.personal, &self.other_users, &self.shared] {
            out.raw(" ");
            if namespaces.is_empty() {
                out.raw("NIL");
                continue;
            }
            out.raw("(");
            for namespace in namespaces {
                namespace.encode(out);
            }
            out.raw(")");
        }
    }
}

impl Encode for Namespace<'_> {
    fn encode(&self, out: &mut Writer) {
        out.raw("(");
        out.string(self.prefix.as_bytes());
        out.raw(" ");
        encode_hierarchy_delimiter(self.delimiter, out);
        for (name, values) in &self.extensions {
            out.raw(" ");
            out.string(name.as_bytes());
            out.raw(" ");
            encode_strings(values, out);
        }
        out.raw(")");
    }
}
