//! Commands that the RFCs allow, with their values.

use std::{borrow::Cow, num::NonZeroU32};

use imap_grammar::CommandBody::*;
use imap_grammar::{
    Atom, CommandBody, Date, DateTime, EntryType, FetchAttribute, FetchItems, FetchModifier, Flag,
    ImapString, ListOptionExtension, ListPatterns, ListReturnOption, ListSelectionOption, Mailbox,
    ModSeqEntry, OptionValue, Partial, SearchKey, SearchReturnOption, Section, SectionText,
    SelectParameter, SeqNumber, SequenceRange, SequenceSet, SpecialUse, StatusAttribute,
    StoreAction, Time,
};

use super::{Row, accepted, check};

macro_rules! valid {
    ($name:ident { $($source:literal, $under:literal, $message:literal => $value:expr;)* }) => {
        #[test]
        fn $name() {
            check(
                vec![$(Row { source: $source, under: $under, message: $message, expected: $value }),*],
                accepted,
            );
        }
    };
}

valid! { commands_in_any_state {
    "3501 §6.1.1",   "", "a CAPABILITY" => Capability;
    "3501 §9 (1)",   "", "a CaPaBiLiTy" => Capability;
    "3501 §6.1.2",   "", "a noop" => Noop;
    "3501 §6.1.3",   "", "a LOGOUT" => Logout;
    "3501 §6.5.1",   "", "a XFOO" => Experimental { name: atom("XFOO"), arguments: None };
    "3501 §6.5.1",   "", "a xfoo (bar) \\" => Experimental { name: atom("xfoo"), arguments: Some(Cow::Borrowed(b"(bar) \\")) };
    "3501 §6.5.1",   "", "a X-1 {3}\r\na\r\n b" => Experimental { name: atom("X-1"), arguments: Some(Cow::Borrowed(b"{3}\r\na\r\n b")) };
    "3501 §6.5.1",   "", "a XA {b}" => Experimental { name: atom("XA"), arguments: Some(Cow::Borrowed(b"{b}")) };
} }

valid! { commands_before_authentication {
    "3501 §6.2.1",   "", "a STARTTLS" => StartTls;
    "3501 §6.2.2",   "", "a AUTHENTICATE GSSAPI" => Authenticate { mechanism: atom("GSSAPI"), initial_response: None };
    "4959 §3",       "SASL-IR", "a AUTHENTICATE PLAIN dGVzdAB0ZXN0AHRlc3Q=" => Authenticate { mechanism: atom("PLAIN"), initial_response: Some(Cow::Borrowed(b"test\0test\0test")) };
    "4959 §3",       "SASL-IR", "a AUTHENTICATE EXTERNAL =" => Authenticate { mechanism: atom("EXTERNAL"), initial_response: Some(Cow::Borrowed(b"")) };
    "4959 §7",       "SASL-IR", "a AUTHENTICATE PLAIN" => Authenticate { mechanism: atom("PLAIN"), initial_response: None };
    "3501 §9 base64","SASL-IR", "a AUTHENTICATE X YQ==" => Authenticate { mechanism: atom("X"), initial_response: Some(Cow::Borrowed(b"a")) };
    "3501 §6.2.3",   "", "a LOGIN SMITH SESAME" => Login { user: s("SMITH"), password: s("SESAME") };
    "3501 §9 quoted","", r#"a LOGIN "a\"b\\c" """# => Login { user: s(r#"a"b\c"#), password: s("") };
    "3501 §9 literal","", "a LOGIN {11}\r\nFRED FOOBAR {7}\r\nfat man" => Login { user: s("FRED FOOBAR"), password: s("fat man") };
    "3501 §9 astring","", "a LOGIN a]b NIL" => Login { user: s("a]b"), password: s("NIL") };
    "3501 §9 number","", "a LOGIN {003}\r\nabc {0}\r\n" => Login { user: s("abc"), password: s("") };
    "3501 §9 CHAR8", "", "a LOGIN {3}\r\n\r\nx {2}\r\né" => Login { user: s("\r\nx"), password: s("é") };
    "3501 §9 TEXT-CHAR","", "a LOGIN \"\t\u{7f}\" b" => Login { user: s("\t\u{7f}"), password: s("b") };
    "7888 §4",       "LITERAL+", "a LOGIN {1+}\r\na {1}\r\nb" => Login { user: s("a"), password: s("b") };
    "7888 §5",       "LITERAL-", "a LOGIN {1+}\r\na {0+}\r\n" => Login { user: s("a"), password: s("") };
} }

valid! { commands_on_mailboxes {
    "3501 §6.3.1",   "", "a SELECT INBOX" => select("INBOX", []);
    "3501 §9 mailbox","", "a SELECT iNbOx" => Select { mailbox: Mailbox::Inbox, parameters: vec![] };
    "3501 §9 mailbox","", "a SELECT \"inbox\"" => Select { mailbox: Mailbox::Inbox, parameters: vec![] };
    "3501 §9 mailbox","", "a SELECT {5}\r\nInboX" => Select { mailbox: Mailbox::Inbox, parameters: vec![] };
    "3501 §9 astring","", "a SELECT NIL" => select("NIL", []);
    "3501 §9 ASTRING-CHAR","", "a SELECT [Gmail]/&AOQ-" => select("[Gmail]/&AOQ-", []);
    "3501 §9 astring","", "a SELECT \"\"" => select("", []);
    "3501 §6.3.2",   "", "a EXAMINE blurdybloop" => Examine { mailbox: m("blurdybloop"), parameters: vec![] };
    "7162 §3.1.8",   "CONDSTORE", "a SELECT x (CONDSTORE)" => select("x", [SelectParameter::CondStore]);
    "7162 §3.2.5",   "QRESYNC", "a SELECT x (QRESYNC (7 20))" => select("x", [qresync(None, None)]);
    "7162 §3.2.5",   "QRESYNC", "a SELECT x (QRESYNC (7 20 41,43:116))" => select("x", [qresync(Some(set([one(41), range(43, 116)])), None)]);
    "7162 §7",       "QRESYNC", "a SELECT x (QRESYNC (7 20 (1,2 3,4)))" => select("x", [qresync(None, Some((set([one(1), one(2)]), set([one(3), one(4)]))))]);
    "7162 §3.2.5.2", "QRESYNC", "a SELECT x (QRESYNC (7 20 1:9 (1 3)))" => select("x", [qresync(Some(set([range(1, 9)])), Some((set([one(1)]), set([one(3)]))))]);
    "4466 §2.1",     "QRESYNC", "a EXAMINE x (condstore QRESYNC (7 20))" => Examine { mailbox: m("x"), parameters: vec![SelectParameter::CondStore, qresync(None, None)] };
    "3501 §6.3.3",   "", "a CREATE owatagusiam/" => Create { mailbox: m("owatagusiam/"), special_use: vec![] };
    "6154 §3",       "CREATE-SPECIAL-USE", "a CREATE x (USE (\\Drafts \\sent))" => Create { mailbox: m("x"), special_use: vec![SpecialUse::Drafts, SpecialUse::Sent] };
    "6154 §6",       "CREATE-SPECIAL-USE", "a CREATE x (USE (\\Important))" => Create { mailbox: m("x"), special_use: vec![SpecialUse::Other(atom("Important"))] };
    "6154 §6",       "CREATE-SPECIAL-USE", "a CREATE x (USE ())" => Create { mailbox: m("x"), special_use: vec![] };
    "3501 §6.3.4",   "", "a DELETE foo/bar" => Delete(m("foo/bar"));
    "3501 §6.3.5",   "", "a RENAME INBOX old-mail" => Rename { from: Mailbox::Inbox, to: m("old-mail") };
    "3501 §6.3.6",   "", "a SUBSCRIBE #news.comp.mail.mime" => Subscribe(m("#news.comp.mail.mime"));
    "3501 §6.3.7",   "", "a UNSUBSCRIBE #news" => Unsubscribe(m("#news"));
    "3501 §6.3.8",   "", "a LIST \"\" \"\"" => list("", "");
    "3501 §6.3.8",   "", "a LIST #news.comp.mail.misc \"\"" => list("#news.comp.mail.misc", "");
    "3501 §9 list-char","", "a LIST ~/Mail/ %]*" => list("~/Mail/", "%]*");
    "3501 §9 list-mailbox","", "a LIST {1}\r\nx {3}\r\n%\"*" => list("x", "%\"*");
    "3501 §6.3.9",   "", "a LSUB \"#news.\" \"comp.mail.*\"" => Lsub { reference: m("#news."), pattern: s("comp.mail.*") };
    "3501 §6.3.10",  "", "a STATUS blurdybloop (UIDNEXT MESSAGES)" => Status { mailbox: m("blurdybloop"), attributes: vec![StatusAttribute::UidNext, StatusAttribute::Messages] };
    "3501 §9 status-att","", "a STATUS x (recent UIDVALIDITY UNSEEN)" => Status { mailbox: m("x"), attributes: vec![StatusAttribute::Recent, StatusAttribute::UidValidity, StatusAttribute::Unseen] };
    "7162 §3.1.7",   "CONDSTORE", "a STATUS x (HIGHESTMODSEQ)" => Status { mailbox: m("x"), attributes: vec![StatusAttribute::HighestModSeq] };
    "2342 §5",       "NAMESPACE", "a NAMESPACE" => Namespace;
    "2177 §3",       "IDLE", "a IDLE" => Idle;
    "5161 §3.1",     "ENABLE", "a ENABLE CONDSTORE X-GOOD-IDEA" => Enable(vec![capability("CONDSTORE"), capability("X-GOOD-IDEA")]);
    "2971 §3.1",     "ID", "a ID NIL" => Id(None);
    "2971 §4",       "ID", "a ID ()" => Id(Some(vec![]));
    "2971 §3.1",     "ID", r#"a ID ("name" "sodr" "version" NIL)"# => Id(Some(vec![(s("name"), Some(s("sodr"))), (s("version"), None)]));
} }

valid! { list_with_options {
    "5258 §3.1",     "LIST-EXTENDED", "a LIST (SUBSCRIBED) \"\" \"*\"" => list_with(Some(vec![ListSelectionOption::Subscribed]), "", ListPatterns::Single(s("*")), None);
    "5258 §6",       "LIST-EXTENDED", "a LIST () \"\" x" => list_with(Some(vec![]), "", ListPatterns::Single(s("x")), None);
    "5258 §6",       "LIST-EXTENDED", "a LIST (SUBSCRIBED remote RECURSIVEMATCH) \"\" x" => list_with(Some(vec![ListSelectionOption::Subscribed, ListSelectionOption::Remote, ListSelectionOption::RecursiveMatch]), "", ListPatterns::Single(s("x")), None);
    "5258 §6",       "LIST-EXTENDED", "a LIST (RECURSIVEMATCH FOO) \"\" x" => list_with(Some(vec![ListSelectionOption::RecursiveMatch, ListSelectionOption::Extension(option("FOO", None))]), "", ListPatterns::Single(s("x")), None);
    "5258 §6",       "LIST-EXTENDED", "a LIST (FOO (a (b \"c\"))) \"\" x" => list_with(Some(vec![ListSelectionOption::Extension(option("FOO", Some(vec![OptionValue::String(s("a")), OptionValue::List(vec![OptionValue::String(s("b")), OptionValue::String(s("c"))])])))]), "", ListPatterns::Single(s("x")), None);
    "5258 §3",       "LIST-EXTENDED", "a LIST \"\" (INBOX Drafts %)" => list_with(None, "", ListPatterns::Several(vec![s("INBOX"), s("Drafts"), s("%")]), None);
    "5258 §3.2",     "LIST-EXTENDED", "a LIST \"\" % RETURN (CHILDREN SUBSCRIBED)" => list_with(None, "", ListPatterns::Single(s("%")), Some(vec![ListReturnOption::Children, ListReturnOption::Subscribed]));
    "5258 §6",       "LIST-EXTENDED", "a LIST \"\" % return ()" => list_with(None, "", ListPatterns::Single(s("%")), Some(vec![]));
    "6154 §5.2",     "LIST-EXTENDED SPECIAL-USE", "a LIST (SPECIAL-USE) \"\" % RETURN (SPECIAL-USE)" => list_with(Some(vec![ListSelectionOption::SpecialUse]), "", ListPatterns::Single(s("%")), Some(vec![ListReturnOption::SpecialUse]));
    "5819 §3",       "LIST-EXTENDED LIST-STATUS", "a LIST \"\" % RETURN (STATUS (MESSAGES UNSEEN) CHILDREN)" => list_with(None, "", ListPatterns::Single(s("%")), Some(vec![ListReturnOption::Status(vec![StatusAttribute::Messages, StatusAttribute::Unseen]), ListReturnOption::Children]));
    "5819 §4",       "LIST-STATUS", "a LIST \"\" % RETURN (STATUS (MESSAGES))" => list_with(None, "", ListPatterns::Single(s("%")), Some(vec![ListReturnOption::Status(vec![StatusAttribute::Messages])]));
} }

valid! { append_commands {
    "3501 §6.3.11",  "", "a APPEND x {4}\r\nabcd" => append(None, None, "abcd");
    "3501 §9 append","", "a APPEND x () {0}\r\n" => append(Some(vec![]), None, "");
    "3501 §6.3.11",  "", "a APPEND x (\\Seen $Junk) {2}\r\n\r\n" => append(Some(vec![Flag::Seen, Flag::Keyword(atom("$Junk"))]), None, "\r\n");
    "3501 §9 date-time","", "a APPEND x \"17-Jul-1996 02:44:25 -0700\" {1}\r\nx" => append(None, Some(date_time(date(1996, 7, 17), (2, 44, 25), -420)), "x");
    "3501 §9 date-day-fixed","", "a APPEND x (\\Draft) \" 1-feb-2000 23:59:60 +1345\" {1}\r\nx" => append(Some(vec![Flag::Draft]), Some(date_time(date(2000, 2, 1), (23, 59, 60), 825)), "x");
    "3501 §9 date-day-fixed","", "a APPEND x \"01-Jan-0001 00:00:00 +0000\" {1}\r\nx" => append(None, Some(date_time(date(1, 1, 1), (0, 0, 0), 0)), "x");
    "7888 §4",       "LITERAL+", "a APPEND x {3+}\r\nabc" => append(None, None, "abc");
} }

valid! { commands_on_the_selected_mailbox {
    "3501 §6.4.1",   "", "a CHECK" => Check;
    "3501 §6.4.2",   "", "a CLOSE" => Close;
    "3501 §6.4.3",   "", "a EXPUNGE" => Expunge;
    "3691 §2",       "UNSELECT", "a UNSELECT" => Unselect;
    "4315 §2.1",     "UIDPLUS", "a UID EXPUNGE 3000:3002" => UidExpunge(set([range(3000, 3002)]));
    "3501 §6.4.7",   "", "a COPY 2:4 MEETING" => Copy { uid: false, sequence_set: set([range(2, 4)]), mailbox: m("MEETING") };
    "3501 §6.4.8",   "", "a uid copy 4:2,*:7 x" => Copy { uid: true, sequence_set: set([range(4, 2), SequenceRange::Range(STAR, nz(7).into())]), mailbox: m("x") };
    "6851 §3.1",     "MOVE", "a MOVE 4:7 x" => Move { uid: false, sequence_set: set([range(4, 7)]), mailbox: m("x") };
    "6851 §3.2",     "MOVE", "a UID MOVE 42:69 foo" => Move { uid: true, sequence_set: set([range(42, 69)]), mailbox: m("foo") };
    "3501 §9 sequence-set","", "a COPY *,*:*,4294967295,1:* x" => Copy { uid: false, sequence_set: set([SequenceRange::Single(STAR), SequenceRange::Range(STAR, STAR), one(u32::MAX), from(1)]), mailbox: m("x") };
    "3501 §6.4.6",   "", "a STORE 1 +FLAGS (\\Deleted)" => store(StoreAction::Add, false, vec![Flag::Deleted]);
    "3501 §9 store-att-flags","", "a STORE 1 -flags.silent \\Seen \\FOO kw" => store(StoreAction::Remove, true, vec![Flag::Seen, Flag::Extension(atom("FOO")), Flag::Keyword(atom("kw"))]);
    "3501 §9 flag-list","", "a STORE 1 FLAGS ()" => store(StoreAction::Replace, false, vec![]);
    "3501 §9 flag",  "", "a STORE 1 FLAGS.SILENT \\ANSWERED \\flagged \\Draft Seen" => store(StoreAction::Replace, true, vec![Flag::Answered, Flag::Flagged, Flag::Draft, Flag::Keyword(atom("Seen"))]);
    "7162 §3.1.3",   "CONDSTORE", "a STORE 1 (UNCHANGEDSINCE 12121230045) FLAGS \\Seen" => Store { uid: false, sequence_set: set([one(1)]), unchanged_since: Some(12121230045), action: StoreAction::Replace, silent: false, flags: vec![Flag::Seen] };
    "7162 §3.1.3",   "CONDSTORE", "a UID STORE 1 (unchangedsince 0) +FLAGS.SILENT (\\Seen)" => Store { uid: true, sequence_set: set([one(1)]), unchanged_since: Some(0), action: StoreAction::Add, silent: true, flags: vec![Flag::Seen] };
} }

valid! { fetch_commands {
    "3501 §9 fetch", "", "a FETCH 1 ALL" => fetch(set([one(1)]), FetchItems::All);
    "3501 §9 fetch", "", "a FETCH 1 fast" => fetch(set([one(1)]), FetchItems::Fast);
    "3501 §9 fetch", "", "a FETCH 1 FULL" => fetch(set([one(1)]), FetchItems::Full);
    "3501 §6.4.5",   "", "a FETCH 2:4 (FLAGS BODY[HEADER.FIELDS (DATE FROM)])" => fetch(set([range(2, 4)]), FetchItems::Attributes(vec![FetchAttribute::Flags, FetchAttribute::BodySection { peek: false, section: Section { part: vec![], text: Some(SectionText::HeaderFields(vec![s("DATE"), s("FROM")])) }, partial: None }]));
    "3501 §9 fetch", "", "a FETCH 1 (UID)" => item(FetchAttribute::Uid);
    "3501 §9 fetch-att","", "a FETCH 1 envelope" => item(FetchAttribute::Envelope);
    "3501 §9 fetch-att","", "a FETCH 1 INTERNALDATE" => item(FetchAttribute::InternalDate);
    "3501 §9 fetch-att","", "a FETCH 1 RFC822" => item(FetchAttribute::Rfc822);
    "3501 §9 fetch-att","", "a FETCH 1 RFC822.HEADER" => item(FetchAttribute::Rfc822Header);
    "3501 §9 fetch-att","", "a FETCH 1 rfc822.size" => item(FetchAttribute::Rfc822Size);
    "3501 §9 fetch-att","", "a FETCH 1 RFC822.TEXT" => item(FetchAttribute::Rfc822Text);
    "3501 §9 fetch-att","", "a FETCH 1 BODY" => item(FetchAttribute::Body);
    "3501 §9 fetch-att","", "a FETCH 1 BODYSTRUCTURE" => item(FetchAttribute::BodyStructure);
    "3501 §6.4.5",   "", "a FETCH 1 BODY[]" => body(&[], None);
    "3501 §6.4.5",   "", "a FETCH 1 BODY.PEEK[]<0.2048>" => body_partial(true, &[], None, Some((0, 2048)));
    "3501 §9 fetch-att","", "a FETCH 1 BODY[1]<4294967295.4294967295>" => body_partial(false, &[1], None, Some((u32::MAX, u32::MAX)));
    "3501 §6.4.5",   "", "a FETCH 1 BODY[HEADER]" => body(&[], Some(SectionText::Header));
    "3501 §6.4.5",   "", "a FETCH 1 BODY[text]" => body(&[], Some(SectionText::Text));
    "3501 §6.4.5",   "", "a FETCH 1 BODY[4.2.2.1]" => body(&[4, 2, 2, 1], None);
    "3501 §6.4.5",   "", "a FETCH 1 BODY[4.1.MIME]" => body(&[4, 1], Some(SectionText::Mime));
    "3501 §6.4.5",   "", "a FETCH 1 BODY[3.HEADER]" => body(&[3], Some(SectionText::Header));
    "3501 §6.4.5",   "", "a FETCH 1 BODY[4.2.TEXT]" => body(&[4, 2], Some(SectionText::Text));
    "3501 §6.4.5",   "", "a FETCH 1 BODY[1.HEADER.FIELDS.NOT (\"a\" {1}\r\nb)]" => body(&[1], Some(SectionText::HeaderFieldsNot(vec![s("a"), s("b")])));
    "3501 §9 header-fld-name","", "a FETCH 1 BODY[HEADER.FIELDS (a])]" => body(&[], Some(SectionText::HeaderFields(vec![s("a]")])));
    "7162 §3.1.4.2", "CONDSTORE", "a FETCH 1 MODSEQ" => item(FetchAttribute::ModSeq);
    "7162 §3.1.4.1", "CONDSTORE", "a UID FETCH 1:* (FLAGS) (CHANGEDSINCE 12345)" => uid_fetch(set([from(1)]), vec![FetchModifier::ChangedSince(12345)]);
    "7162 §3.2.6",   "QRESYNC", "a UID FETCH 300:500 FLAGS (CHANGEDSINCE 12345 VANISHED)" => uid_fetch(set([range(300, 500)]), vec![FetchModifier::ChangedSince(12345), FetchModifier::Vanished]);
    "7162 §7",       "QRESYNC", "a UID FETCH 1 FLAGS (VANISHED CHANGEDSINCE 9223372036854775807)" => uid_fetch(set([one(1)]), vec![FetchModifier::Vanished, FetchModifier::ChangedSince(i64::MAX as u64)]);
} }

valid! { search_commands {
    "3501 §6.4.4",   "", "a SEARCH FLAGGED SINCE 1-Feb-1994 NOT FROM \"Smith\"" => Search { uid: false, returns: None, charset: None, keys: vec![SearchKey::Flagged, SearchKey::Since(date(1994, 2, 1)), not(SearchKey::From(s("Smith")))] };
    "3501 §6.4.4",   "", "a SEARCH CHARSET UTF-8 TEXT {3}\r\nfoo" => Search { uid: false, returns: None, charset: Some(s("UTF-8")), keys: vec![SearchKey::Text(s("foo"))] };
    "3501 §6.4.8",   "", "a UID SEARCH charset \"x\" ALL" => Search { uid: true, returns: None, charset: Some(s("x")), keys: vec![SearchKey::All] };
    "3501 §6.4.4",   "", "a SEARCH 2,4:* UID 1:5" => Search { uid: false, returns: None, charset: None, keys: vec![SearchKey::SequenceSet(set([one(2), from(4)])), SearchKey::Uid(set([range(1, 5)]))] };
    "3501 §6.4.4",   "", "a SEARCH *" => search(SearchKey::SequenceSet(set([SequenceRange::Single(STAR)])));
    "3501 §9 search-key","", "a SEARCH (SEEN (DELETED))" => search(SearchKey::And(vec![SearchKey::Seen, SearchKey::And(vec![SearchKey::Deleted])]));
    "3501 §9 search-key","", "a SEARCH OR NOT NEW OR OLD (RECENT 1)" => search(or(not(SearchKey::New), or(SearchKey::Old, SearchKey::And(vec![SearchKey::Recent, SearchKey::SequenceSet(set([one(1)]))]))));
    "3501 §9 search-key","", "a SEARCH ANSWERED UNANSWERED UNDELETED DRAFT UNDRAFT UNFLAGGED unseen" => Search { uid: false, returns: None, charset: None, keys: vec![SearchKey::Answered, SearchKey::Unanswered, SearchKey::Undeleted, SearchKey::Draft, SearchKey::Undraft, SearchKey::Unflagged, SearchKey::Unseen] };
    "3501 §9 search-key","", "a SEARCH BCC a CC b TO c SUBJECT d BODY e" => Search { uid: false, returns: None, charset: None, keys: vec![SearchKey::Bcc(s("a")), SearchKey::Cc(s("b")), SearchKey::To(s("c")), SearchKey::Subject(s("d")), SearchKey::Body(s("e"))] };
    "3501 §6.4.4",   "", "a SEARCH HEADER Message-ID \"\"" => search(SearchKey::Header { name: s("Message-ID"), value: s("") });
    "3501 §9 flag-keyword","", "a SEARCH KEYWORD $Forwarded UNKEYWORD nil" => Search { uid: false, returns: None, charset: None, keys: vec![SearchKey::Keyword(atom("$Forwarded")), SearchKey::Unkeyword(atom("nil"))] };
    "3501 §9 number","", "a SEARCH LARGER 0 SMALLER 04294967295" => Search { uid: false, returns: None, charset: None, keys: vec![SearchKey::Larger(0), SearchKey::Smaller(u32::MAX)] };
    "3501 §9 date",  "", "a SEARCH BEFORE \"01-JAN-2020\"" => search(SearchKey::Before(date(2020, 1, 1)));
    "3501 §9 date-day","", "a SEARCH ON 29-Feb-2024 SENTON 9-Dec-9999" => Search { uid: false, returns: None, charset: None, keys: vec![SearchKey::On(date(2024, 2, 29)), SearchKey::SentOn(date(9999, 12, 9))] };
    "3501 §9 search-key","", "a SEARCH SENTBEFORE 31-Mar-0000 SENTSINCE \"1-May-1999\"" => Search { uid: false, returns: None, charset: None, keys: vec![SearchKey::SentBefore(date(0, 3, 31)), SearchKey::SentSince(date(1999, 5, 1))] };
    "4731 §3.1",     "ESEARCH", "a SEARCH RETURN (MIN COUNT) FLAGGED" => Search { uid: false, returns: Some(vec![SearchReturnOption::Min, SearchReturnOption::Count]), charset: None, keys: vec![SearchKey::Flagged] };
    "4731 §3.1",     "ESEARCH", "a UID SEARCH return () CHARSET UTF-8 ALL" => Search { uid: true, returns: Some(vec![]), charset: Some(s("UTF-8")), keys: vec![SearchKey::All] };
    "4731 §4",       "ESEARCH", "a SEARCH RETURN (all max) RECENT" => Search { uid: false, returns: Some(vec![SearchReturnOption::All, SearchReturnOption::Max]), charset: None, keys: vec![SearchKey::Recent] };
    "7162 §3.1.5",   "CONDSTORE", "a SEARCH MODSEQ 620162338" => search(SearchKey::ModSeq { entry: None, at_least: 620162338 });
    "7162 §3.1.5",   "CONDSTORE", r#"a SEARCH MODSEQ "/flags/\\draft" all 620162338"# => search(SearchKey::ModSeq { entry: Some(ModSeqEntry { flag: Flag::Draft, kind: EntryType::All }), at_least: 620162338 });
    "7162 §7",       "CONDSTORE", r#"a SEARCH OR NOT MODSEQ "/FLAGS/$mdnsent" Priv 0 LARGER 5"# => search(or(not(SearchKey::ModSeq { entry: Some(ModSeqEntry { flag: Flag::Keyword(atom("$mdnsent")), kind: EntryType::Private }), at_least: 0 }), SearchKey::Larger(5)));
} }

fn s(octets: &str) -> ImapString<'_> {
    ImapString::new(octets.as_bytes()).unwrap()
}

fn atom(characters: &str) -> Atom<'_> {
    Atom::new(characters).unwrap()
}

fn capability(name: &'static str) -> imap_grammar::Capability<'static> {
    imap_grammar::Capability(atom(name))
}

fn m(name: &str) -> Mailbox<'_> {
    Mailbox::new(name.as_bytes()).unwrap()
}

fn nz(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

const STAR: SeqNumber = SeqNumber::Largest;

fn one(number: u32) -> SequenceRange {
    SequenceRange::Single(nz(number).into())
}

fn range(start: u32, end: u32) -> SequenceRange {
    SequenceRange::Range(nz(start).into(), nz(end).into())
}

fn from(start: u32) -> SequenceRange {
    SequenceRange::Range(nz(start).into(), STAR)
}

fn set<const N: usize>(ranges: [SequenceRange; N]) -> SequenceSet {
    SequenceSet::new(ranges.to_vec()).unwrap()
}

fn select<'a, const N: usize>(
    mailbox: &'a str,
    parameters: [SelectParameter; N],
) -> CommandBody<'a> {
    Select { mailbox: m(mailbox), parameters: parameters.to_vec() }
}

fn list<'a>(reference: &'a str, pattern: &'a str) -> CommandBody<'a> {
    list_with(None, reference, ListPatterns::Single(s(pattern)), None)
}

fn list_with<'a>(
    selection: Option<Vec<ListSelectionOption<'a>>>,
    reference: &'a str,
    patterns: ListPatterns<'a>,
    returns: Option<Vec<ListReturnOption<'a>>>,
) -> CommandBody<'a> {
    List { selection, reference: m(reference), patterns, returns }
}

fn fetch(set: SequenceSet, items: FetchItems<'_>) -> CommandBody<'_> {
    Fetch { uid: false, sequence_set: set, items, modifiers: Vec::new() }
}

fn item(attribute: FetchAttribute<'_>) -> CommandBody<'_> {
    fetch(set([one(1)]), FetchItems::Attributes(vec![attribute]))
}

fn body(part: &[u32], text: Option<SectionText<'static>>) -> CommandBody<'static> {
    body_partial(false, part, text, None)
}

fn body_partial(
    peek: bool,
    part: &[u32],
    text: Option<SectionText<'static>>,
    partial: Option<(u32, u32)>,
) -> CommandBody<'static> {
    let section = Section { part: part.iter().copied().map(nz).collect(), text };
    let partial = partial.map(|(origin, count)| Partial { origin, count: nz(count) });
    item(FetchAttribute::BodySection { peek, section, partial })
}

fn uid_fetch(set: SequenceSet, modifiers: Vec<FetchModifier>) -> CommandBody<'static> {
    let items = FetchItems::Attributes(vec![FetchAttribute::Flags]);
    Fetch { uid: true, sequence_set: set, items, modifiers }
}

fn store(action: StoreAction, silent: bool, flags: Vec<Flag<'_>>) -> CommandBody<'_> {
    let sequence_set = set([one(1)]);
    Store { uid: false, sequence_set, unchanged_since: None, action, silent, flags }
}

fn search(key: SearchKey<'_>) -> CommandBody<'_> {
    Search { uid: false, returns: None, charset: None, keys: vec![key] }
}

fn not(key: SearchKey<'_>) -> SearchKey<'_> {
    SearchKey::Not(Box::new(key))
}

fn or<'a>(one: SearchKey<'a>, other: SearchKey<'a>) -> SearchKey<'a> {
    SearchKey::Or(Box::new(one), Box::new(other))
}

fn date(year: u16, month: u8, day: u8) -> Date {
    Date::new(year, month, day).unwrap()
}

fn date_time(date: Date, (hour, minute, second): (u8, u8, u8), zone: i16) -> DateTime {
    DateTime::new(date, Time::new(hour, minute, second).unwrap(), zone).unwrap()
}

fn append<'a>(
    flags: Option<Vec<Flag<'a>>>,
    date_time: Option<DateTime>,
    message: &'a str,
) -> CommandBody<'a> {
    Append { mailbox: m("x"), flags, date_time, message: s(message) }
}

fn option<'a>(name: &'a str, value: Option<Vec<OptionValue<'a>>>) -> ListOptionExtension<'a> {
    ListOptionExtension { name: atom(name), value }
}

fn qresync(
    known: Option<SequenceSet>,
    pairs: Option<(SequenceSet, SequenceSet)>,
) -> SelectParameter {
    SelectParameter::QResync {
        uid_validity: nz(7),
        mod_seq: 20,
        known_uids: known,
        sequence_match: pairs,
    }
}
