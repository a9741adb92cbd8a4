//! SEARCH and UID SEARCH (RFC 3501 §6.4.4, RFC 4731).

use std::num::NonZeroU32;

use imap_grammar::{
    Code, ESearch, ImapString, Response, Rfc5530Code, SearchKey, SearchReturnData,
    SearchReturnOption, SequenceSet, Untagged,
};

use super::Context;
use crate::reply::Completion;
use crate::search::Query;
use crate::selected::Selected;
use crate::{Candidate, Charset};

/// How many octets of messages the keys of one command may look through: a client can write the
/// same ones again and again. One string is always looked for in as many messages as a user has
/// room for, unless that is set to more.
const MAX_OCTETS: u64 = 1 << 31;

pub(super) fn search(
    context: &mut Context<'_>,
    selected: &Selected,
    uid: bool,
    returns: Option<&[SearchReturnOption]>,
    charset: Option<&ImapString<'_>>,
    keys: &[SearchKey<'_>],
) -> Completion {
    let charset = match charset {
        None => Charset::default(),
        Some(name) => match Charset::from_name(name.as_bytes()) {
            Some(charset) => charset,
            None => {
                let known =
                    Charset::NAMES.iter().filter_map(|name| ImapString::new(name.as_bytes()));
                return Completion::no("The character set is not supported")
                    .with(Code::BadCharset(known.collect()));
            }
        },
    };
    let asks_mod_seq = keys.iter().any(names_mod_seq);
    if asks_mod_seq {
        context.enable_condstore(Some(selected));
    }
    let Some(found) = find(context, selected, uid, charset, keys) else {
        return Completion::no("That is too much at once").because(Rfc5530Code::Limit);
    };
    let response = match returns {
        None => {
            let mod_seq = found.iter().map(|&(_, mod_seq)| mod_seq).max();
            let numbers = found.iter().map(|&(number, _)| number).collect();
            Untagged::Search { numbers, mod_seq: mod_seq.filter(|_| asks_mod_seq) }
        }
        Some(options) => {
            let tag = Some(context.tag.clone().into_owned());
            let data = returned(options, &found, asks_mod_seq);
            Untagged::ESearch(Box::new(ESearch { tag, uid, data }))
        }
    };
    context.out.push(Response::Untagged(response));
    Completion::ok("SEARCH completed")
}

/// The numbers of the messages that match, ascending, with their modification sequences; nothing
/// where that is too much to look through.
fn find(
    context: &Context<'_>,
    selected: &Selected,
    uid: bool,
    charset: Charset,
    keys: &[SearchKey<'_>],
) -> Option<Vec<(NonZeroU32, u64)>> {
    let mailbox = context.account.mailbox(selected.mailbox);
    let largest_number = selected.exists();
    let largest_uid = selected.largest_uid().unwrap_or(mailbox.uid_next()).get();
    let query = Query::new(keys, charset, largest_number, largest_uid);
    let present = selected.messages().filter_map(|(number, uid)| Some((number, mailbox.get(uid)?)));
    let present: Vec<_> = present.collect();
    let costs = present.iter().map(|(_, stored)| query.cost(&stored.message));
    if costs.fold(0, u64::saturating_add) > MAX_OCTETS {
        return None;
    }
    let matching = present.into_iter().filter(|&(number, stored)| {
        query.matches(&Candidate {
            number,
            uid: stored.uid,
            flags: &stored.flags,
            recent: selected.is_recent(number),
            internal_date: stored.internal_date,
            mod_seq: stored.mod_seq,
            message: &stored.message,
            largest_number,
            largest_uid,
        })
    });
    let told =
        matching.map(|(number, stored)| (if uid { stored.uid } else { number }, stored.mod_seq));
    Some(told.collect())
}

/// What ESEARCH says of the messages found; no options are the same as ALL (RFC 4731 §3.1).
fn returned(
    options: &[SearchReturnOption],
    found: &[(NonZeroU32, u64)],
    asks_mod_seq: bool,
) -> Vec<SearchReturnData> {
    use SearchReturnOption::{All, Count, Max, Min};

    let options = if options.is_empty() { &[All] } else { options };
    let asks = |option| options.contains(&option);
    let (first, last) = (found.first(), found.last());
    let mut data = Vec::new();
    if let Some((number, _)) = first.filter(|_| asks(Min)) {
        data.push(SearchReturnData::Min(*number));
    }
    if let Some((number, _)) = last.filter(|_| asks(Max)) {
        data.push(SearchReturnData::Max(*number));
    }
    let all = SequenceSet::from_numbers(found.iter().map(|&(number, _)| number));
    if let Some(all) = all.filter(|_| asks(All)) {
        data.push(SearchReturnData::All(all));
    }
    if asks(Count) {
        data.push(SearchReturnData::Count(u32::try_from(found.len()).unwrap_or(u32::MAX)));
    }
    if asks_mod_seq {
        // Of the messages returned, which with COUNT are all that were found (RFC 4731 §3.2).
        let mod_seq = if asks(All) || asks(Count) {
            found.iter().map(|&(_, mod_seq)| mod_seq).max()
        } else {
            let ends = [first.filter(|_| asks(Min)), last.filter(|_| asks(Max))];
            ends.into_iter().flatten().map(|&(_, mod_seq)| mod_seq).max()
        };
        data.extend(mod_seq.map(SearchReturnData::ModSeq));
    }
    data
}

fn names_mod_seq(key: &SearchKey<'_>) -> bool {
    match key {
        SearchKey::ModSeq { .. } => true,
        SearchKey::Not(key) => names_mod_seq(key),
        SearchKey::Or(one, other) => names_mod_seq(one) || names_mod_seq(other),
        SearchKey::And(keys) => keys.iter().any(names_mod_seq),
        _ => false,
    }
}
