//! Faults in the states of a connection: greeting, login, logout, and what is allowed when.

use imap_grammar::{CommandBody, Response, Status, Untagged};

use imap_model::Lapse;

use super::{Change, Fault, after_completion, completes, no_to_ok, ok_to_no};

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
            ok_to_no(exchange, response, |body| *body == CommandBody::Logout);
        }),
    },
    Fault {
        name: "noop-is-no",
        requirement: "rfc3501/6.1.2-01",
        summary: "says NO to NOOP",
        change: Change::Edit(|exchange, response| {
            ok_to_no(exchange, response, |body| *body == CommandBody::Noop);
        }),
    },
    Fault {
        name: "no-login-after-a-failure",
        requirement: "rfc3501/6.2.2-20",
        summary: "takes no LOGIN after AUTHENTICATE has failed",
        change: Change::Edit(|exchange, response| {
            let failed =
                exchange.ended(Status::No, |body| matches!(body, CommandBody::Authenticate { .. }));
            if failed {
                ok_to_no(exchange, response, logs_in);
            }
        }),
    },
    Fault {
        name: "second-login-is-ok",
        requirement: "rfc3501/3-02",
        summary: "says OK to a LOGIN when somebody is logged in",
        change: Change::Edit(|exchange, response| {
            let is_logged_in = exchange.ended(Status::Ok, logs_in);
            if let Some(tagged) = completes(exchange, response, logs_in).filter(|_| is_logged_in) {
                tagged.status = Status::Ok;
            }
        }),
    },
    Fault {
        name: "data-before-greeting",
        requirement: "rfc3501/2.2-01",
        summary: "tells its capabilities before it greets",
        change: Change::Octets(|exchange, octets| match exchange.greeted {
            true => octets,
            false => [b"* CAPABILITY IMAP4rev1\r\n".as_slice(), &octets].concat(),
        }),
    },
    Fault {
        name: "capability-twice",
        requirement: "rfc3501/6.1.1-02",
        summary: "sends two CAPABILITY responses",
        change: Change::Replace(|_, response| match response {
            Response::Untagged(Untagged::Capability(_)) => vec![response.clone(), response],
            response => vec![response],
        }),
    },
    Fault {
        name: "starttls-does-nothing",
        requirement: "rfc3501/6.2.1-01",
        summary: "says OK to STARTTLS and goes on in clear",
        change: Change::Command(|_, body| {
            if *body == CommandBody::StartTls {
                *body = CommandBody::Noop;
            }
        }),
    },
    Fault {
        name: "starttls-is-no",
        requirement: "rfc3501/6.2.1-01",
        summary: "says NO to STARTTLS",
        change: Change::Edit(|exchange, response| {
            ok_to_no(exchange, response, |body| *body == CommandBody::StartTls);
        }),
    },
    Fault {
        name: "check-is-no",
        requirement: "rfc3501/6.4.1-01",
        summary: "says NO to CHECK",
        change: Change::Edit(|exchange, response| {
            ok_to_no(exchange, response, |body| *body == CommandBody::Check);
        }),
    },
    Fault {
        name: "logout-goes-on",
        requirement: "rfc3501/6.1.3-02",
        summary: "does not close the connection at LOGOUT",
        change: Change::Lapse(Lapse::StaysAfterLogout),
    },
];

fn logs_in(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Login { .. })
}
