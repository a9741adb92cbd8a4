//! `capability` and `capability-data` (RFC 3501 §7.2.1).

use crate::encode::{Encode, Writer};
use crate::lexical::{atom, sp};
use crate::parse::{Parsed, fail, within};
use crate::{Atom, Production};

/// `capability`: an atom; `AUTH=` and the name of a SASL mechanism is one too.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Capability<'a>(pub Atom<'a>);

const CAPABILITY: Production = Production::rfc3501("capability");
const CAPABILITY_DATA: Production = Production::rfc3501("capability-data");

impl Capability<'_> {
    /// Whether it is this one. Case makes no difference.
    ///
    /// ```
    /// use imap_grammar::{Atom, Capability};
    /// assert!(Capability(Atom::new("imap4REV1").unwrap()).is("IMAP4rev1"));
    /// ```
    pub fn is(&self, name: &str) -> bool {
        self.0.as_str().eq_ignore_ascii_case(name)
    }

    /// The SASL mechanism that `AUTH=` announces.
    pub fn auth_type(&self) -> Option<&str> {
        let (auth, mechanism) = self.0.as_str().split_at_checked("AUTH=".len())?;
        (auth.eq_ignore_ascii_case("AUTH=") && !mechanism.is_empty()).then_some(mechanism)
    }

    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Capability<'static> {
        Capability(self.0.into_owned())
    }
}

/// What follows `CAPABILITY`, in the response and in the response code.
pub(crate) fn capability_data(i: &[u8]) -> Parsed<'_, Vec<Capability<'_>>> {
    within(&CAPABILITY_DATA, with_imap4rev1(i))
}

fn with_imap4rev1(i: &[u8]) -> Parsed<'_, Vec<Capability<'_>>> {
    let (_, ()) = sp(i)?;
    let (i, capabilities) = capabilities(i)?;
    // Where the list ends, one more could follow.
    if !i.is_empty() && !capabilities.iter().any(|capability| capability.is("IMAP4rev1")) {
        return fail(i, "SP and the capability IMAP4rev1");
    }
    Ok((i, capabilities))
}

/// `*(SP capability)`
pub(crate) fn capabilities(mut i: &[u8]) -> Parsed<'_, Vec<Capability<'_>>> {
    let mut capabilities = Vec::new();
    while let [b' ', rest @ ..] = i {
        let (rest, name) = within(&CAPABILITY, atom(rest))?;
        capabilities.push(Capability(name));
        i = rest;
    }
    Ok((i, capabilities))
}

/// `*(SP capability)`
pub(crate) fn encode_capabilities(capabilities: &[Capability<'_>], out: &mut Writer) {
    for capability in capabilities {
        out.raw(" ");
        capability.0.encode(out);
    }
}
