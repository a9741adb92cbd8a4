//! ID (RFC 2971): who the two ends are.
//!
//! Legal under the capability `ID`: the command and the response `ID`.

use crate::encode::Writer;
use crate::lexical::{encode_nstring, list0, nil, nstring, sp, string};
use crate::parse::{Context, Parsed, unexpected, within};
use crate::{IdParameters, ImapString, NString, Production};

const ID: Production = Production::new("id", 2971, "4");
const ID_PARAMS_LIST: Production = Production::new("id_params_list", 2971, "4");

/// What follows `ID`, in the command and in the response.
pub(crate) fn id(cx: Context, i: &[u8]) -> Parsed<'_, IdParameters<'_>> {
    let (i, ()) = within(&ID, sp(i))?;
    within(&ID_PARAMS_LIST, parameters(cx, i))
}

fn parameters(cx: Context, i: &[u8]) -> Parsed<'_, IdParameters<'_>> {
    match i.first() {
        Some(b'(') => {
            let (i, pairs) = list0(i, |i| parameter(cx, i))?;
            Ok((i, Some(pairs)))
        }
        Some(b'N' | b'n') => nil(i).map(|(i, ())| (i, None)),
        _ => unexpected(i, "`(` or NIL"),
    }
}

fn parameter(cx: Context, i: &[u8]) -> Parsed<'_, (ImapString<'_>, NString<'_>)> {
    let (i, field) = string(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, value) = nstring(cx, i)?;
    Ok((i, (field, value)))
}

/// `ID` and what follows it, in the command and in the response.
pub(crate) fn encode_id(parameters: &IdParameters<'_>, out: &mut Writer) {
    out.raw("ID ");
    let Some(pairs) = parameters else { return out.raw("NIL") };
    out.raw("(");
    for (index, (field, value)) in pairs.iter().enumerate() {
        if index > 0 {
            out.raw(" ");
        }
        out.string(field.as_bytes());
        out.raw(" ");
        encode_nstring(value, out);
    }
    out.raw(")");
}

/// The same parameters without borrowed parts.
pub(crate) fn owned_id(parameters: IdParameters<'_>) -> IdParameters<'static> {
    let owned = |(field, value): (ImapString<'_>, NString<'_>)| {
        (field.into_owned(), value.map(ImapString::into_owned))
    };
    parameters.map(|pairs| pairs.into_iter().map(owned).collect())
}
