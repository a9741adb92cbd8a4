//! The list of invariants: what may never happen, and the sentence that says so.

use std::ops::Range;

use crate::{Evidence, Finding, Source, Verdict};

/// A rule that holds in every session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invariant {
    /// Its name in reports and expectations.
    pub id: &'static str,
    /// The requirement of the catalogue that decides.
    pub requirement: &'static str,
    /// Others that are broken wherever a breach of them shows as a breach of this rule.
    pub also: &'static [&'static str],
    /// What holds, in one sentence.
    pub sentence: &'static str,
}

macro_rules! invariants {
    ($($name:ident = $id:literal, $requirement:literal $(, also $($also:literal)+)?;
        $sentence:literal;)*) => {
        $(pub(super) const $name: Invariant = Invariant {
            id: $id,
            requirement: $requirement,
            also: &[$($($also,)+)?],
            sentence: $sentence,
        };)*

        /// Every invariant.
        pub const INVARIANTS: &[Invariant] = &[$($name,)*];
    };
}

invariants! {
    GRAMMAR = "oracle/grammar", "rfc3501/7.2.1-07", also "rfc3501/6.5.1-04";
        "Everything a server sends is legal by the formal syntax.";
    GREETING_FIRST = "oracle/greeting-first", "rfc3501/2.2-01";
        "The first thing a server says is a greeting.";
    TAG_KNOWN = "oracle/tag-known", "rfc3501/7-02",
        also "rfc3501/2.2-03" "rfc3501/2.2.2-04";
        "A tagged response carries the tag of a command that is pending.";
    CONTINUATION_ASKED = "oracle/continuation-asked", "rfc3501/7-12";
        "A continuation request comes only where the client waits for one.";
    NOTHING_AFTER_BYE = "oracle/nothing-after-bye", "rfc3501/7.1.5-01",
        also "rfc3501/3.4-07" "rfc3501/7.1.5-04" "rfc3501/7.1.5-05" "rfc3501/9-110";
        "After BYE nothing comes but the completion of LOGOUT.";
    EXISTS_NEVER_SHRINKS = "oracle/exists-never-shrinks", "rfc3501/5.2-05",
        also "rfc3501/5.2-06";
        "EXISTS never tells of fewer messages than before; only EXPUNGE takes one away.";
    NUMBER_IN_RANGE = "oracle/number-in-range", "rfc3501/2.3.1.2-01";
        "A message sequence number lies between one and the number of messages.";
    NO_EXPUNGE_WHILE_NUMBERS_COUNT = "oracle/no-expunge-while-numbers-count", "rfc3501/7.4.1-09",
        also "rfc3501/5.3-02" "rfc3501/7.4.1-08" "rfc3501/7.4.1-10" "rfc3501/7.4.1-11";
        "EXPUNGE does not come while only FETCH, STORE or SEARCH, or nothing, is in progress.";
    UID_STAYS = "oracle/uid-stays", "rfc3501/2.3.1.1-06";
        "A message keeps its unique identifier during the session.";
    UIDS_ASCEND = "oracle/uids-ascend", "rfc3501/2.3.1.2-02",
        also "rfc3501/2.3.1.1-17" "rfc3501/2.3.1.2-08";
        "Unique identifiers ascend strictly with the sequence numbers.";
    UID_BELOW_UIDNEXT = "oracle/uid-below-uidnext", "rfc3501/2.3.1.1-13";
        "A message that was there has a unique identifier below UIDNEXT, a new one not.";
    UIDNEXT_NEVER_FALLS = "oracle/uidnext-never-falls", "rfc3501/2.3.1.1-10";
        "UIDNEXT of a mailbox never falls while its UIDVALIDITY stays.";
    UIDVALIDITY_NEVER_FALLS = "oracle/uidvalidity-never-falls", "rfc3501/2.3.1.1-15";
        "UIDVALIDITY of a name never falls, and stays while the mailbox is selected.";
    STATIC_DATA_STAYS = "oracle/static-data-stays", "rfc3501/6.4.5-04",
        also "rfc3501/2.3.1.1-22" "rfc3501/2.3.1.1-23" "rfc3501/9-99";
        "What is static about a message is the same whenever it is fetched.";
    SIZE_IS_TRUE = "oracle/size-is-true", "rfc3501/6.4.5-47";
        "RFC822.SIZE is the number of octets of BODY[].";
    RECENT_AMONG_EXISTS = "oracle/recent-among-exists", "rfc3501/7.3.2-01";
        "There are never more recent messages than messages.";
    SELECT_DATA = "oracle/select-data", "rfc3501/6.3.1-04";
        "SELECT and EXAMINE are answered with FLAGS, EXISTS and RECENT.";
    DATA_BELONGS_TO_STATE = "oracle/data-belongs-to-state", "rfc3501/7.3.1-02";
        "Message data comes only while a mailbox is selected or being selected.";
    FLAGS_ARE_TRUE = "oracle/flags-are-true", "rfc3501/6.4.6-01";
        "In a mailbox that one session alone changes, flags are what this session made them.";
    BODY_IS_SHORT = "oracle/body-is-short", "rfc3501/9-24",
        also "rfc3501/7.4.2-03" "rfc3501/7.4.2-18";
        "BODY shows the structure without extension data.";
    EXTENSION_DATA_DEFINED = "oracle/extension-data-defined", "rfc3501/7.4.2-25",
        also "rfc3501/9-22";
        "BODYSTRUCTURE has no extension data but MD5, parameters, disposition, language, location.";
    SYSTEM_FLAGS_DEFINED = "oracle/system-flags-defined", "rfc3501/9-72",
        also "rfc3501/2.3.2-09";
        "A flag that begins with \"\\\" is one of the system flags.";
    CHALLENGE_IS_BASE64 = "oracle/challenge-is-base64", "rfc3501/6.2.2-09", also "rfc3501/9-19";
        "A challenge of AUTHENTICATE is BASE64.";
    CAPABILITIES_AGREE = "oracle/capabilities-agree", "rfc3501/7.2.1-12";
        "Capabilities that come unasked are those that CAPABILITY returns.";
    IMAP4_IS_FIRST = "oracle/imap4-is-first", "rfc3501/9-45";
        "A server that offers IMAP4 lists it first.";
    NO_INFERIORS = "oracle/no-inferiors", "rfc3501/7.2.2-03";
        "A name with \\Noinferiors has no name below it.";
    SESSIONS_AGREE = "oracle/sessions-agree", "rfc3501/7-10";
        "Sessions that are in step see the same messages under the same numbers.";
    NEW_MAIL_IS_TOLD = "oracle/new-mail-is-told", "rfc3501/7-07";
        "Where nothing was expunged, sessions that are in step see the same messages.";
    FLAGS_AGREE = "oracle/flags-agree", "rfc3501/2.3.2-12";
        "A permanent flag is set in all sessions that are in step, or in none.";
    CHANGES_ARE_TOLD = "oracle/changes-are-told", "rfc3501/7-09";
        "A session that is in step was told of every change of flags before it asked.";
    VANISHED_WAS_THERE = "oracle/vanished-was-there", "rfc7162/3.2.10.2-01";
        "VANISHED names only messages that the client was told of and that were still there.";
}

impl Invariant {
    /// The requirements it checks.
    pub fn requirements(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.requirement).chain(self.also.iter().copied())
    }

    /// The finding that the rule was broken by an entry of the transcript.
    pub(super) fn broken(&self, entry: usize, octets: Range<usize>, found: String) -> Finding {
        Finding {
            verdict: Verdict::Fail,
            source: Source::Invariant(self.id.to_owned()),
            requirement: self.requirement.parse().ok(),
            expected: self.sentence.to_owned(),
            found,
            evidence: Some(Evidence { entry, octets }),
            known: None,
        }
    }
}
