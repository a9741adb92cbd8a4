//! Faults in the keys of SEARCH that look at text, dates, sizes and numbers.

use imap_grammar::{CommandBody, ImapString, SearchKey};

use super::{Change, Fault};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "search-not-is-ignored",
        requirement: "rfc3501/6.4.4-34",
        summary: "ignores NOT",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Not(inner) = key {
                    *key = (**inner).clone();
                }
            });
        }),
    },
    Fault {
        name: "search-or-is-and",
        requirement: "rfc3501/6.4.4-37",
        summary: "takes OR for and",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Or(one, other) = key {
                    *key = SearchKey::And(vec![(**one).clone(), (**other).clone()]);
                }
            });
        }),
    },
    Fault {
        name: "search-on-is-since",
        requirement: "rfc3501/6.4.4-36",
        summary: "takes ON for SINCE",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::On(date) = key {
                    *key = SearchKey::Since(*date);
                }
            });
        }),
    },
    Fault {
        name: "search-sent-is-arrived",
        requirement: "rfc3501/6.4.4-42",
        summary: "looks at the internal date where the Date field is meant",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                let meant = match key {
                    SearchKey::SentOn(date) => SearchKey::On(*date),
                    SearchKey::SentBefore(date) => SearchKey::Before(*date),
                    SearchKey::SentSince(date) => SearchKey::Since(*date),
                    _ => return,
                };
                *key = meant;
            });
        }),
    },
    Fault {
        name: "search-larger-includes",
        requirement: "rfc3501/6.4.4-31",
        summary: "finds messages of just the size that LARGER and SMALLER name",
        change: Change::Command(|_, body| {
            each_key(body, |key| match key {
                SearchKey::Larger(size) => *size = size.saturating_sub(1),
                SearchKey::Smaller(size) => *size = size.saturating_add(1),
                _ => {}
            });
        }),
    },
    Fault {
        name: "search-to-is-from",
        requirement: "rfc3501/6.4.4-48",
        summary: "looks for recipients in From",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::To(text) | SearchKey::Cc(text) | SearchKey::Bcc(text) = key {
                    *key = SearchKey::From(text.clone());
                }
            });
        }),
    },
    Fault {
        name: "search-body-is-text",
        requirement: "rfc3501/6.4.4-22",
        summary: "looks into the header where BODY is meant",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Body(text) = key {
                    *key = SearchKey::Text(text.clone());
                }
            });
        }),
    },
    Fault {
        name: "search-header-ignores-value",
        requirement: "rfc3501/6.4.4-28",
        summary: "finds every message that has the field",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Header { name, .. } = key
                    && let Some(empty) = ImapString::new(&b""[..])
                {
                    *key = SearchKey::Header { name: name.clone(), value: empty };
                }
            });
        }),
    },
    Fault {
        name: "search-bcc-is-to",
        requirement: "rfc3501/6.4.4-20",
        summary: "looks for blind copies in To",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Bcc(text) = key {
                    *key = SearchKey::To(text.clone());
                }
            });
        }),
    },
    Fault {
        name: "search-cc-is-to",
        requirement: "rfc3501/6.4.4-23",
        summary: "looks for copies in To",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Cc(text) = key {
                    *key = SearchKey::To(text.clone());
                }
            });
        }),
    },
    Fault {
        name: "search-from-is-to",
        requirement: "rfc3501/6.4.4-27",
        summary: "looks for the sender in To",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::From(text) = key {
                    *key = SearchKey::To(text.clone());
                }
            });
        }),
    },
    Fault {
        name: "search-subject-is-text",
        requirement: "rfc3501/6.4.4-46",
        summary: "looks for the subject in the whole message",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Subject(text) = key {
                    *key = SearchKey::Text(text.clone());
                }
            });
        }),
    },
    Fault {
        name: "search-text-is-body",
        requirement: "rfc3501/6.4.4-47",
        summary: "looks for TEXT in the body only",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Text(text) = key {
                    *key = SearchKey::Body(text.clone());
                }
            });
        }),
    },
    Fault {
        name: "search-text-is-subject",
        requirement: "rfc3501/6.4.4-47",
        summary: "looks for TEXT in the subject only",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Text(text) = key {
                    *key = SearchKey::Subject(text.clone());
                }
            });
        }),
    },
    Fault {
        name: "search-before-includes",
        requirement: "rfc3501/6.4.4-21",
        summary: "finds messages of the day that BEFORE names",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Before(date) = key {
                    *key = SearchKey::Or(
                        Box::new(SearchKey::Before(*date)),
                        Box::new(SearchKey::On(*date)),
                    );
                }
            });
        }),
    },
    Fault {
        name: "search-since-excludes",
        requirement: "rfc3501/6.4.4-43",
        summary: "finds no message of the day that SINCE names",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Since(date) = key {
                    *key = SearchKey::And(vec![SearchKey::Since(*date), not(SearchKey::On(*date))]);
                }
            });
        }),
    },
    Fault {
        name: "search-sentbefore-includes",
        requirement: "rfc3501/6.4.4-40",
        summary: "finds messages of the day that SENTBEFORE names",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::SentBefore(date) = key {
                    *key = SearchKey::Or(
                        Box::new(SearchKey::SentBefore(*date)),
                        Box::new(SearchKey::SentOn(*date)),
                    );
                }
            });
        }),
    },
    Fault {
        name: "search-sentsince-excludes",
        requirement: "rfc3501/6.4.4-42",
        summary: "finds no message of the day that SENTSINCE names",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::SentSince(date) = key {
                    *key = SearchKey::And(vec![
                        SearchKey::SentSince(*date),
                        not(SearchKey::SentOn(*date)),
                    ]);
                }
            });
        }),
    },
    Fault {
        name: "search-senton-is-sentsince",
        requirement: "rfc3501/6.4.4-41",
        summary: "takes SENTON for SENTSINCE",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::SentOn(date) = key {
                    *key = SearchKey::SentSince(*date);
                }
            });
        }),
    },
    Fault {
        name: "search-smaller-is-larger",
        requirement: "rfc3501/6.4.4-45",
        summary: "takes SMALLER for LARGER",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Smaller(size) = key {
                    *key = SearchKey::Larger(*size);
                }
            });
        }),
    },
    Fault {
        name: "search-numbers-are-uids",
        requirement: "rfc3501/6.4.4-17",
        summary: "takes sequence numbers in SEARCH for unique identifiers",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::SequenceSet(set) = key {
                    *key = SearchKey::Uid(set.clone());
                }
            });
        }),
    },
    Fault {
        name: "search-uids-are-numbers",
        requirement: "rfc3501/6.4.4-49",
        summary: "takes the key UID for one of sequence numbers",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Uid(set) = key {
                    *key = SearchKey::SequenceSet(set.clone());
                }
            });
        }),
    },
    Fault {
        name: "search-header-is-text",
        requirement: "rfc3501/6.4.4-28",
        summary: "looks for the text of HEADER in every field",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Header { value, .. } = key {
                    *key = SearchKey::Text(value.clone());
                }
            });
        }),
    },
    Fault {
        name: "search-header-needs-a-value",
        requirement: "rfc3501/6.4.4-29",
        summary: "finds no message for HEADER with an empty string",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                let nothing = matches!(key, SearchKey::Header { value, .. }
                    if value.as_bytes().is_empty());
                if nothing {
                    *key = not(SearchKey::All);
                }
            });
        }),
    },
    Fault {
        name: "search-in-parentheses-is-one",
        requirement: "rfc3501/6.4.4-05",
        summary: "looks only at the first key in parentheses",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::And(keys) = key {
                    keys.truncate(1);
                }
            });
        }),
    },
    Fault {
        name: "search-or-is-the-first",
        requirement: "rfc3501/6.4.4-37",
        summary: "looks only at the first key of OR",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Or(one, _) = key {
                    *key = (**one).clone();
                }
            });
        }),
    },
    Fault {
        name: "search-is-case-sensitive",
        requirement: "rfc3501/6.4.4-16",
        summary: "finds text only in the case in which it is searched",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                let (SearchKey::Subject(text)
                | SearchKey::Body(text)
                | SearchKey::Text(text)
                | SearchKey::From(text)) = key
                else {
                    return;
                };
                if text.as_bytes().iter().all(|octet| !octet.is_ascii_lowercase()) {
                    *key = not(SearchKey::All);
                }
            });
        }),
    },
    Fault {
        name: "search-leaves-encoded-words",
        requirement: "rfc3501/6.4.4-09",
        summary: "compares text in UTF-8 with encoded words as they are written",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Subject(text) = key {
                    never_found(text);
                }
            });
        }),
    },
    Fault {
        name: "search-leaves-transfer-encodings",
        requirement: "rfc3501/6.4.4-08",
        summary: "compares text in UTF-8 with bodies in their transfer encoding",
        change: Change::Command(|_, body| {
            each_key(body, |key| {
                if let SearchKey::Body(text) = key {
                    never_found(text);
                }
            });
        }),
    },
];

/// Makes a text that is not in US-ASCII one that is nowhere.
fn never_found(text: &mut ImapString<'static>) {
    if !text.as_bytes().is_ascii()
        && let Some(nowhere) = ImapString::new(&b"=?UTF-8?nowhere?="[..])
    {
        *text = nowhere;
    }
}

/// Edits the keys of a search, those in NOT, OR and parentheses too.
pub(super) fn each_key(body: &mut CommandBody<'static>, edit: impl Fn(&mut SearchKey<'static>)) {
    if let CommandBody::Search { keys, .. } = body {
        keys.iter_mut().for_each(|key| edit_key(key, &edit));
    }
}

/// Nesting is bounded by the grammar.
fn edit_key(key: &mut SearchKey<'static>, edit: &impl Fn(&mut SearchKey<'static>)) {
    match key {
        SearchKey::Not(inner) => edit_key(inner, edit),
        SearchKey::Or(one, other) => {
            edit_key(one, edit);
            edit_key(other, edit);
        }
        SearchKey::And(keys) => keys.iter_mut().for_each(|key| edit_key(key, edit)),
        _ => {}
    }
    edit(key);
}

fn not(key: SearchKey<'static>) -> SearchKey<'static> {
    SearchKey::Not(Box::new(key))
}
