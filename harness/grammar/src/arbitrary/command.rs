//! Commands.

use std::borrow::Cow;

use arbitrary::{Result, Unstructured};

use super::lexical::{characters, flag, mod_seq, mod_seq_or_zero, number, nz_number, uid_set};
use super::{DEPTH, arbitrary, one_of, perhaps, some, some_of};
use crate::{
    Atom, AuthenticateData, Command, CommandBody, EntryType, FetchAttribute, FetchItems,
    FetchModifier, ListOptionExtension, ListPatterns, ListReturnOption, ListSelectionOption,
    ModSeqEntry, OptionValue, Partial, SearchKey, SearchReturnOption, SelectParameter, SpecialUse,
    StoreAction, is_atom_char, is_text_char,
};

arbitrary! {
    Command<'_> => |u| Command { tag: u.arbitrary()?, body: u.arbitrary()? };
    CommandBody<'_> => |u| one_of!(u =>
        without_arguments(u)?,
        on_mailboxes(u)?,
        on_messages(u)?,
        authentication(u)?,
        CommandBody::Id(perhaps(u, |u| some(u, 0..=3))?),
        CommandBody::Enable(some(u, 1..=3)?),
        CommandBody::Experimental { name: experiment(u)?, arguments: perhaps(u, arguments)? },
    );
    AuthenticateData<'_> => |u| one_of!(u =>
        AuthenticateData::Cancel,
        AuthenticateData::Response(any_octets(u)?),
    );

    SelectParameter => |u| one_of!(u =>
        SelectParameter::CondStore,
        SelectParameter::QResync {
            uid_validity: nz_number(u)?,
            mod_seq: mod_seq(u)?,
            known_uids: perhaps(u, uid_set)?,
            sequence_match: perhaps(u, |u| Ok((uid_set(u)?, uid_set(u)?)))?,
        },
    );
    SpecialUse<'_> => |u| {
        let known = ["All", "Archive", "Drafts", "Flagged", "Junk", "Sent", "Trash"];
        SpecialUse::new(one_of!(u =>
            Atom::new(*u.choose(&known)?).expect("letters only"),
            u.arbitrary()?,
        ))
    };

    ListSelectionOption<'_> => |u| one_of!(u =>
        ListSelectionOption::Subscribed,
        ListSelectionOption::Remote,
        ListSelectionOption::RecursiveMatch,
        ListSelectionOption::SpecialUse,
        ListSelectionOption::Extension(u.arbitrary()?),
    );
    ListReturnOption<'_> => |u| one_of!(u =>
        ListReturnOption::Subscribed,
        ListReturnOption::Children,
        ListReturnOption::SpecialUse,
        ListReturnOption::Status(some(u, 1..=3)?),
        ListReturnOption::Extension(u.arbitrary()?),
    );
    ListOptionExtension<'_> => |u| {
        // No option of a rule of its own begins with Z.
        let name = Atom::new(format!("Z{}", u.arbitrary::<Atom<'_>>()?)).expect("ATOM-CHARs only");
        ListOptionExtension { name, value: perhaps(u, |u| some(u, 1..=3))? }
    };
    OptionValue<'_> => |u| option_value(u, DEPTH)?;
    ListPatterns<'_> => |u| one_of!(u =>
        ListPatterns::Single(u.arbitrary()?),
        ListPatterns::Several(some(u, 1..=3)?),
    );

    StoreAction => |u| *u.choose(&[StoreAction::Replace, StoreAction::Add, StoreAction::Remove])?;
    FetchItems<'_> => |u| one_of!(u =>
        FetchItems::Attributes(some(u, 1..=4)?),
        FetchItems::All,
        FetchItems::Fast,
        FetchItems::Full,
    );
    FetchAttribute<'_> => |u| one_of!(u =>
        FetchAttribute::Envelope,
        FetchAttribute::Flags,
        FetchAttribute::InternalDate,
        FetchAttribute::Rfc822,
        FetchAttribute::Rfc822Header,
        FetchAttribute::Rfc822Size,
        FetchAttribute::Rfc822Text,
        FetchAttribute::Body,
        FetchAttribute::BodyStructure,
        FetchAttribute::Uid,
        FetchAttribute::ModSeq,
        FetchAttribute::BodySection {
            peek: u.arbitrary()?,
            section: u.arbitrary()?,
            partial: u.arbitrary()?,
        },
    );
    Partial => |u| Partial { origin: number(u)?, count: nz_number(u)? };
    FetchModifier => |u| one_of!(u =>
        FetchModifier::ChangedSince(mod_seq(u)?),
        FetchModifier::Vanished,
    );

    SearchKey<'_> => |u| search_key(u, DEPTH)?;
    SearchReturnOption => |u| *u.choose(&[
        SearchReturnOption::Min,
        SearchReturnOption::Max,
        SearchReturnOption::All,
        SearchReturnOption::Count,
    ])?;
    ModSeqEntry<'_> => |u| ModSeqEntry { flag: flag(u)?, kind: u.arbitrary()? };
    EntryType => |u| *u.choose(&[EntryType::Private, EntryType::Shared, EntryType::All])?;
}

fn without_arguments(u: &mut Unstructured<'_>) -> Result<CommandBody<'static>> {
    Ok(one_of!(u =>
        CommandBody::Noop,
        CommandBody::Capability,
        CommandBody::Logout,
        CommandBody::StartTls,
        CommandBody::Check,
        CommandBody::Close,
        CommandBody::Expunge,
        CommandBody::Idle,
        CommandBody::Namespace,
        CommandBody::Unselect,
    ))
}

fn authentication(u: &mut Unstructured<'_>) -> Result<CommandBody<'static>> {
    Ok(one_of!(u =>
        CommandBody::Login { user: u.arbitrary()?, password: u.arbitrary()? },
        CommandBody::Authenticate {
            mechanism: u.arbitrary()?,
            initial_response: perhaps(u, any_octets)?,
        },
    ))
}

fn any_octets(u: &mut Unstructured<'_>) -> Result<Cow<'static, [u8]>> {
    some(u, 0..=8).map(Cow::Owned)
}

fn on_mailboxes(u: &mut Unstructured<'_>) -> Result<CommandBody<'static>> {
    Ok(one_of!(u =>
        CommandBody::Select { mailbox: u.arbitrary()?, parameters: some(u, 0..=2)? },
        CommandBody::Examine { mailbox: u.arbitrary()?, parameters: some(u, 0..=2)? },
        CommandBody::Create { mailbox: u.arbitrary()?, special_use: some(u, 0..=2)? },
        CommandBody::Delete(u.arbitrary()?),
        CommandBody::Rename { from: u.arbitrary()?, to: u.arbitrary()? },
        CommandBody::Subscribe(u.arbitrary()?),
        CommandBody::Unsubscribe(u.arbitrary()?),
        CommandBody::List {
            selection: perhaps(u, selection)?,
            reference: u.arbitrary()?,
            patterns: u.arbitrary()?,
            returns: perhaps(u, |u| some(u, 0..=3))?,
        },
        CommandBody::Lsub { reference: u.arbitrary()?, pattern: u.arbitrary()? },
        CommandBody::Status { mailbox: u.arbitrary()?, attributes: some(u, 1..=3)? },
        CommandBody::Append {
            mailbox: u.arbitrary()?,
            flags: perhaps(u, |u| some_of(u, 0..=3, flag))?,
            date_time: u.arbitrary()?,
            message: u.arbitrary()?,
        },
    ))
}

/// Selection options; RECURSIVEMATCH only beside one that may be a base option.
fn selection(u: &mut Unstructured<'_>) -> Result<Vec<ListSelectionOption<'static>>> {
    let mut options: Vec<_> = some(u, 0..=3)?;
    if options.contains(&ListSelectionOption::RecursiveMatch) {
        options.push(ListSelectionOption::Subscribed);
    }
    Ok(options)
}

fn option_value(u: &mut Unstructured<'_>, depth: u8) -> Result<OptionValue<'static>> {
    Ok(match depth.checked_sub(1) {
        Some(depth) if u.ratio(1, 4)? => {
            OptionValue::List(some_of(u, 1..=3, |u| option_value(u, depth))?)
        }
        _ => OptionValue::String(u.arbitrary()?),
    })
}

fn on_messages(u: &mut Unstructured<'_>) -> Result<CommandBody<'static>> {
    let uid = u.arbitrary()?;
    Ok(one_of!(u =>
        CommandBody::Fetch {
            uid,
            sequence_set: u.arbitrary()?,
            items: u.arbitrary()?,
            modifiers: fetch_modifiers(u, uid)?,
        },
        CommandBody::Search {
            uid,
            returns: perhaps(u, |u| some(u, 0..=3))?,
            charset: u.arbitrary()?,
            keys: some(u, 1..=3)?,
        },
        CommandBody::Store {
            uid,
            sequence_set: u.arbitrary()?,
            unchanged_since: perhaps(u, mod_seq_or_zero)?,
            action: u.arbitrary()?,
            silent: u.arbitrary()?,
            flags: some_of(u, 0..=3, flag)?,
        },
        CommandBody::Copy { uid, sequence_set: u.arbitrary()?, mailbox: u.arbitrary()? },
        CommandBody::Move { uid, sequence_set: u.arbitrary()?, mailbox: u.arbitrary()? },
        CommandBody::UidExpunge(u.arbitrary()?),
    ))
}

/// VANISHED stands only in UID FETCH, and only beside CHANGEDSINCE.
fn fetch_modifiers(u: &mut Unstructured<'_>, uid: bool) -> Result<Vec<FetchModifier>> {
    let mut modifiers: Vec<_> = some(u, 0..=2)?;
    if modifiers.contains(&FetchModifier::Vanished) {
        if uid {
            modifiers.push(FetchModifier::ChangedSince(mod_seq(u)?));
        } else {
            modifiers.retain(|modifier| *modifier != FetchModifier::Vanished);
        }
    }
    Ok(modifiers)
}

fn search_key(u: &mut Unstructured<'_>, depth: u8) -> Result<SearchKey<'static>> {
    let Some(depth) = depth.checked_sub(1) else { return simple_search_key(u) };
    Ok(one_of!(u =>
        simple_search_key(u)?,
        search_key_with_argument(u)?,
        search_key_with_argument(u)?,
        one_of!(u =>
            SearchKey::Not(Box::new(search_key(u, depth)?)),
            SearchKey::Or(Box::new(search_key(u, depth)?), Box::new(search_key(u, depth)?)),
            SearchKey::And(some_of(u, 1..=3, |u| search_key(u, depth))?),
        ),
    ))
}

fn simple_search_key(u: &mut Unstructured<'_>) -> Result<SearchKey<'static>> {
    Ok(one_of!(u =>
        SearchKey::All,
        SearchKey::Answered,
        SearchKey::Deleted,
        SearchKey::Draft,
        SearchKey::Flagged,
        SearchKey::New,
        SearchKey::Old,
        SearchKey::Recent,
        SearchKey::Seen,
        SearchKey::Unanswered,
        SearchKey::Undeleted,
        SearchKey::Undraft,
        SearchKey::Unflagged,
        SearchKey::Unseen,
    ))
}

fn search_key_with_argument(u: &mut Unstructured<'_>) -> Result<SearchKey<'static>> {
    Ok(one_of!(u =>
        SearchKey::Bcc(u.arbitrary()?),
        SearchKey::Body(u.arbitrary()?),
        SearchKey::Cc(u.arbitrary()?),
        SearchKey::From(u.arbitrary()?),
        SearchKey::Subject(u.arbitrary()?),
        SearchKey::Text(u.arbitrary()?),
        SearchKey::To(u.arbitrary()?),
        SearchKey::Before(u.arbitrary()?),
        SearchKey::On(u.arbitrary()?),
        SearchKey::SentBefore(u.arbitrary()?),
        SearchKey::SentOn(u.arbitrary()?),
        SearchKey::SentSince(u.arbitrary()?),
        SearchKey::Since(u.arbitrary()?),
        SearchKey::Keyword(u.arbitrary()?),
        SearchKey::Unkeyword(u.arbitrary()?),
        SearchKey::Larger(number(u)?),
        SearchKey::Smaller(number(u)?),
        SearchKey::SequenceSet(u.arbitrary()?),
        SearchKey::Uid(u.arbitrary()?),
        SearchKey::Header { name: u.arbitrary()?, value: u.arbitrary()? },
        SearchKey::ModSeq { entry: u.arbitrary()?, at_least: mod_seq_or_zero(u)? },
    ))
}

/// The name of an experiment: X, and an atom behind it.
fn experiment(u: &mut Unstructured<'_>) -> Result<Atom<'static>> {
    let x = if u.arbitrary()? { 'X' } else { 'x' };
    Ok(Atom::new(format!("{x}{}", characters(u, is_atom_char)?)).expect("ATOM-CHARs only"))
}

/// What may follow the name of an experiment: a line, and a literal and another line, perhaps.
fn arguments(u: &mut Unstructured<'_>) -> Result<Cow<'static, [u8]>> {
    // A line that ends so announces a literal.
    let line = |u: &mut Unstructured<'_>| {
        characters(u, is_text_char).map(|line| line.trim_end_matches('}').to_owned())
    };
    let mut arguments = line(u)?.into_bytes();
    if u.arbitrary()? {
        let literal: Vec<u8> = some_of(u, 0..=6, |u| u.int_in_range(1..=u8::MAX))?;
        arguments.extend_from_slice(format!("{{{}}}\r\n", literal.len()).as_bytes());
        arguments.extend_from_slice(&literal);
        arguments.extend_from_slice(line(u)?.as_bytes());
    }
    Ok(Cow::Owned(arguments))
}
