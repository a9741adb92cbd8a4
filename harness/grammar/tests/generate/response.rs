//! Every response, with every extension on.
//!
//! The larger strategies are boxed: unboxed, they would not fit the stack of a test.

use std::borrow::Cow;

use imap_grammar::{
    Atom, Capability, Code, Continue, ESearch, FlagPerm, Greeting, GreetingKind, ImapString,
    ListAttribute, ListExtendedItem, ListExtendedValue, MailboxList, Namespace, Namespaces,
    OptionValue, RespText, Response, Rfc5530Code, SearchReturnData, Status, StatusAttribute,
    Tagged, Text, Untagged, Vanished,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::lexical::{
    atom, flag, imap_string, mailbox, mod_seq, number, nz_number, sequence_set, status_attribute,
    tag,
};
use super::message::message_attribute;

pub fn greeting() -> impl Strategy<Value = Greeting<'static>> {
    let kind = select(vec![GreetingKind::Ok, GreetingKind::PreAuth, GreetingKind::Bye]);
    (kind, resp_text()).prop_map(|(kind, text)| Greeting { kind, text })
}

pub fn response() -> impl Strategy<Value = Response<'static>> {
    prop_oneof![
        1 => option::of(resp_text()).prop_map(|text| Response::Continue(Continue { text })),
        2 => (tag(), status(), resp_text())
            .prop_map(|(tag, status, text)| Response::Tagged(Tagged { tag, status, text })),
        5 => untagged().prop_map(Response::Untagged),
    ]
}

fn status() -> impl Strategy<Value = Status> {
    select(vec![Status::Ok, Status::No, Status::Bad])
}

fn untagged() -> BoxedStrategy<Untagged<'static>> {
    prop_oneof![
        (status(), resp_text()).prop_map(|(status, text)| Untagged::Status { status, text }),
        resp_text().prop_map(Untagged::Bye),
        capabilities().prop_map(Untagged::Capability),
        vec(flag(), 0..4).prop_map(Untagged::Flags),
        mailbox_data(),
        search(),
        numbered(),
        (nz_number(), vec(message_attribute(), 1..4))
            .prop_map(|(number, items)| Untagged::Fetch { number, items }),
        of_extensions(),
    ]
    .boxed()
}

fn numbered() -> impl Strategy<Value = Untagged<'static>> {
    prop_oneof![
        number().prop_map(Untagged::Exists),
        number().prop_map(Untagged::Recent),
        nz_number().prop_map(Untagged::Expunge),
    ]
}

// ---- text and codes ----

fn resp_text() -> BoxedStrategy<RespText<'static>> {
    let text = || "[ -~\t]{1,16}".prop_map(|text| Text::new(text).expect("TEXT-CHARs only"));
    let plain = text().prop_map(|text| RespText { code: None, text });
    let with_code = (code(), text()).prop_map(|(code, text)| RespText { code: Some(code), text });
    prop_oneof![
        plain.prop_filter("text that is a code", |text| !text.text.as_str().starts_with('[')),
        with_code,
    ]
    .boxed()
}

fn code() -> BoxedStrategy<Code<'static>> {
    let set = || sequence_set(false);
    prop_oneof![
        select(vec![
            Code::Alert,
            Code::Parse,
            Code::ReadOnly,
            Code::ReadWrite,
            Code::TryCreate,
            Code::UidNotSticky,
            Code::NoModSeq,
            Code::Closed,
            Code::UseAttr,
        ]),
        select(Rfc5530Code::ALL).prop_map(Code::Rfc5530),
        vec(imap_string(), 0..3).prop_map(Code::BadCharset),
        capabilities().prop_map(Code::Capability),
        vec(flag_perm(), 0..4).prop_map(Code::PermanentFlags),
        nz_number().prop_map(Code::UidNext),
        nz_number().prop_map(Code::UidValidity),
        nz_number().prop_map(Code::Unseen),
        (nz_number(), set())
            .prop_map(|(uid_validity, uids)| Code::AppendUid { uid_validity, uids }),
        (nz_number(), set(), set()).prop_map(|(uid_validity, source, target)| Code::CopyUid {
            uid_validity,
            source,
            target,
        }),
        mod_seq().prop_map(Code::HighestModSeq),
        sequence_set(true).prop_map(Code::Modified),
        // No code of a rule of its own begins with Z.
        ("Z[A-Z.+/-]{0,24}", option::of("[ -\\\\^-~\t]{1,12}")).prop_map(|(name, value)| {
            let name = Atom::new(name).expect("ATOM-CHARs only");
            Code::Other { name, value: value.map(Cow::Owned) }
        }),
    ]
    .boxed()
}

fn flag_perm() -> impl Strategy<Value = FlagPerm<'static>> {
    prop_oneof![3 => flag().prop_map(FlagPerm::Flag), 1 => Just(FlagPerm::Any)]
}

/// Capabilities, IMAP4rev1 among them.
fn capabilities() -> impl Strategy<Value = Vec<Capability<'static>>> {
    let other = || vec(atom().prop_map(Capability), 0..3);
    (other(), select(vec!["IMAP4rev1", "imap4rev1"]), other()).prop_map(|(before, this, behind)| {
        let this = Capability(Atom::new(this).expect("ATOM-CHARs only"));
        [before, vec![this], behind].concat()
    })
}

// ---- mailboxes ----

fn mailbox_data() -> impl Strategy<Value = Untagged<'static>> {
    let attributes = vec(status_att_val(), 0..4);
    prop_oneof![
        mailbox_list().prop_map(Untagged::List),
        mailbox_list().prop_map(Untagged::Lsub),
        (mailbox(), attributes)
            .prop_map(|(mailbox, attributes)| Untagged::MailboxStatus { mailbox, attributes }),
    ]
}

fn status_att_val() -> impl Strategy<Value = (StatusAttribute, u64)> {
    (status_attribute(), number(), nz_number(), mod_seq()).prop_map(
        |(attribute, number, nz_number, mod_seq)| match attribute {
            StatusAttribute::UidNext | StatusAttribute::UidValidity => {
                (attribute, nz_number.get().into())
            }
            StatusAttribute::HighestModSeq => (attribute, mod_seq),
            _ => (attribute, number.into()),
        },
    )
}

fn mailbox_list() -> BoxedStrategy<MailboxList<'static>> {
    let other = || vec(list_attribute(), 0..3);
    let selectability = option::of(select(vec![
        ListAttribute::NoSelect,
        ListAttribute::Marked,
        ListAttribute::Unmarked,
        ListAttribute::Extension(Atom::new("NonExistent").expect("letters only")),
    ]));
    let attributes = (other(), selectability, other())
        .prop_map(|(before, one, behind)| [before, one.into_iter().collect(), behind].concat());
    (attributes, delimiter(), mailbox(), vec(extended_item(), 0..3))
        .prop_map(|(attributes, delimiter, mailbox, extended)| MailboxList {
            attributes,
            delimiter,
            mailbox,
            extended,
        })
        .boxed()
}

fn list_attribute() -> impl Strategy<Value = ListAttribute<'static>> {
    prop_oneof![
        Just(ListAttribute::NoInferiors),
        "Z[A-Za-z]{0,8}".prop_map(|name| ListAttribute::new(Atom::new(name).expect("letters"))),
    ]
}

fn delimiter() -> impl Strategy<Value = Option<u8>> {
    option::of(prop_oneof![Just(b'/'), Just(b'"'), Just(b'\\'), 0x20..0x7fu8])
}

fn extended_item() -> BoxedStrategy<ListExtendedItem<'static>> {
    let leaf = imap_string().prop_map(OptionValue::String);
    let value = leaf.prop_recursive(3, 8, 3, |inner| vec(inner, 1..3).prop_map(OptionValue::List));
    let value = prop_oneof![
        sequence_set(true).prop_map(ListExtendedValue::SequenceSet),
        number().prop_map(ListExtendedValue::Number),
        vec(value, 0..3).prop_map(ListExtendedValue::List),
    ];
    let option =
        select(vec!["SUBSCRIBED", "FOO"]).prop_map(|name| OptionValue::String(ascii_string(name)));
    prop_oneof![
        4 => ("Z[A-Z]{0,6}", value)
            .prop_map(|(tag, value)| ListExtendedItem { tag: ascii_string(tag), value }),
        1 => vec(option, 1..3).prop_map(|options| ListExtendedItem {
            tag: ascii_string("CHILDINFO"),
            value: ListExtendedValue::List(options),
        }),
    ]
    .boxed()
}

fn ascii_string(text: impl Into<String>) -> ImapString<'static> {
    ImapString::new(text.into().into_bytes()).expect("letters only")
}

// ---- messages ----

fn search() -> impl Strategy<Value = Untagged<'static>> {
    (vec(nz_number(), 0..6), option::of(mod_seq())).prop_map(|(numbers, mod_seq)| {
        let mod_seq = mod_seq.filter(|_| !numbers.is_empty());
        Untagged::Search { numbers, mod_seq }
    })
}

fn of_extensions() -> BoxedStrategy<Untagged<'static>> {
    let id = option::of(vec((imap_string(), option::of(imap_string())), 0..3));
    prop_oneof![
        (namespaces(), namespaces(), namespaces()).prop_map(|(personal, other_users, shared)| {
            Untagged::Namespace(Box::new(Namespaces { personal, other_users, shared }))
        }),
        id.prop_map(Untagged::Id),
        vec(atom(), 0..3).prop_map(Untagged::Enabled),
        (option::of(tag()), any::<bool>(), vec(search_return_data(), 0..4))
            .prop_map(|(tag, uid, data)| Untagged::ESearch(Box::new(ESearch { tag, uid, data }))),
        (any::<bool>(), sequence_set(false))
            .prop_map(|(earlier, uids)| Untagged::Vanished(Vanished { earlier, uids })),
    ]
    .boxed()
}

fn namespaces() -> impl Strategy<Value = Vec<Namespace<'static>>> {
    let extensions = vec((imap_string(), vec(imap_string(), 1..3)), 0..2);
    let namespace = (imap_string(), delimiter(), extensions)
        .prop_map(|(prefix, delimiter, extensions)| Namespace { prefix, delimiter, extensions });
    vec(namespace, 0..3)
}

fn search_return_data() -> impl Strategy<Value = SearchReturnData> {
    prop_oneof![
        nz_number().prop_map(SearchReturnData::Min),
        nz_number().prop_map(SearchReturnData::Max),
        sequence_set(false).prop_map(SearchReturnData::All),
        number().prop_map(SearchReturnData::Count),
        mod_seq().prop_map(SearchReturnData::ModSeq),
    ]
}
