//! Faults in the keys of SEARCH that look at flags.

use imap_grammar::{CommandBody, SearchKey};

use super::{Change, Fault, search_keys::each_key};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "search-unseen-is-all",
        requirement: "rfc3501/6.4.4-55",
        summary: "takes UNSEEN for ALL",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if *key == SearchKey::Unseen {
                    *key = SearchKey::All;
                }
            });
        }),
    },
    Fault {
        name: "search-keyword-is-all",
        requirement: "rfc3501/6.4.4-30",
        summary: "finds every message whatever keyword is searched",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if matches!(key, SearchKey::Keyword(_)) {
                    *key = SearchKey::All;
                }
            });
        }),
    },
    Fault {
        name: "search-all-is-seen",
        requirement: "rfc3501/6.4.4-18",
        summary: "takes ALL for SEEN",
        change: Change::Command(|_, body| exchange_keys(body, SearchKey::All, SearchKey::Seen)),
    },
    Fault {
        name: "search-answered-is-all",
        requirement: "rfc3501/6.4.4-19",
        summary: "takes ANSWERED for ALL",
        change: Change::Command(|_, body| exchange_keys(body, SearchKey::Answered, SearchKey::All)),
    },
    Fault {
        name: "search-deleted-is-undeleted",
        requirement: "rfc3501/6.4.4-24",
        summary: "takes DELETED for UNDELETED",
        change: Change::Command(|_, body| {
            exchange_keys(body, SearchKey::Deleted, SearchKey::Undeleted)
        }),
    },
    Fault {
        name: "search-draft-is-all",
        requirement: "rfc3501/6.4.4-25",
        summary: "takes DRAFT for ALL",
        change: Change::Command(|_, body| exchange_keys(body, SearchKey::Draft, SearchKey::All)),
    },
    Fault {
        name: "search-flagged-is-unflagged",
        requirement: "rfc3501/6.4.4-26",
        summary: "takes FLAGGED for UNFLAGGED",
        change: Change::Command(|_, body| {
            exchange_keys(body, SearchKey::Flagged, SearchKey::Unflagged)
        }),
    },
    Fault {
        name: "search-seen-is-all",
        requirement: "rfc3501/6.4.4-39",
        summary: "takes SEEN for ALL",
        change: Change::Command(|_, body| exchange_keys(body, SearchKey::Seen, SearchKey::All)),
    },
    Fault {
        name: "search-unanswered-is-all",
        requirement: "rfc3501/6.4.4-50",
        summary: "takes UNANSWERED for ALL",
        change: Change::Command(|_, body| {
            exchange_keys(body, SearchKey::Unanswered, SearchKey::All)
        }),
    },
    Fault {
        name: "search-undeleted-is-all",
        requirement: "rfc3501/6.4.4-51",
        summary: "takes UNDELETED for ALL",
        change: Change::Command(|_, body| {
            exchange_keys(body, SearchKey::Undeleted, SearchKey::All)
        }),
    },
    Fault {
        name: "search-undraft-is-all",
        requirement: "rfc3501/6.4.4-52",
        summary: "takes UNDRAFT for ALL",
        change: Change::Command(|_, body| exchange_keys(body, SearchKey::Undraft, SearchKey::All)),
    },
    Fault {
        name: "search-unflagged-is-all",
        requirement: "rfc3501/6.4.4-53",
        summary: "takes UNFLAGGED for ALL",
        change: Change::Command(|_, body| {
            exchange_keys(body, SearchKey::Unflagged, SearchKey::All)
        }),
    },
    Fault {
        name: "search-new-is-recent",
        requirement: "rfc3501/6.4.4-32",
        summary: "finds seen messages for NEW too",
        change: Change::Command(|_, body| exchange_keys(body, SearchKey::New, SearchKey::Recent)),
    },
    Fault {
        name: "search-recent-is-new",
        requirement: "rfc3501/6.4.4-38",
        summary: "finds no seen message for RECENT",
        change: Change::Command(|_, body| exchange_keys(body, SearchKey::Recent, SearchKey::New)),
    },
    Fault {
        name: "search-old-is-seen",
        requirement: "rfc3501/6.4.4-35",
        summary: "takes OLD for SEEN",
        change: Change::Command(|_, body| exchange_keys(body, SearchKey::Old, SearchKey::Seen)),
    },
    Fault {
        name: "search-unkeyword-is-all",
        requirement: "rfc3501/6.4.4-54",
        summary: "finds every message whatever keyword it shall not have",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Unkeyword(_) = key {
                    *key = SearchKey::All;
                }
            });
        }),
    },
];

/// Takes one key for the other.
fn exchange_keys(body: &mut CommandBody<'static>, from: SearchKey<'_>, to: SearchKey<'static>) {
    each_key(body, |key| {
        if *key == from {
            *key = to.clone();
        }
    });
}
