//! Whatever clients do, what each of them is told makes sense, and all are told the same.

use std::num::NonZeroU32;

use imap_grammar::{
    Code, Extensions, Flag, Grammar, MessageAttribute, Response, SequenceSet, Status,
    StatusAttribute, Untagged,
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
    /// By message sequence number, without `\Recent`; nothing where the client was not told, or
    /// would have to work them out.
    flags: Vec<Option<Vec<Flag<'static>>>>,
}

impl Client {
    fn hear(&mut self, command: &str, responses: &[Response<'static>]) {
        let words: Vec<_> = command.split(' ').skip(1).collect();
        let selects = matches!(words[0], "SELECT" | "EXAMINE");
        let uses_numbers = matches!(words[0], "FETCH" | "STORE" | "SEARCH");
        if selects && answered(responses) != Some(Status::Bad) {
            *self = Self::default();
        }
        if command.contains(".SILENT") {
            self.forget_flags(&words);
        }
        for response in responses {
            let Response::Untagged(untagged) = response else { continue };
            match untagged {
                Untagged::Exists(count) => {
                    assert!(*count as usize >= self.uids.len(), "EXISTS shrinks");
                    self.uids.resize(*count as usize, None);
                    self.flags.resize(*count as usize, None);
                }
                Untagged::Recent(count) => assert!(*count as usize <= self.uids.len()),
                Untagged::Expunge(number) => {
                    assert!(!uses_numbers, "EXPUNGE in {command}");
                    self.remove(number.get() as usize - 1);
                }
                Untagged::Vanished(vanished) if !vanished.earlier => {
                    assert!(!uses_numbers, "VANISHED in {command}");
                    for uid in vanished.uids.iter(NonZeroU32::MAX) {
                        let known = self.uids.iter().position(|known| *known == Some(uid));
                        self.remove(known.expect("what vanishes was there"));
                    }
                }
                Untagged::Fetch { number, items } => self.hear_fetch(*number, items),
                Untagged::MailboxStatus { attributes, .. } => hear_status(attributes),
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

    /// The flags of what a silent STORE was about, of which it may be told nothing.
    fn forget_flags(&mut self, words: &[&str]) {
        let (by_uid, set) = if words[0] == "UID" { (true, words[2]) } else { (false, words[1]) };
        let set = SequenceSet::parse(set.as_bytes()).unwrap();
        let numbers: Vec<_> = (1..).map_while(NonZeroU32::new).take(self.uids.len()).collect();
        let numbers = if by_uid { self.uids.iter().copied().flatten().collect() } else { numbers };
        let Some(&largest) = numbers.last() else { return };
        for (number, flags) in numbers.into_iter().zip(&mut self.flags) {
            if set.contains(number, largest) {
                *flags = None;
            }
        }
    }

    fn remove(&mut self, index: usize) {
        self.uids.remove(index);
        self.flags.remove(index);
    }

    fn hear_fetch(&mut self, number: NonZeroU32, items: &[MessageAttribute<'static>]) {
        let index = number.get() as usize - 1;
        let known = self.uids.get_mut(index).expect("FETCH beyond the end");
        for item in items {
            match item {
                MessageAttribute::Uid(uid) => {
                    assert!(known.is_none_or(|known| known == *uid), "a UID changes");
                    *known = Some(*uid);
                }
                MessageAttribute::Flags(flags) => self.flags[index] = Some(lasting(flags)),
                _ => {}
            }
        }
    }
}

fn hear_status(attributes: &[(StatusAttribute, u64)]) {
    let value = |wanted| attributes.iter().find(|(attribute, _)| *attribute == wanted);
    if let (Some((_, messages)), Some((_, recent))) =
        (value(StatusAttribute::Messages), value(StatusAttribute::Recent))
    {
        assert!(recent <= messages, "{recent} of {messages} messages are recent");
    }
}

/// The flags without `\Recent`, which is for one session only.
fn lasting(flags: &[Flag<'static>]) -> Vec<Flag<'static>> {
    flags.iter().filter(|flag| **flag != Flag::Recent).cloned().collect()
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

/// The UIDs and flags of all messages, as the server says when it is asked.
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
            (uid.unwrap(), lasting(flags.unwrap()))
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
        let told: Vec<_> = clients.iter().map(|client| client.flags.clone()).collect();
        let first = contents(&mut conversation, &mut clients, 0);
        for (session, told) in told.into_iter().enumerate() {
            let contents = contents(&mut conversation, &mut clients, session);
            prop_assert_eq!(&contents, &first);
            for (told, (uid, flags)) in told.iter().zip(&contents) {
                if let Some(told) = told {
                    prop_assert_eq!(told, flags, "of UID {}, which {} was told", uid, SESSIONS[session]);
                }
            }
        }
    }

    #[test]
    fn any_command_in_any_state_is_answered_once(command in command()) {
        for extensions in [Extensions::NONE, Configuration::default().extensions] {
            for preparation in STATES {
                let configuration = Configuration { extensions, ..Configuration::default() };
                let mut conversation = server(configuration);
                conversation.connect("a", Transport::Plain);
                for command in preparation {
                    conversation.exchange("a", &format!("x {command}"));
                }
                let written = format!("t {command}\\r\\n").replace("\\r\\n", "\r\n");
                let is_legal = Grammar::with(extensions).command(written.as_bytes()).is_ok();
                let mut responses = conversation.exchange("a", &format!("t {command}"));
                if conversation.then("a") == Then::Idle {
                    prop_assert!(matches!(responses.last(), Some(Response::Continue(_))));
                    prop_assert!(!responses.iter().any(is_tagged));
                    responses = conversation.exchange("a", "DONE");
                }
                let (last, untagged) = responses.split_last().expect("there is an answer");
                prop_assert!(!untagged.iter().any(is_tagged), "{:?}", responses);
                match last {
                    Response::Tagged(tagged) => prop_assert_eq!(tagged.tag.as_str(), "t"),
                    // What is no command has no tag here either.
                    Response::Untagged(Untagged::Status { status, .. }) => {
                        prop_assert!(!is_legal && *status == Status::Bad, "{:?}", responses);
                    }
                    other => prop_assert!(false, "{:?}", other),
                }
            }
        }
    }
}

/// What leads to each state; in the selected one read-write and read-only, with a message.
const STATES: [&[&str]; 4] =
    [&[], &[LOGIN], &[LOGIN, APPEND, "SELECT INBOX"], &[LOGIN, APPEND, "EXAMINE INBOX"]];
const LOGIN: &str = "LOGIN alice \"alice's secret\"";
const APPEND: &str = "APPEND INBOX (\\Deleted) {3}\\r\\nx:y";

fn is_tagged(response: &Response<'_>) -> bool {
    matches!(response, Response::Tagged(_))
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
