//! What a server says it can do, and when.

use imap_grammar::{
    Atom, Capability, Code, CommandBody, NString, RespText, Response, Status, Untagged,
};

use super::{Means, Variation, capabilities, status_text};
use crate::server::tampering::{Change, Exchange, untagged};

pub(super) const VARIATIONS: &[Variation] = &[
    Variation {
        name: "no-extensions",
        section: "rfc3501/7.2.1",
        sentence: "Client implementations SHOULD NOT require any capability name other than \
                   \"IMAP4rev1\"",
        summary: "offers no extension at all",
        means: Means::Traffic(Change::Edit(|_, response| {
            let own = ["IMAP4rev1", "STARTTLS", "LOGINDISABLED"];
            capabilities(response, |capabilities| {
                capabilities.retain(|capability| {
                    capability.auth_type().is_some() || own.iter().any(|own| capability.is(own))
                });
            });
        })),
    },
    Variation {
        name: "no-namespace",
        section: "rfc3501/7.2.1",
        sentence: "Client implementations SHOULD NOT require any capability name other than \
                   \"IMAP4rev1\"",
        summary: "does not offer NAMESPACE",
        means: Means::Traffic(Change::Edit(|_, response| leave_out(response, "NAMESPACE"))),
    },
    Variation {
        name: "no-literal-plus",
        section: "rfc3501/7.2.1",
        sentence: "Client implementations SHOULD NOT require any capability name other than \
                   \"IMAP4rev1\"",
        summary: "offers no literals without synchronisation",
        means: Means::Traffic(Change::Edit(|_, response| leave_out(response, "LITERAL+"))),
    },
    Variation {
        name: "no-starttls",
        section: "rfc3501/6.1.1",
        sentence: "Other capability names indicate that the server supports an extension",
        summary: "does not offer STARTTLS",
        means: Means::Configuration(|configuration| configuration.starttls = false),
    },
    Variation {
        name: "preauthenticated",
        section: "rfc3501/7.1.4",
        sentence: "the connection has already been authenticated by external means",
        summary: "greets with PREAUTH",
        means: Means::Configuration(|configuration| configuration.preauthenticated = true),
    },
    Variation {
        name: "no-plain",
        section: "rfc3501/6.2.2",
        sentence: "If the server supports the requested authentication mechanism, it performs an \
                   authentication protocol exchange",
        summary: "offers and knows no mechanism of AUTHENTICATE, only LOGIN",
        means: Means::Traffic(Change::Both {
            command: |_, body| {
                if let CommandBody::Authenticate { mechanism, .. } = body
                    && let Some(unknown) = Atom::new("XNONE")
                {
                    *mechanism = unknown;
                }
            },
            response: |_, response| leave_out(response, "AUTH=PLAIN"),
        }),
    },
    Variation {
        name: "unknown-capabilities",
        section: "rfc3501/6.1.1",
        sentence: "MUST ignore any unknown capability names.",
        summary: "offers what nobody knows, before what everybody does",
        means: Means::Traffic(Change::Edit(|_, response| {
            capabilities(response, |capabilities| {
                let unknown = ["XCONFORM", "X-AUTH=PLAIN", "XIDLE2", "X=Y=Z"];
                let unknown = unknown.into_iter().filter_map(Atom::new).map(Capability);
                capabilities.splice(0..0, unknown);
            });
        })),
    },
    Variation {
        name: "capabilities-only-when-asked",
        section: "rfc3501/6.2.3",
        sentence: "A server MAY include a CAPABILITY response code in the tagged OK response to a \
                   successful LOGIN command",
        summary: "says its capabilities in no greeting and no completion",
        means: Means::Traffic(Change::Edit(|_, response| {
            if let Some(text) = status_text(response)
                && matches!(text.code, Some(Code::Capability(_)))
            {
                text.code = None;
            }
        })),
    },
    Variation {
        name: "capabilities-beside-login",
        section: "rfc3501/6.1.1",
        sentence: "A server MAY send capabilities automatically",
        summary: "says its capabilities before the completion of a login and not with it",
        means: Means::Traffic(Change::Replace(beside_login)),
    },
    Variation {
        name: "nameless",
        section: "rfc2971/3.2",
        sentence: "a server MAY send NIL in place of the list.",
        summary: "does not say who it is",
        means: Means::Traffic(Change::Edit(|_, response| {
            if let Some(Untagged::Id(parameters)) = untagged(response) {
                *parameters = None;
            }
        })),
    },
    Variation {
        name: "name-without-values",
        section: "rfc2971/3.1",
        sentence: "values are permitted to be any IMAP4 string or NIL.",
        summary: "names the fields of ID without saying what is in them",
        means: Means::Traffic(Change::Edit(|_, response| {
            if let Some(Untagged::Id(Some(parameters))) = untagged(response) {
                parameters.iter_mut().for_each(|(_, value)| *value = NString::None);
            }
        })),
    },
];

fn leave_out(response: &mut Response<'static>, name: &str) {
    capabilities(response, |capabilities| {
        capabilities.retain(|capability| !capability.is(name));
    });
}

fn beside_login(exchange: &mut Exchange, response: Response<'static>) -> Vec<Response<'static>> {
    let Response::Tagged(mut tagged) = response else { return vec![response] };
    let logs_in = exchange.command(&tagged.tag).is_some_and(|body| {
        matches!(body, CommandBody::Login { .. } | CommandBody::Authenticate { .. })
    });
    match tagged.text {
        RespText { code: Some(Code::Capability(capabilities)), text }
            if logs_in && tagged.status == Status::Ok =>
        {
            tagged.text = RespText { code: None, text };
            let told = Response::Untagged(Untagged::Capability(capabilities));
            vec![told, Response::Tagged(tagged)]
        }
        text => {
            tagged.text = text;
            vec![Response::Tagged(tagged)]
        }
    }
}
