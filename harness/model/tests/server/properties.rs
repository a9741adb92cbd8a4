//! Whatever clients do, what each of them is told makes sense, and all are told the same.

use std::num::NonZeroU32;

use imap_grammar::{
    Code, Extensions, Flag, Grammar, MessageAttribute, Response, SequenceSet, Status, Untagged,
};
use imap_model::{Configuration, Then, Transport};
use proptest::prelude::*;

use crate::conversation::{Conversation, server, written};

const SESSIONS: [&str; 3] = ["a", "b", "c"];

/// A client that believes what it is told, and checks that it may.
#[derive(Debug, Default)]
struct Client {
    /// By message sequence number; nothing where the UID is not known yet.
    uids: Vec<Option<NonZeroU32>>,
}

impl Client {
    fn hear(&mut self, command: &str, responses: &[Response<'static>]) {
        let words: Vec<_> = command.split(' ').skip(1).collect();
        let selects = matches!(words[0], "SELECT" | "EXAMINE");
        let uses_numbers = matches!(words[0], "FETCH" | "STORE" | "SEARCH");
        if selects && answered(responses) != Some(Status::Bad) {
            *self = Self::default();
        }
        for response in responses {
            let Response::Untagged(untagged) = response else { continue };
            match untagged {
                Untagged::Exists(count) => {
                    assert!(*count as usize >= self.uids.len(), "EXISTS shrinks");
                    self.uids.resize(*count as usize, None);
                }
                Untagged::Recent(count) => assert!(*count as usize <= self.uids.len()),
                Untagged::Expunge(number) => {
                    assert!(!uses_numbers, "EXPUNGE in {command}");
                    self.uids.remove(number.get() as usize - 1);
                }
                Untagged::Vanished(vanished) if !vanished.earlier => {
                    assert!(!uses_numbers, "VANISHED in {command}");
                    for uid in vanished.uids.iter(NonZeroU32::MAX) {
                        let known = self.uids.iter().position(|known| *known == Some(uid));
                        self.uids.remove(known.expect("what vanishes was there"));
                    }
                }
                Untagged::Fetch { number, items } => self.hear_fetch(*number, items),
                _ => {}
            }
        }
        let ends = matches!(words[0], "CLOSE" | "UNSELECT");
        let failed = selects && answered(responses) == Some(Status::No);
        if (ends && answered(responses) == Some(Status::Ok)) || failed {
            *self = Self::default();
        }
        let known: Vec<_> = self.uids.iter().flatten().collect();
        assert!(known.windows(2).all(|pair| pair[0] < pair[1]), "UIDs ascend: {known:?}");
    }

    fn hear_fetch(&mut self, number: NonZeroU32, items: &[MessageAttribute<'static>]) {
        let known = self.uids.get_mut(number.get() as usize - 1).expect("FETCH beyond the end");
        for item in items {
            if let MessageAttribute::Uid(uid) = item {
                assert!(known.is_none_or(|known| known == *uid), "a UID changes");
                *known = Some(*uid);
            }
        }
    }
}

fn answered(responses: &[Response<'static>]) -> Option<Status> {
    responses.iter().find_map(|response| match response {
        Response::Tagged(tagged) => Some(tagged.status),
        _ => None,
    })
}

/// Says it, checks that each response is legal, and lets the client hear.
fn say(
    conversation: &mut Conversation,
    clients: &mut [Client],
    session: usize,
    command: &str,
) -> Vec<Response<'static>> {
    let responses = conversation.exchange(SESSIONS[session], command);
    let grammar = Grammar::with(Configuration::default().extensions);
    for response in &responses {
        written(grammar, response);
    }
    let client = &mut clients[session];
    client.hear(command, &responses);
    if conversation.then(SESSIONS[session]) == Then::Idle {
        client.hear("x DONE", &conversation.exchange(SESSIONS[session], "DONE"));
    }
    if client.uids.contains(&None) {
        // The client asks for what it does not know; the answer expunges nothing.
        let command = "q FETCH 1:* (UID)";
        let responses = conversation.exchange(SESSIONS[session], command);
        client.hear(command, &responses);
        assert!(!client.uids.contains(&None), "{:?}: {responses:?}", client.uids);
    }
    responses
}

/// The UIDs and flags of all messages, as the session sees them; without `\Recent`, which is for
/// one session only.
fn contents(
    conversation: &mut Conversation,
    clients: &mut [Client],
    session: usize,
) -> Vec<(NonZeroU32, Vec<Flag<'static>>)> {
    let responses = say(conversation, clients, session, "z UID FETCH 1:* (FLAGS)");
    let contents: Vec<_> = responses
        .iter()
        .filter_map(|response| match response {
            Response::Untagged(Untagged::Fetch { items, .. }) => Some(items),
            _ => None,
        })
        .map(|items| {
            let uid = items.iter().find_map(|item| match item {
                MessageAttribute::Uid(uid) => Some(*uid),
                _ => None,
            });
            let flags = items.iter().find_map(|item| match item {
                MessageAttribute::Flags(flags) => Some(flags),
                _ => None,
            });
            let mut flags = flags.unwrap().clone();
            flags.retain(|flag| *flag != Flag::Recent);
            (uid.unwrap(), flags)
        })
        .collect();
    let uids: Vec<_> = contents.iter().map(|(uid, _)| Some(*uid)).collect();
    assert_eq!(uids, clients[session].uids, "the client knows all messages");
    contents
}

fn mailbox() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["INBOX", "INBOX", "INBOX", "box", "box/a", "Box"])
}

fn set() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["1", "2", "1:2", "1:*", "*", "3:1", "2,4", "*:3", "1,1,2:3", "9"])
        .prop_map(str::to_owned)
}

fn flags() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["()", "(\\Deleted)", "(\\Seen $A)", "(\\Deleted $b)", "\\Flagged"])
}

fn uid() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "UID "])
}

fn command() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "NOOP",
        "CHECK",
        "EXPUNGE",
        "EXPUNGE",
        "CLOSE",
        "UNSELECT",
        "ENABLE CONDSTORE",
        "ENABLE QRESYNC",
        "LIST \"\" *",
        "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" % RETURN (STATUS (MESSAGES HIGHESTMODSEQ))",
        "LSUB \"\" %",
        "NAMESPACE",
        "UID EXPUNGE 2:*",
        "SEARCH ALL",
        "UID SEARCH NOT 1",
        "SEARCH RETURN (MIN COUNT) MODSEQ 3",
        "UID FETCH 1:* (FLAGS) (CHANGEDSINCE 3 VANISHED)",
        "IDLE",
        "RENAME INBOX old",
        "DELETE old",
    ]);
    let fetched =
        prop::sample::select(vec!["FLAGS", "ALL", "BODY[]", "(UID BODY.PEEK[1])", "MODSEQ"]);
    let action = prop::sample::select(vec!["FLAGS", "+FLAGS", "-FLAGS", "+FLAGS.SILENT"]);
    let unchanged = prop::sample::select(vec!["", " (UNCHANGEDSINCE 5)"]);
    let select = prop::sample::select(vec!["", "", " (CONDSTORE)", " (QRESYNC (1 2))"]);
    let on_mailbox = prop::sample::select(vec![
        "CREATE",
        "CREATE",
        "DELETE",
        "EXAMINE",
        "SUBSCRIBE",
        "UNSUBSCRIBE",
    ]);
    prop_oneof![
        4 => fixed.prop_map(str::to_owned),
        3 => (mailbox(), select).prop_map(|(mailbox, parameter)| format!("SELECT {mailbox}{parameter}")),
        4 => (mailbox(), flags()).prop_map(|(mailbox, flags)| {
            let flags = if flags.starts_with('(') { flags } else { "()" };
            format!("APPEND {mailbox} {flags} {{3+}}\\r\\nx:y")
        }),
        2 => (on_mailbox, mailbox()).prop_map(|(verb, mailbox)| format!("{verb} {mailbox}")),
        1 => (mailbox(), mailbox()).prop_map(|(from, to)| format!("RENAME {from} {to}")),
        1 => mailbox().prop_map(|mailbox| format!("STATUS {mailbox} (MESSAGES RECENT UNSEEN)")),
        3 => (uid(), set(), fetched).prop_map(|(uid, set, items)| format!("{uid}FETCH {set} {items}")),
        5 => (uid(), set(), unchanged, action, flags()).prop_map(|(uid, set, unchanged, action, flags)| {
            format!("{uid}STORE {set}{unchanged} {action} {flags}")
        }),
        2 => (uid(), prop::sample::select(vec!["COPY", "MOVE"]), set(), mailbox())
            .prop_map(|(uid, verb, set, mailbox)| format!("{uid}{verb} {set} {mailbox}")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_history_makes_sense(
        history in prop::collection::vec((0..SESSIONS.len(), command()), 1..60),
    ) {
        let mut conversation = server(Configuration { keyword_limit: 2, ..Configuration::default() });
        let mut clients: Vec<Client> = SESSIONS.iter().map(|_| Client::default()).collect();
        for session in SESSIONS {
            conversation.login(session, "alice");
        }
        for (session, command) in history {
            say(&mut conversation, &mut clients, session, &format!("x {command}"));
        }

        for session in 0..SESSIONS.len() {
            say(&mut conversation, &mut clients, session, "n SELECT INBOX");
        }
        let first = contents(&mut conversation, &mut clients, 0);
        for session in 1..SESSIONS.len() {
            prop_assert_eq!(&contents(&mut conversation, &mut clients, session), &first);
        }
    }

    #[test]
    fn sessions_that_stay_agree(
        history in prop::collection::vec(
            (0..SESSIONS.len(), command().prop_filter("it stays", |command| {
                !["SELECT", "EXAMINE", "CLOSE", "UNSELECT"].iter().any(|verb| command.starts_with(verb))
            })),
            1..60,
        ),
    ) {
        let mut conversation = server(Configuration::default());
        let mut clients: Vec<Client> = SESSIONS.iter().map(|_| Client::default()).collect();
        for (index, session) in SESSIONS.iter().enumerate() {
            conversation.login(session, "alice");
            say(&mut conversation, &mut clients, index, "x SELECT INBOX");
        }
        for (session, command) in history {
            say(&mut conversation, &mut clients, session, &format!("x {command}"));
        }
        for session in 0..SESSIONS.len() {
            say(&mut conversation, &mut clients, session, "n NOOP");
        }
        let first = contents(&mut conversation, &mut clients, 0);
        for session in 1..SESSIONS.len() {
            prop_assert_eq!(&contents(&mut conversation, &mut clients, session), &first);
        }
    }

    #[test]
    fn any_command_in_any_state_is_answered_once(command in command()) {
        for extensions in [Extensions::NONE, Configuration::default().extensions] {
            let mut conversation = server(Configuration { extensions, ..Configuration::default() });
            conversation.connect("a", Transport::Plain);
            let responses = conversation.exchange("a", &format!("t {command}"));
            let tagged = |response: &&Response<'_>| matches!(response, Response::Tagged(_));
            prop_assert!(responses.iter().filter(tagged).count() <= 1);
            prop_assert!(!responses.is_empty());
        }
    }
}

#[test]
fn uids_are_told_in_the_order_of_the_copies() {
    let mut conversation = server(Configuration::default());
    conversation.login("a", "alice");
    conversation.append_numbered(3);
    conversation.say("a", "x SELECT INBOX");
    let responses = conversation.exchange("a", "x COPY 3,1 INBOX");
    let Some(Response::Tagged(tagged)) = responses.last() else { panic!("no answer") };
    let uids = |written: &str| SequenceSet::parse(written.as_bytes()).unwrap();
    let expected =
        Code::CopyUid { uid_validity: NonZeroU32::MIN, source: uids("1,3"), target: uids("4:5") };
    assert_eq!(tagged.text.code, Some(expected));
}
