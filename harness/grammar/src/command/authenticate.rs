//! What a client says within AUTHENTICATE, on lines of its own (RFC 3501 §6.2.2).

use std::borrow::Cow;

use crate::Production;
use crate::base64::{base64, encode_base64};
use crate::encode::{Encode, Writer};
use crate::lexical::crlf;
use crate::parse::{Parsed, within};

/// A line the client sends within AUTHENTICATE (RFC 3501 §6.2.2).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum AuthenticateData<'a> {
    /// Base64, decoded.
    Response(
        #[cfg_attr(feature = "serde", serde(serialize_with = "crate::serialize::octets"))]
        Cow<'a, [u8]>,
    ),
    /// `*`: the client gives up.
    Cancel,
}

pub(crate) const AUTHENTICATE: Production = Production::rfc3501("authenticate");

impl AuthenticateData<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> AuthenticateData<'static> {
        match self {
            Self::Response(octets) => AuthenticateData::Response(Cow::Owned(octets.into_owned())),
            Self::Cancel => AuthenticateData::Cancel,
        }
    }
}

/// One line: `base64` or `*`.
pub(crate) fn authenticate_data(i: &[u8]) -> Parsed<'_, AuthenticateData<'_>> {
    let (i, data) = match i.split_first() {
        Some((b'*', rest)) => (rest, AuthenticateData::Cancel),
        _ => {
            let (i, octets) = base64(i)?;
            (i, AuthenticateData::Response(Cow::Owned(octets)))
        }
    };
    let (i, ()) = within(&AUTHENTICATE, crlf(i))?;
    Ok((i, data))
}

impl Encode for AuthenticateData<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Response(octets) => out.raw(encode_base64(octets)),
            Self::Cancel => out.raw("*"),
        }
        out.raw("\r\n");
    }
}
