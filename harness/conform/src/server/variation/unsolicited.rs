//! What a server says without being asked, or says again.

use imap_grammar::{
    CommandBody, Flag, MessageAttribute, RespText, Response, Status, Text, Untagged,
};

use super::{Means, Variation};
use crate::server::tampering::{Change, Exchange, untagged};

pub(super) const VARIATIONS: &[Variation] = &[
    Variation {
        name: "exists-with-every-command",
        section: "rfc3501/7",
        sentence: "The client MUST be prepared to accept any response at all times.",
        summary: "says how many messages there are before every completion",
        means: Means::Traffic(Change::Replace(|exchange, response| {
            before_completion(exchange, response, |exchange| {
                exchange.selected.then_some(Untagged::Exists(exchange.exists))
            })
        })),
    },
    Variation {
        name: "exists-after-completion",
        section: "rfc3501/5.3",
        sentence: "Server implementations are permitted to send an untagged response (except for \
                   EXPUNGE) while there is no command in progress.",
        summary: "says how many messages there are when no command is in progress",
        means: Means::Traffic(Change::Replace(|exchange, response| {
            after_completion(exchange, response, |exchange| Untagged::Exists(exchange.exists))
        })),
    },
    Variation {
        name: "keyword-on-every-message",
        section: "rfc3501/2.3.2",
        sentence: "A keyword is defined by the server implementation.",
        summary: "gives every message a keyword of its own",
        means: Means::Traffic(Change::Edit(|_, response| {
            let Some(keyword) = Flag::new("$HasNoAttachment") else { return };
            match untagged(response) {
                Some(Untagged::Flags(flags)) => flags.push(keyword),
                Some(Untagged::Fetch { items, .. }) => {
                    for item in items {
                        if let MessageAttribute::Flags(flags) = item {
                            flags.push(keyword.clone());
                        }
                    }
                }
                _ => {}
            }
        })),
    },
    Variation {
        name: "ok-after-completion",
        section: "rfc3501/5.3",
        sentence: "Server implementations are permitted to send an untagged response (except for \
                   EXPUNGE) while there is no command in progress.",
        summary: "says OK once more when no command is in progress",
        means: Means::Traffic(Change::Replace(|exchange, response| {
            after_completion(exchange, response, |_| status(Status::Ok, "Nothing else is new"))
        })),
    },
    Variation {
        name: "ok-with-every-command",
        section: "rfc3501/7.1.1",
        sentence: "The untagged form indicates an information-only message",
        summary: "says an untagged OK before every completion",
        means: Means::Traffic(Change::Replace(|exchange, response| {
            before_completion(exchange, response, |_| Some(status(Status::Ok, "Nearly done")))
        })),
    },
    Variation {
        name: "warning-with-every-command",
        section: "rfc3501/7.1.2",
        sentence: "The untagged form indicates a warning; the command can still complete \
                   successfully.",
        summary: "says an untagged NO before every completion",
        means: Means::Traffic(Change::Replace(|exchange, response| {
            before_completion(exchange, response, |_| Some(status(Status::No, "Little space left")))
        })),
    },
    Variation {
        name: "ok-when-idle",
        section: "rfc2177/3",
        sentence: "the server is now free to send untagged EXISTS, EXPUNGE, and other messages at any time.",
        summary: "says an untagged OK as soon as IDLE has begun",
        means: Means::Traffic(Change::Replace(|exchange, response| {
            let idles = exchange.during(|body| *body == CommandBody::Idle);
            match response {
                Response::Continue(_) if idles => {
                    vec![response, Response::Untagged(status(Status::Ok, "Still here"))]
                }
                response => vec![response],
            }
        })),
    },
    Variation {
        name: "exists-after-expunge",
        section: "rfc3501/7.4.1",
        sentence: "it is not necessary to send an EXISTS response with the new value",
        summary: "says after every EXPUNGE how many messages are left",
        means: Means::Traffic(Change::Replace(|exchange, response| match response {
            Response::Untagged(Untagged::Expunge(_)) => {
                vec![response, Response::Untagged(Untagged::Exists(exchange.exists))]
            }
            response => vec![response],
        })),
    },
    Variation {
        name: "counts-twice",
        section: "rfc3501/2.2.2",
        sentence: "This includes server data that was not requested.",
        summary: "says EXISTS, RECENT and FLAGS twice",
        means: Means::Traffic(Change::Replace(|_, response| match response {
            Response::Untagged(Untagged::Exists(_) | Untagged::Recent(_) | Untagged::Flags(_)) => {
                vec![response.clone(), response]
            }
            response => vec![response],
        })),
    },
    Variation {
        name: "codes-twice",
        section: "rfc3501/2.2.2",
        sentence: "This includes server data that was not requested.",
        summary: "says every untagged OK with a code twice, once a mailbox is being selected",
        means: Means::Traffic(Change::Replace(|exchange, response| match &response {
            Response::Untagged(Untagged::Status {
                text: RespText { code: Some(_), .. }, ..
            }) if exchange.selections > 0 => {
                vec![response.clone(), response]
            }
            _ => vec![response],
        })),
    },
];

fn before_completion(
    exchange: &Exchange,
    response: Response<'static>,
    more: impl Fn(&Exchange) -> Option<Untagged<'static>>,
) -> Vec<Response<'static>> {
    match response {
        Response::Tagged(_) => {
            let more = more(exchange).map(Response::Untagged);
            more.into_iter().chain([response]).collect()
        }
        response => vec![response],
    }
}

/// Only while a mailbox is selected, when neither LOGOUT nor STARTTLS can have been completed.
fn after_completion(
    exchange: &Exchange,
    response: Response<'static>,
    more: impl Fn(&Exchange) -> Untagged<'static>,
) -> Vec<Response<'static>> {
    match response {
        Response::Tagged(_) if exchange.selected => {
            vec![response, Response::Untagged(more(exchange))]
        }
        response => vec![response],
    }
}

fn status(status: Status, words: &'static str) -> Untagged<'static> {
    let text = Text::new(words).expect("words are TEXT-CHARs");
    Untagged::Status { status, text: RespText { code: None, text } }
}
