//! Text for people, and the codes before it.

use imap_grammar::{
    Atom, Code, CommandBody, Continue, RespText, Response, Rfc5530Code, Status, Text, Untagged,
};

use super::{Means, Variation};
use crate::server::tampering::{Change, Exchange};

pub(super) const VARIATIONS: &[Variation] = &[
    Variation {
        name: "other-text",
        section: "rfc3501/7.1.1",
        sentence: "The human-readable text MAY be presented to the user as an information message.",
        summary: "says everything to people in other words",
        means: Means::Traffic(Change::Edit(|exchange, response| {
            say(exchange, response, |_| "Erledigt, oder auch nicht".to_owned());
        })),
    },
    Variation {
        name: "long-text",
        section: "rfc3501/9",
        sentence: "text = 1*TEXT-CHAR",
        summary: "says everything to people at great length",
        means: Means::Traffic(Change::Edit(|exchange, response| {
            say(exchange, response, |text| format!("{text}, that is to say. ").repeat(60));
        })),
    },
    Variation {
        name: "text-of-one-space",
        section: "rfc3501/9",
        sentence: "text = 1*TEXT-CHAR",
        summary: "has nothing to say to people but a space",
        means: Means::Traffic(Change::Edit(|exchange, response| {
            say(exchange, response, |_| " ".to_owned());
        })),
    },
    Variation {
        name: "text-like-responses",
        section: "rfc3501/9",
        sentence: "TEXT-CHAR = <any CHAR except CR and LF>",
        summary: "says to people what looks like responses, strings and codes",
        means: Means::Traffic(Change::Edit(|exchange, response| {
            let text = "* 1 EXPUNGE (\"* BYE [UIDNEXT 1] [READ-ONLY] a1 NO \\Seen";
            say(exchange, response, |_| text.to_owned());
        })),
    },
    Variation {
        name: "text-like-a-literal",
        section: "rfc3501/9",
        sentence: "TEXT-CHAR = <any CHAR except CR and LF>",
        summary: "ends text for people with what looks like the announcement of a literal",
        means: Means::Traffic(Change::Edit(|exchange, response| {
            say(exchange, response, |text| format!("{text} {{12}}"));
        })),
    },
    Variation {
        name: "unknown-codes",
        section: "rfc3501/7.1",
        sentence: "Client implementations SHOULD ignore response codes that they do not recognize.",
        summary: "puts a code of its own where it has no other",
        means: Means::Traffic(Change::Edit(|exchange, response| {
            let name = Atom::new("XCONFORM");
            let code = name.map(|name| Code::Other { name, value: Some("1 (\"a\" \\b)".into()) });
            add_code(exchange, response, |_| code.clone());
        })),
    },
    Variation {
        name: "alert-everywhere",
        section: "rfc3501/7.1",
        sentence: "The human-readable text contains a special alert",
        summary: "makes an alert of every text that has no other code",
        means: Means::Traffic(Change::Edit(|exchange, response| {
            add_code(exchange, response, |_| Some(Code::Alert));
        })),
    },
    Variation {
        name: "reasons-as-codes",
        section: "rfc5530/3",
        sentence: "The operation violates some invariant of the server and can never succeed.",
        summary: "says with a code why it refuses",
        means: Means::Traffic(Change::Edit(|exchange, response| {
            add_code(exchange, response, |status| match status {
                Status::Ok => None,
                Status::No => Some(Code::Rfc5530(Rfc5530Code::Cannot)),
                Status::Bad => Some(Code::Rfc5530(Rfc5530Code::ClientBug)),
            });
        })),
    },
    Variation {
        name: "continuation-with-code",
        section: "rfc3501/9",
        sentence: "continue-req = \"+\" SP (resp-text / base64) CRLF",
        summary: "puts a code into continuation requests",
        means: Means::Traffic(Change::Edit(|exchange, response| {
            if let Some(Continue { text: Some(text) }) = request(exchange, response) {
                text.code = Some(Code::Alert);
            }
        })),
    },
    Variation {
        name: "continuation-of-no-octets",
        section: "rfc3501/9",
        sentence: "continue-req = \"+\" SP (resp-text / base64) CRLF",
        summary: "says nothing in continuation requests, as base64 of no octets does",
        means: Means::Traffic(Change::Edit(|exchange, response| {
            if let Some(request) = request(exchange, response) {
                request.text = None;
            }
        })),
    },
];

/// Changes the text for people, wherever one stands.
fn say(exchange: &Exchange, response: &mut Response<'static>, words: impl Fn(&str) -> String) {
    if let Some(resp_text) = resp_text(exchange, response)
        && let Some(text) = Text::new(words(resp_text.text.as_str()))
    {
        resp_text.text = text;
    }
}

/// Adds a code to a status response that has none.
fn add_code(
    exchange: &Exchange,
    response: &mut Response<'static>,
    code: impl Fn(Status) -> Option<Code<'static>>,
) {
    let status = match response {
        Response::Tagged(tagged) => tagged.status,
        Response::Untagged(Untagged::Status { status, .. }) => *status,
        _ => return,
    };
    if let Some(resp_text) = resp_text(exchange, response).filter(|text| text.code.is_none()) {
        resp_text.code = code(status);
    }
}

fn resp_text<'r>(
    exchange: &Exchange,
    response: &'r mut Response<'static>,
) -> Option<&'r mut RespText<'static>> {
    match response {
        Response::Tagged(tagged) => Some(&mut tagged.text),
        Response::Untagged(Untagged::Status { text, .. } | Untagged::Bye(text)) => Some(text),
        Response::Continue(_) => request(exchange, response)?.text.as_mut(),
        Response::Untagged(_) => None,
    }
}

/// A continuation request, unless it is a challenge of AUTHENTICATE, which is no text.
fn request<'r>(
    exchange: &Exchange,
    response: &'r mut Response<'static>,
) -> Option<&'r mut Continue<'static>> {
    match response {
        Response::Continue(request)
            if !exchange.during(|body| matches!(body, CommandBody::Authenticate { .. })) =>
        {
            Some(request)
        }
        _ => None,
    }
}
