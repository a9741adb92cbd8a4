//! STORE and UID STORE (RFC 3501 §6.4.6).

use crate::conversation::{Conversation, alice, server};
use imap_model::Configuration;

fn with_messages(count: usize) -> Conversation {
    let mut conversation = alice();
    conversation.append_numbered(count);
    for command in ["x SELECT INBOX", "x UNSELECT", "x SELECT INBOX"] {
        conversation.say("a", command);
    }
    conversation.ignore("a");
    conversation
}

#[test]
fn flags_are_replaced_added_and_removed() {
    with_messages(2).run(
        r"
        C: a STORE 1 FLAGS (\Flagged \Seen)
        S: * 1 FETCH (FLAGS (\Flagged \Seen))
        S: a OK
        C: b STORE 1:2 +FLAGS (\Deleted \Seen)
        S: * 1 FETCH (FLAGS (\Flagged \Deleted \Seen))
        S: * 2 FETCH (FLAGS (\Deleted \Seen))
        S: b OK
        C: c STORE 2:1 -FLAGS \Deleted \Draft
        S: * 1 FETCH (FLAGS (\Flagged \Seen))
        S: * 2 FETCH (FLAGS (\Seen))
        S: c OK
        C: d STORE 1 FLAGS ()
        S: * 1 FETCH (FLAGS ())
        S: d OK
        C: e UID STORE 2 +FLAGS (\Answered)
        S: * 2 FETCH (UID 2 FLAGS (\Answered \Seen))
        S: e OK
        ",
    );
}

#[test]
fn silence_is_silent() {
    with_messages(1).run(
        r"
        C: a STORE 1 FLAGS.SILENT (\Flagged)
        S: a OK
        C: b STORE 1 +FLAGS.SILENT (\Seen)
        S: b OK
        C: c UID STORE 1 -FLAGS.SILENT (\Flagged)
        S: c OK
        C: d FETCH 1 FLAGS
        S: * 1 FETCH (FLAGS (\Seen))
        S: d OK
        ",
    );
}

#[test]
fn keywords_are_made_and_ignore_case() {
    with_messages(1).run(
        r"
        C: a STORE 1 +FLAGS ($Junk Other)
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $Junk Other)
        S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft $Junk Other \*)]
        S: * 1 FETCH (FLAGS ($Junk Other))
        S: a OK
        C: b STORE 1 -FLAGS ($JUNK unknown)
        S: * 1 FETCH (FLAGS (Other))
        S: b OK
        C: c STORE 1 +FLAGS (\Strange $junk)
        S: * 1 FETCH (FLAGS ($Junk Other))
        S: c OK
        C: d SEARCH KEYWORD $jUNK
        S: * SEARCH 1
        S: d OK
        ",
    );
}

#[test]
fn recent_stays_as_it_is() {
    let mut conversation = alice();
    conversation.append_numbered(1);
    conversation.say("a", "x SELECT INBOX");
    conversation.ignore("a");
    conversation.run(
        r"
        C: a STORE 1 FLAGS ()
        S: * 1 FETCH (FLAGS (\Recent))
        S: a OK
        ",
    );
}

#[test]
fn a_mailbox_knows_so_many_keywords() {
    let mut conversation = server(Configuration { keyword_limit: 2, ..Configuration::default() });
    conversation.login("a", "alice");
    conversation.append("INBOX", "", "x");
    conversation.say("a", "x SELECT INBOX");
    conversation.ignore("a");
    conversation.run(
        r"
        C: a STORE 1 +FLAGS (a b c)
        S: a NO [LIMIT]
        C: b STORE 1 +FLAGS (a b)
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft a b)
        S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft a b)]
        S: * 1 FETCH (FLAGS (a b \Recent))
        S: b OK
        ",
    );
}

/// Each of the keywords was held against all before it, also where there is no message.
#[test]
fn as_many_keywords_as_fit_into_a_line_are_refused_at_once() {
    let keywords: Vec<_> = (0..150_000).map(|number| format!("k{number}")).collect();
    let keywords = keywords.join(" ");
    with_messages(0).run(&format!(
        "C: a UID STORE 1 +FLAGS.SILENT ({keywords})
         S: a NO [LIMIT]
         C: b APPEND INBOX ({keywords}) {{1+}}\\r\\nx
         S: b NO [LIMIT]"
    ));
}
