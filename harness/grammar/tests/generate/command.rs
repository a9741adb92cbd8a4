//! Every command, with every extension on.

use std::borrow::Cow;

use imap_grammar::{
    Atom, AuthenticateData, Command, CommandBody, EntryType, FetchAttribute, FetchItems,
    FetchModifier, ListOptionExtension, ListPatterns, ListReturnOption, ListSelectionOption,
    ModSeqEntry, OptionValue, Partial, SearchKey, SearchReturnOption, SelectParameter, SpecialUse,
    StoreAction,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::lexical::{
    atom, date, date_time, flag, imap_string, mailbox, mod_seq, number, nz_number, section,
    sequence_set, status_attribute, tag,
};

pub fn command() -> impl Strategy<Value = Command<'static>> {
    (tag(), command_body()).prop_map(|(tag, body)| Command { tag, body })
}

pub fn authenticate_data() -> impl Strategy<Value = AuthenticateData<'static>> {
    prop_oneof![Just(AuthenticateData::Cancel), octets().prop_map(AuthenticateData::Response),]
}

fn command_body() -> impl Strategy<Value = CommandBody<'static>> {
    prop_oneof![
        without_arguments(),
        authentication(),
        on_mailboxes(),
        on_messages(),
        option::of(vec((imap_string(), option::of(imap_string())), 0..4)).prop_map(CommandBody::Id),
        vec(atom(), 1..4).prop_map(CommandBody::Enable),
        experimental(),
    ]
}

fn without_arguments() -> impl Strategy<Value = CommandBody<'static>> {
    select(vec![
        CommandBody::Capability,
        CommandBody::Noop,
        CommandBody::Logout,
        CommandBody::StartTls,
        CommandBody::Check,
        CommandBody::Close,
        CommandBody::Expunge,
        CommandBody::Idle,
        CommandBody::Namespace,
        CommandBody::Unselect,
    ])
}

fn authentication() -> impl Strategy<Value = CommandBody<'static>> {
    prop_oneof![
        (atom(), option::of(octets())).prop_map(|(mechanism, initial_response)| {
            CommandBody::Authenticate { mechanism, initial_response }
        }),
        (imap_string(), imap_string())
            .prop_map(|(user, password)| CommandBody::Login { user, password }),
    ]
}

fn octets() -> impl Strategy<Value = Cow<'static, [u8]>> {
    vec(any::<u8>(), 0..8).prop_map(Cow::Owned)
}

fn on_mailboxes() -> impl Strategy<Value = CommandBody<'static>> {
    prop_oneof![
        (mailbox(), vec(select_parameter(), 0..3))
            .prop_map(|(mailbox, parameters)| CommandBody::Select { mailbox, parameters }),
        (mailbox(), vec(select_parameter(), 0..3))
            .prop_map(|(mailbox, parameters)| CommandBody::Examine { mailbox, parameters }),
        (mailbox(), vec(special_use(), 0..3))
            .prop_map(|(mailbox, special_use)| CommandBody::Create { mailbox, special_use }),
        mailbox().prop_map(CommandBody::Delete),
        (mailbox(), mailbox()).prop_map(|(from, to)| CommandBody::Rename { from, to }),
        mailbox().prop_map(CommandBody::Subscribe),
        mailbox().prop_map(CommandBody::Unsubscribe),
        list(),
        (mailbox(), imap_string())
            .prop_map(|(reference, pattern)| CommandBody::Lsub { reference, pattern }),
        (mailbox(), vec(status_attribute(), 1..4))
            .prop_map(|(mailbox, attributes)| CommandBody::Status { mailbox, attributes }),
        (mailbox(), option::of(vec(flag(), 0..4)), option::of(date_time()), imap_string())
            .prop_map(|(mailbox, flags, date_time, message)| CommandBody::Append {
                mailbox,
                flags,
                date_time,
                message,
            }),
    ]
}

fn select_parameter() -> impl Strategy<Value = SelectParameter> {
    let uids = || sequence_set(false);
    prop_oneof![
        Just(SelectParameter::CondStore),
        (nz_number(), mod_seq(), option::of(uids()), option::of((uids(), uids()))).prop_map(
            |(uid_validity, mod_seq, known_uids, sequence_match)| SelectParameter::QResync {
                uid_validity,
                mod_seq,
                known_uids,
                sequence_match,
            }
        ),
    ]
}

fn special_use() -> impl Strategy<Value = SpecialUse<'static>> {
    prop_oneof![
        select(vec!["All", "Archive", "Drafts", "Flagged", "Junk", "Sent", "Trash"])
            .prop_map(|name| SpecialUse::new(Atom::new(name).expect("letters only"))),
        atom().prop_map(SpecialUse::new),
    ]
}

fn list() -> impl Strategy<Value = CommandBody<'static>> {
    let selection = vec(selection_option(), 0..4).prop_filter(
        "RECURSIVEMATCH needs a base option",
        |options| {
            let base = |option: &_| {
                matches!(
                    option,
                    ListSelectionOption::Subscribed | ListSelectionOption::Extension(_)
                )
            };
            !options.contains(&ListSelectionOption::RecursiveMatch) || options.iter().any(base)
        },
    );
    let patterns = prop_oneof![
        imap_string().prop_map(ListPatterns::Single),
        vec(imap_string(), 1..4).prop_map(ListPatterns::Several),
    ];
    (option::of(selection), mailbox(), patterns, option::of(vec(return_option(), 0..4))).prop_map(
        |(selection, reference, patterns, returns)| CommandBody::List {
            selection,
            reference,
            patterns,
            returns,
        },
    )
}

fn selection_option() -> impl Strategy<Value = ListSelectionOption<'static>> {
    prop_oneof![
        Just(ListSelectionOption::Subscribed),
        Just(ListSelectionOption::Remote),
        Just(ListSelectionOption::RecursiveMatch),
        Just(ListSelectionOption::SpecialUse),
        option_extension().prop_map(ListSelectionOption::Extension),
    ]
}

fn return_option() -> impl Strategy<Value = ListReturnOption<'static>> {
    prop_oneof![
        Just(ListReturnOption::Subscribed),
        Just(ListReturnOption::Children),
        Just(ListReturnOption::SpecialUse),
        vec(status_attribute(), 1..4).prop_map(ListReturnOption::Status),
        option_extension().prop_map(ListReturnOption::Extension),
    ]
}

fn option_extension() -> impl Strategy<Value = ListOptionExtension<'static>> {
    let value = imap_string()
        .prop_map(OptionValue::String)
        .prop_recursive(3, 8, 3, |inner| vec(inner, 1..3).prop_map(OptionValue::List));
    ("Z[A-Z]{1,6}", option::of(vec(value, 1..3))).prop_map(|(name, value)| ListOptionExtension {
        name: Atom::new(name).expect("letters only"),
        value,
    })
}

fn on_messages() -> impl Strategy<Value = CommandBody<'static>> {
    prop_oneof![
        sequence_set(true).prop_map(CommandBody::UidExpunge),
        (any::<bool>(), sequence_set(true), mailbox()).prop_map(|(uid, sequence_set, mailbox)| {
            CommandBody::Copy { uid, sequence_set, mailbox }
        }),
        (any::<bool>(), sequence_set(true), mailbox()).prop_map(|(uid, sequence_set, mailbox)| {
            CommandBody::Move { uid, sequence_set, mailbox }
        }),
        store(),
        fetch(),
        search(),
    ]
}

fn store() -> impl Strategy<Value = CommandBody<'static>> {
    let action = select(vec![StoreAction::Replace, StoreAction::Add, StoreAction::Remove]);
    let unchanged_since = option::of(prop_oneof![Just(0), mod_seq()]);
    let set = sequence_set(true);
    (any::<bool>(), set, unchanged_since, action, any::<bool>(), vec(flag(), 0..4)).prop_map(
        |(uid, sequence_set, unchanged_since, action, silent, flags)| CommandBody::Store {
            uid,
            sequence_set,
            unchanged_since,
            action,
            silent,
            flags,
        },
    )
}

fn fetch() -> impl Strategy<Value = CommandBody<'static>> {
    let items = prop_oneof![
        Just(FetchItems::All),
        Just(FetchItems::Fast),
        Just(FetchItems::Full),
        vec(fetch_attribute(), 1..5).prop_map(FetchItems::Attributes),
    ];
    let modifiers = option::of((mod_seq(), any::<bool>()));
    (any::<bool>(), sequence_set(true), items, modifiers).prop_map(
        |(uid, sequence_set, items, modifiers)| {
            let modifiers = match modifiers {
                None => vec![],
                Some((mod_seq, vanished)) if uid && vanished => {
                    vec![FetchModifier::ChangedSince(mod_seq), FetchModifier::Vanished]
                }
                Some((mod_seq, _)) => vec![FetchModifier::ChangedSince(mod_seq)],
            };
            CommandBody::Fetch { uid, sequence_set, items, modifiers }
        },
    )
}

fn fetch_attribute() -> impl Strategy<Value = FetchAttribute<'static>> {
    let partial =
        option::of((number(), nz_number()).prop_map(|(origin, count)| Partial { origin, count }));
    prop_oneof![
        select(vec![
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
        ]),
        (any::<bool>(), section(), partial).prop_map(|(peek, section, partial)| {
            FetchAttribute::BodySection { peek, section, partial }
        }),
    ]
}

fn search() -> impl Strategy<Value = CommandBody<'static>> {
    let options = select(vec![
        SearchReturnOption::Min,
        SearchReturnOption::Max,
        SearchReturnOption::All,
        SearchReturnOption::Count,
    ]);
    let returns = option::of(vec(options, 0..4));
    (any::<bool>(), returns, option::of(imap_string()), vec(search_key(), 1..4)).prop_map(
        |(uid, returns, charset, keys)| CommandBody::Search { uid, returns, charset, keys },
    )
}

fn search_key() -> impl Strategy<Value = SearchKey<'static>> {
    let leaf = prop_oneof![simple_search_key(), search_key_with_argument()];
    leaf.prop_recursive(5, 16, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|key| SearchKey::Not(Box::new(key))),
            (inner.clone(), inner.clone())
                .prop_map(|(one, other)| SearchKey::Or(Box::new(one), Box::new(other))),
            vec(inner, 1..4).prop_map(SearchKey::And),
        ]
    })
}

fn simple_search_key() -> impl Strategy<Value = SearchKey<'static>> {
    select(vec![
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
    ])
}

fn search_key_with_argument() -> impl Strategy<Value = SearchKey<'static>> {
    let kind = select(vec![EntryType::Private, EntryType::Shared, EntryType::All]);
    let entry = option::of((flag(), kind).prop_map(|(flag, kind)| ModSeqEntry { flag, kind }));
    prop_oneof![
        imap_string().prop_map(SearchKey::Bcc),
        imap_string().prop_map(SearchKey::Body),
        imap_string().prop_map(SearchKey::Cc),
        imap_string().prop_map(SearchKey::From),
        imap_string().prop_map(SearchKey::Subject),
        imap_string().prop_map(SearchKey::Text),
        imap_string().prop_map(SearchKey::To),
        date().prop_map(SearchKey::Before),
        date().prop_map(SearchKey::On),
        date().prop_map(SearchKey::SentBefore),
        date().prop_map(SearchKey::SentOn),
        date().prop_map(SearchKey::SentSince),
        date().prop_map(SearchKey::Since),
        atom().prop_map(SearchKey::Keyword),
        atom().prop_map(SearchKey::Unkeyword),
        number().prop_map(SearchKey::Larger),
        number().prop_map(SearchKey::Smaller),
        sequence_set(true).prop_map(SearchKey::SequenceSet),
        sequence_set(true).prop_map(SearchKey::Uid),
        (imap_string(), imap_string()).prop_map(|(name, value)| SearchKey::Header { name, value }),
        (entry, prop_oneof![Just(0), mod_seq()])
            .prop_map(|(entry, at_least)| SearchKey::ModSeq { entry, at_least }),
    ]
}

fn experimental() -> impl Strategy<Value = CommandBody<'static>> {
    let arguments = prop_oneof![
        "[ -z]{0,12}".prop_map(String::into_bytes),
        vec(1..=u8::MAX, 0..6).prop_map(|octets| [
            format!("{{{}}}\r\n", octets.len()).as_bytes(),
            &octets
        ]
        .concat()),
    ];
    ("[Xx][A-Za-z0-9-]{1,8}", option::of(arguments)).prop_map(|(name, arguments)| {
        CommandBody::Experimental {
            name: Atom::new(name).expect("ATOM-CHARs only"),
            arguments: arguments.map(Cow::Owned),
        }
    })
}
