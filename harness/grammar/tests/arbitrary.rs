//! The generators of the feature `arbitrary` reach every variant of every type.

use std::collections::BTreeSet;

use arbitrary::{Arbitrary, Unstructured};
use imap_grammar::*;
use proptest::{prelude::Rng, test_runner::TestRunner};

/// Counts the variants of enums; the compiler sees that none is forgotten.
macro_rules! reaches {
    ($($name:ident { $($variant:ident)+ })*) => { $(
        let name = |value: &$name| match value {
            $($name::$variant { .. } => stringify!($variant),)+
        };
        let reached: BTreeSet<_> = values::<$name>().iter().map(name).collect();
        let all = BTreeSet::from([$(stringify!($variant)),+]);
        assert_eq!(reached, all, "of {}", stringify!($name));
    )* };
}

/// As many values as an impatient fuzzer makes in a moment.
fn values<T: for<'u> Arbitrary<'u>>() -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    let mut octets = [0; 512];
    let mut value = || {
        runner.rng().fill_bytes(&mut octets);
        T::arbitrary(&mut Unstructured::new(&octets)).expect("it needs no more")
    };
    (0..1000).map(|_| value()).collect()
}

#[test]
fn every_variant_of_what_clients_say() {
    reaches! {
        AuthenticateData { Response Cancel }
        CommandBody {
            Capability Noop Logout StartTls Authenticate Login Select Examine Create Delete Rename
            Subscribe Unsubscribe List Lsub Status Append Check Close Expunge UidExpunge Search
            Fetch Store Copy Move Idle Namespace Id Unselect Enable Experimental
        }
        EntryType { Private Shared All }
        FetchAttribute {
            Envelope Flags InternalDate Rfc822 Rfc822Header Rfc822Size Rfc822Text Body
            BodyStructure Uid BodySection ModSeq
        }
        FetchItems { All Fast Full Attributes }
        FetchModifier { ChangedSince Vanished }
        ListPatterns { Single Several }
        ListReturnOption { Subscribed Children SpecialUse Status Extension }
        ListSelectionOption { Subscribed Remote RecursiveMatch SpecialUse Extension }
        OptionValue { String List }
        SearchKey {
            All Answered Bcc Before Body Cc Deleted Draft Flagged From Header Keyword Larger ModSeq
            New Not Old On Or Recent Seen SentBefore SentOn SentSince SequenceSet Since Smaller
            Subject Text To Uid Unanswered Undeleted Undraft Unflagged Unkeyword Unseen And
        }
        SearchReturnOption { Min Max All Count }
        SelectParameter { CondStore QResync }
        SpecialUse { All Archive Drafts Flagged Junk Sent Trash Other }
        StoreAction { Replace Add Remove }
    }
}

#[test]
fn every_variant_of_what_servers_say() {
    reaches! {
        Body { Single Multi }
        BodyExtension { NString Number List }
        BodyLanguage { Single List }
        Code {
            Alert BadCharset Capability Parse PermanentFlags ReadOnly ReadWrite TryCreate UidNext
            UidValidity Unseen AppendUid CopyUid UidNotSticky HighestModSeq NoModSeq Modified Closed
            UseAttr Rfc5530 Other
        }
        GreetingKind { Ok PreAuth Bye }
        ListAttribute { NoInferiors NoSelect Marked Unmarked Extension }
        ListExtendedValue { SequenceSet Number List }
        Media { Text Message Basic }
        MessageAttribute {
            Flags Envelope InternalDate Rfc822 Rfc822Header Rfc822Text Rfc822Size Body
            BodyStructure BodySection Uid ModSeq
        }
        Response { Continue Untagged Tagged }
        Rfc5530Code {
            Unavailable AuthenticationFailed AuthorizationFailed Expired PrivacyRequired
            ContactAdmin NoPerm InUse ExpungeIssued Corruption ServerBug ClientBug Cannot Limit
            OverQuota AlreadyExists Nonexistent
        }
        SearchReturnData { Min Max All Count ModSeq }
        Status { Ok No Bad }
        Untagged {
            Status Bye Capability Flags List Lsub Search MailboxStatus Exists Recent Expunge Fetch
            Namespace Id Enabled ESearch Vanished
        }
    }
}

#[test]
fn every_variant_of_what_both_say() {
    reaches! {
        Extension {
            LiteralPlus LiteralMinus Idle Namespace Id UidPlus Unselect Enable SaslIr Move ESearch
            CondStore QResync ListExtended SpecialUse CreateSpecialUse ListStatus
        }
        Flag { Answered Flagged Deleted Seen Draft Recent Keyword Extension }
        FlagPerm { Flag Any }
        LiteralForm { Synchronising NonSynchronising SmallNonSynchronising }
        Mailbox { Inbox Other }
        SectionText { Header HeaderFields HeaderFieldsNot Text Mime }
        SeqNumber { Number Largest }
        SequenceRange { Single Range }
        StatusAttribute { Messages Recent UidNext UidValidity Unseen HighestModSeq }
        StringForm { Shortest Quoted Literal }
    }
}

#[test]
fn no_octets_make_the_simplest_value() {
    let command = Command::arbitrary(&mut Unstructured::new(&[])).expect("it needs none");
    assert_eq!(command.to_bytes(), b"a NOOP\r\n");
}

#[test]
fn the_dictionary_has_the_words_of_every_table() {
    let words = dictionary();
    for word in ["FETCH", "EXPUNGE", "UNSUBSCRIBE", "BODY.PEEK", "OVERQUOTA", "CONDSTORE", "PRIV"] {
        assert!(words.contains(word), "{word}");
    }
}
