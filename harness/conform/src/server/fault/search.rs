//! Faults in SEARCH.

use std::num::NonZeroU32;

use imap_grammar::{Code, CommandBody, Response, SearchKey, Untagged};

use super::{Change, Fault, completes, no_to_ok, untagged};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "search-loses-the-last",
        requirement: "rfc3501/6.4.4-03",
        summary: "leaves the last message found out",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Search { numbers, .. }) = untagged(response) {
                numbers.pop();
            }
        }),
    },
    Fault {
        name: "search-finds-the-first",
        requirement: "rfc3501/6.4.4-03",
        summary: "finds the first message whatever is searched",
        change: Change::Edit(|exchange, response| {
            let by_number =
                |body: &CommandBody<'_>| matches!(body, CommandBody::Search { uid: false, .. });
            if let Some(Untagged::Search { numbers, .. }) = untagged(response)
                && exchange.during(by_number)
                && exchange.exists > 0
                && !numbers.contains(&NonZeroU32::MIN)
            {
                numbers.insert(0, NonZeroU32::MIN);
            }
        }),
    },
    Fault {
        name: "search-nothing-says-nothing",
        requirement: "rfc3501/6.4.4-01",
        summary: "sends no SEARCH response where nothing is found",
        change: Change::Drop(|_, response| match response {
            Response::Untagged(Untagged::Search { numbers, .. }) => numbers.is_empty(),
            _ => false,
        }),
    },
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
        name: "search-takes-the-first-key",
        requirement: "rfc3501/6.4.4-04",
        summary: "looks only at the first of several keys",
        change: Change::Command(|_, body| {
            if let CommandBody::Search { keys, .. } = body {
                keys.truncate(1);
            }
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
        requirement: "rfc3501/6.4.4-41",
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
                    && let Some(empty) = imap_grammar::ImapString::new(&b""[..])
                {
                    *key = SearchKey::Header { name: name.clone(), value: empty };
                }
            });
        }),
    },
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
        name: "search-any-charset",
        requirement: "rfc3501/6.4.4-12",
        summary: "says OK to a charset it does not know",
        change: Change::Edit(|exchange, response| no_to_ok(exchange, response, searches)),
    },
    Fault {
        name: "search-without-badcharset",
        requirement: "rfc3501/6.4.4-13",
        summary: "says NO to a charset without BADCHARSET",
        change: Change::Edit(|exchange, response| {
            if let Some(tagged) = completes(exchange, response, searches) {
                tagged.text.code.take_if(|code| matches!(code, Code::BadCharset(_)));
            }
        }),
    },
    Fault {
        name: "uid-search-tells-numbers",
        requirement: "rfc3501/6.4.8-07",
        summary: "answers UID SEARCH with message sequence numbers",
        change: Change::Command(|_, body| {
            if let CommandBody::Search { uid, .. } = body {
                *uid = false;
            }
        }),
    },
];

fn searches(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Search { .. })
}

/// Edits the keys of a search, those in NOT, OR and parentheses too.
fn each_key(body: &mut CommandBody<'static>, edit: fn(&mut SearchKey<'static>)) {
    if let CommandBody::Search { keys, .. } = body {
        keys.iter_mut().for_each(|key| edit_key(key, edit));
    }
}

/// Nesting is bounded by the grammar.
fn edit_key(key: &mut SearchKey<'static>, edit: fn(&mut SearchKey<'static>)) {
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
