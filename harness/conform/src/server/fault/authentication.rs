//! Faults in the states of a connection: greeting, login, logout, and what is allowed when.

use imap_grammar::{CommandBody, Response, Status, Untagged};

use super::{Change, Fault, after_completion, completes, no_to_ok};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "login-with-any-password",
        requirement: "rfc3501/6.2.3-02",
        summary: "says OK to a LOGIN with a wrong password",
        change: Change::Edit(|exchange, response| {
            no_to_ok(exchange, response, |body| matches!(body, CommandBody::Login { .. }));
        }),
    },
    Fault {
        name: "authenticate-with-anything",
        requirement: "rfc3501/6.2.2-02",
        summary: "says OK to AUTHENTICATE with wrong credentials",
        change: Change::Edit(|exchange, response| {
            no_to_ok(exchange, response, |body| matches!(body, CommandBody::Authenticate { .. }));
        }),
    },
    Fault {
        name: "authenticate-is-no",
        requirement: "rfc3501/6.2.2-01",
        summary: "says NO to AUTHENTICATE with the right credentials",
        change: Change::Edit(|exchange, response| {
            let kind = |body: &CommandBody<'_>| matches!(body, CommandBody::Authenticate { .. });
            if let Some(tagged) = completes(exchange, response, kind)
                && tagged.status == Status::Ok
            {
                tagged.status = Status::No;
                tagged.text.code = None;
            }
        }),
    },
    Fault {
        name: "initial-response-ignored",
        requirement: "rfc4959/3-01",
        summary: "asks for a first response that the AUTHENTICATE command holds already",
        change: Change::Command(|_, body| {
            if let CommandBody::Authenticate { initial_response, .. } = body {
                *initial_response = None;
            }
        }),
    },
    Fault {
        name: "authenticate-cancel-is-no",
        requirement: "rfc3501/6.2.2-11",
        summary: "says NO to an AUTHENTICATE that the client cancels",
        change: Change::Edit(|exchange, response| {
            let kind = |body: &CommandBody<'_>| matches!(body, CommandBody::Authenticate { .. });
            if let Some(tagged) = completes(exchange, response, kind)
                && tagged.status == Status::Bad
            {
                tagged.status = Status::No;
            }
        }),
    },
    Fault {
        name: "commands-in-any-state",
        requirement: "rfc3501/3-02",
        summary: "says OK to commands that are legal but not now",
        change: Change::Edit(|exchange, response| {
            if let Some(tagged) = completes(exchange, response, |_| true)
                && tagged.status == Status::Bad
            {
                tagged.status = Status::Ok;
            }
        }),
    },
    Fault {
        name: "logout-without-bye",
        requirement: "rfc3501/6.1.3-01",
        summary: "completes LOGOUT without BYE",
        change: Change::Drop(|_, response| {
            matches!(response, Response::Untagged(Untagged::Bye(_)))
        }),
    },
    Fault {
        name: "bye-after-ok",
        requirement: "rfc3501/6.1.3-01",
        summary: "says BYE only after LOGOUT is complete",
        change: Change::Replace(|exchange, response| {
            after_completion(exchange, response, |untagged| matches!(untagged, Untagged::Bye(_)))
        }),
    },
    Fault {
        name: "logout-is-no",
        requirement: "rfc3501/3.4-02",
        summary: "says NO to LOGOUT",
        change: Change::Edit(|exchange, response| {
            let kind = |body: &CommandBody<'_>| *body == CommandBody::Logout;
            if let Some(tagged) = completes(exchange, response, kind) {
                tagged.status = Status::No;
            }
        }),
    },
    Fault {
        name: "noop-is-no",
        requirement: "rfc3501/6.1.2-01",
        summary: "says NO to NOOP",
        change: Change::Edit(|exchange, response| {
            let kind = |body: &CommandBody<'_>| *body == CommandBody::Noop;
            if let Some(tagged) = completes(exchange, response, kind) {
                tagged.status = Status::No;
            }
        }),
    },
];
