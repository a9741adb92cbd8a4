//! Responses and greetings.

use std::borrow::Cow;

use arbitrary::{Result, Unstructured};

use super::lexical::{
    characters, delimiter, flag, mod_seq, mod_seq_or_zero, number, nz_number, uid_set,
};
use super::{arbitrary, one_of, perhaps, some, some_of};
use crate::{
    Atom, Capability, Code, Continue, ESearch, Greeting, GreetingKind, ImapString, ListAttribute,
    ListExtendedItem, ListExtendedValue, MailboxList, Namespace, Namespaces, OptionValue, RespText,
    Response, Rfc5530Code, SearchReturnData, Status, StatusAttribute, Tagged, Text, Untagged,
    Vanished, is_atom_char, is_text_char,
};

arbitrary! {
    Greeting<'_> => |u| Greeting { kind: u.arbitrary()?, text: u.arbitrary()? };
    GreetingKind => |u| *u.choose(&[GreetingKind::Ok, GreetingKind::PreAuth, GreetingKind::Bye])?;
    Response<'_> => |u| one_of!(u =>
        Response::Untagged(u.arbitrary()?),
        Response::Untagged(u.arbitrary()?),
        Response::Tagged(u.arbitrary()?),
        Response::Continue(u.arbitrary()?),
    );
    Continue<'_> => |u| Continue { text: u.arbitrary()? };
    Tagged<'_> => |u| {
        Tagged { tag: u.arbitrary()?, status: u.arbitrary()?, text: u.arbitrary()? }
    };
    Status => |u| *u.choose(&[Status::Ok, Status::No, Status::Bad])?;
    Untagged<'_> => |u| one_of!(u =>
        Untagged::Status { status: u.arbitrary()?, text: u.arbitrary()? },
        Untagged::Bye(u.arbitrary()?),
        Untagged::Capability(capabilities(u)?),
        Untagged::Flags(some_of(u, 0..=3, flag)?),
        Untagged::List(u.arbitrary()?),
        Untagged::Lsub(u.arbitrary()?),
        search(u)?,
        Untagged::MailboxStatus {
            mailbox: u.arbitrary()?,
            attributes: some_of(u, 0..=3, status_att_val)?,
        },
        Untagged::Exists(number(u)?),
        Untagged::Recent(number(u)?),
        Untagged::Expunge(nz_number(u)?),
        Untagged::Fetch { number: nz_number(u)?, items: some(u, 1..=3)? },
        Untagged::Namespace(u.arbitrary()?),
        Untagged::Id(perhaps(u, |u| some(u, 0..=3))?),
        Untagged::Enabled(some(u, 0..=3)?),
        Untagged::ESearch(u.arbitrary()?),
        Untagged::Vanished(u.arbitrary()?),
    );

    RespText<'_> => |u| match perhaps(u, |u| u.arbitrary())? {
        Some(code) => RespText { code: Some(code), text: u.arbitrary()? },
        None => RespText { code: None, text: text_without_code(u)? },
    };
    Code<'_> => |u| one_of!(u =>
        Code::Alert,
        Code::Parse,
        Code::ReadOnly,
        Code::ReadWrite,
        Code::TryCreate,
        Code::UidNotSticky,
        Code::NoModSeq,
        Code::Closed,
        Code::UseAttr,
        Code::BadCharset(some(u, 0..=2)?),
        Code::Capability(capabilities(u)?),
        Code::PermanentFlags(some(u, 0..=3)?),
        Code::UidNext(nz_number(u)?),
        Code::UidValidity(nz_number(u)?),
        Code::Unseen(nz_number(u)?),
        Code::AppendUid { uid_validity: nz_number(u)?, uid: nz_number(u)? },
        Code::CopyUid {
            uid_validity: nz_number(u)?,
            source: uid_set(u)?,
            target: uid_set(u)?,
        },
        Code::HighestModSeq(mod_seq(u)?),
        Code::Modified(u.arbitrary()?),
        Code::Rfc5530(u.arbitrary()?),
        Code::Other { name: unknown_name(u, "Z")?, value: perhaps(u, code_value)? },
    );
    Rfc5530Code => |u| *u.choose(Rfc5530Code::ALL)?;

    MailboxList<'_> => |u| MailboxList {
        attributes: list_attributes(u)?,
        delimiter: delimiter(u)?,
        mailbox: u.arbitrary()?,
        extended: some(u, 0..=2)?,
    };
    ListAttribute<'_> => |u| one_of!(u =>
        ListAttribute::NoInferiors,
        ListAttribute::NoSelect,
        ListAttribute::Marked,
        ListAttribute::Unmarked,
        list_attribute("NonExistent"),
        list_attribute("HasChildren"),
        list_attribute("HasNoChildren"),
        ListAttribute::new(u.arbitrary()?),
    );
    ListExtendedItem<'_> => |u| one_of!(u =>
        ListExtendedItem { tag: string(unknown_name(u, "Z")?.as_str()), value: u.arbitrary()? },
        ListExtendedItem { tag: string("CHILDINFO"), value: child_info(u)? },
    );
    ListExtendedValue<'_> => |u| one_of!(u =>
        ListExtendedValue::List(some(u, 0..=2)?),
        ListExtendedValue::SequenceSet(u.arbitrary()?),
        ListExtendedValue::Number(number(u)?),
    );

    Namespaces<'_> => |u| Namespaces {
        personal: some(u, 0..=2)?,
        other_users: some(u, 0..=2)?,
        shared: some(u, 0..=2)?,
    };
    Namespace<'_> => |u| Namespace {
        prefix: u.arbitrary()?,
        delimiter: delimiter(u)?,
        extensions: some_of(u, 0..=1, |u| Ok((u.arbitrary()?, some(u, 1..=2)?)))?,
    };
    ESearch<'_> => |u| {
        ESearch { tag: u.arbitrary()?, uid: u.arbitrary()?, data: some(u, 0..=3)? }
    };
    SearchReturnData => |u| one_of!(u =>
        SearchReturnData::Min(nz_number(u)?),
        SearchReturnData::Max(nz_number(u)?),
        SearchReturnData::All(u.arbitrary()?),
        SearchReturnData::Count(number(u)?),
        SearchReturnData::ModSeq(mod_seq(u)?),
    );
    Vanished => |u| Vanished { earlier: u.arbitrary()?, uids: uid_set(u)? };
}

/// Text that is not read as a code, which ends with `]`, and announces no charset as a literal.
fn text_without_code(u: &mut Unstructured<'_>) -> Result<Text<'static>> {
    let text = characters(u, is_text_char)?;
    let text = if text.starts_with('[') { text.replace([']', '{'], "[") } else { text };
    Ok(Text::new(text).expect("TEXT-CHARs only"))
}

/// A name that begins so, as no name of a rule of its own does.
fn unknown_name(u: &mut Unstructured<'_>, start: &str) -> Result<Atom<'static>> {
    Ok(Atom::new(format!("{start}{}", characters(u, is_atom_char)?)).expect("ATOM-CHARs only"))
}

fn code_value(u: &mut Unstructured<'_>) -> Result<Cow<'static, str>> {
    characters(u, |octet| is_text_char(octet) && octet != b']').map(Cow::Owned)
}

/// Capabilities, IMAP4rev1 among them.
fn capabilities(u: &mut Unstructured<'_>) -> Result<Vec<Capability<'static>>> {
    let mut capabilities: Vec<_> = some(u, 0..=3)?;
    let place = u.int_in_range(0..=capabilities.len())?;
    let name = *u.choose(&["IMAP4rev1", "imap4REV1"])?;
    capabilities.insert(place, Capability(Atom::new(name).expect("ATOM-CHARs only")));
    Ok(capabilities)
}

/// `*(SP nz-number)`, and a modification sequence where there is a number.
fn search(u: &mut Unstructured<'_>) -> Result<Untagged<'static>> {
    let numbers = some_of(u, 0..=5, nz_number)?;
    let mod_seq = perhaps(u, mod_seq)?.filter(|_| !numbers.is_empty());
    Ok(Untagged::Search { numbers, mod_seq })
}

fn status_att_val(u: &mut Unstructured<'_>) -> Result<(StatusAttribute, u64)> {
    let attribute = u.arbitrary()?;
    let value = match attribute {
        StatusAttribute::UidNext | StatusAttribute::UidValidity => nz_number(u)?.get().into(),
        StatusAttribute::HighestModSeq => mod_seq_or_zero(u)?,
        StatusAttribute::Messages | StatusAttribute::Recent | StatusAttribute::Unseen => {
            number(u)?.into()
        }
    };
    Ok((attribute, value))
}

/// Attributes, at most one of which is of selectability, and at most one of children.
fn list_attributes(u: &mut Unstructured<'_>) -> Result<Vec<ListAttribute<'static>>> {
    let mut attributes: Vec<ListAttribute<'_>> = some(u, 0..=3)?;
    let mut is_known = false;
    let mut children_known = false;
    attributes.retain(|attribute| {
        let is = |known: &str| attribute.name().eq_ignore_ascii_case(known);
        let of_children = is("HasChildren") || is("HasNoChildren");
        let of_selectability = match attribute {
            ListAttribute::NoSelect | ListAttribute::Marked | ListAttribute::Unmarked => true,
            ListAttribute::NoInferiors => false,
            ListAttribute::Extension(_) => is("NonExistent"),
        };
        let keep = !(of_selectability && is_known || of_children && children_known);
        is_known |= of_selectability;
        children_known |= of_children;
        keep
    });
    Ok(attributes)
}

fn list_attribute(name: &'static str) -> ListAttribute<'static> {
    ListAttribute::new(Atom::new(name).expect("letters only"))
}

/// Names of selection options, at least one, perhaps with a value.
fn child_info(u: &mut Unstructured<'_>) -> Result<ListExtendedValue<'static>> {
    let options = some_of(u, 1..=2, |u| {
        let mut option = u.arbitrary::<Atom<'_>>()?.as_str().to_owned();
        if u.arbitrary()? {
            option.push_str(" (x)");
        }
        Ok(OptionValue::String(string(&option)))
    })?;
    Ok(ListExtendedValue::List(options))
}

fn string(text: &str) -> ImapString<'static> {
    ImapString::new(text.as_bytes().to_vec()).expect("no NUL")
}
