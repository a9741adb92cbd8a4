//! SPECIAL-USE (RFC 6154): which mailbox holds drafts, sent mail and so on.
//!
//! Legal under the capability `CREATE-SPECIAL-USE`: `USE` in CREATE. Legal under `SPECIAL-USE`:
//! the option of that name of LIST, where the LIST command has options at all.

use crate::encode::{Encode, Writer};
use crate::lexical::{atom, close, keyword, list0, octet, open, sp};
use crate::parse::{Context, Parsed, within};
use crate::{Atom, Extension, Production};

/// `use-attr` (RFC 6154 §6): what a mailbox is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SpecialUse<'a> {
    /// `\All`
    All,
    /// `\Archive`
    Archive,
    /// `\Drafts`
    Drafts,
    /// `\Flagged`
    Flagged,
    /// `\Junk`
    Junk,
    /// `\Sent`
    Sent,
    /// `\Trash`
    Trash,
    /// Any other.
    Other(Atom<'a>),
}

const USE_ATTR: Production = Production::new("use-attr", 6154, "6");
const CREATE_PARAM: Production = Production::new("create-param", 6154, "6");

impl<'a> SpecialUse<'a> {
    /// The use with that name, which is written without `\` here.
    pub fn new(name: Atom<'a>) -> Self {
        let known = [
            ("All", Self::All),
            ("Archive", Self::Archive),
            ("Drafts", Self::Drafts),
            ("Flagged", Self::Flagged),
            ("Junk", Self::Junk),
            ("Sent", Self::Sent),
            ("Trash", Self::Trash),
        ];
        known
            .into_iter()
            .find(|(known, _)| name.as_str().eq_ignore_ascii_case(known))
            .map_or(Self::Other(name), |(_, special_use)| special_use)
    }

    /// The name, without `\`.
    pub fn name(&self) -> &str {
        match self {
            Self::All => "All",
            Self::Archive => "Archive",
            Self::Drafts => "Drafts",
            Self::Flagged => "Flagged",
            Self::Junk => "Junk",
            Self::Sent => "Sent",
            Self::Trash => "Trash",
            Self::Other(name) => name.as_str(),
        }
    }

    /// The same value without borrowed parts.
    pub fn into_owned(self) -> SpecialUse<'static> {
        match self {
            Self::All => SpecialUse::All,
            Self::Archive => SpecialUse::Archive,
            Self::Drafts => SpecialUse::Drafts,
            Self::Flagged => SpecialUse::Flagged,
            Self::Junk => SpecialUse::Junk,
            Self::Sent => SpecialUse::Sent,
            Self::Trash => SpecialUse::Trash,
            Self::Other(name) => SpecialUse::Other(name.into_owned()),
        }
    }
}

/// `[SP "(" "USE" SP "(" [use-attr *(SP use-attr)] ")" ")"]`: what may follow the mailbox of
/// CREATE.
pub(crate) fn create_params(cx: Context, i: &[u8]) -> Parsed<'_, Vec<SpecialUse<'_>>> {
    if !cx.parameters_follow(Extension::CreateSpecialUse, i)? {
        return Ok((i, Vec::new()));
    }
    within(&CREATE_PARAM, use_param(i))
}

fn use_param(i: &[u8]) -> Parsed<'_, Vec<SpecialUse<'_>>> {
    let (i, ()) = sp(i)?;
    let (i, ()) = open(i)?;
    let (i, ()) = keyword(i, "USE")?;
    let (i, ()) = sp(i)?;
    let (i, special_use) = list0(i, use_attr)?;
    let (i, ()) = close(i)?;
    Ok((i, special_use))
}

fn use_attr(i: &[u8]) -> Parsed<'_, SpecialUse<'_>> {
    let (i, ()) = within(&USE_ATTR, octet(i, b'\\', "`\\`"))?;
    let (i, name) = atom(i)?;
    Ok((i, SpecialUse::new(name)))
}

/// `USE` behind the mailbox of CREATE; nothing where there is no use.
pub(crate) fn encode_create_params(special_use: &[SpecialUse<'_>], out: &mut Writer) {
    if !special_use.is_empty() {
        out.raw(" (USE ");
        out.list(special_use);
        out.raw(")");
    }
}

impl Encode for SpecialUse<'_> {
    fn encode(&self, out: &mut Writer) {
        out.raw("\\");
        out.raw(self.name());
    }
}
