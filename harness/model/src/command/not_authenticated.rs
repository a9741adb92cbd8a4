//! The commands of the not authenticated state (RFC 3501 §6.2).

use imap_grammar::{AuthenticateData, Code, Command, CommandBody, Continue, Rfc5530Code};

use super::{Progress, Run};
use crate::authentication;
use crate::reply::Completion;
use crate::session::{Pending, State};
use crate::{Line, Then, User};

impl Run<'_> {
    pub(super) fn not_authenticated(&mut self, command: &Command<'_>) -> Progress {
        if self.session.account().is_some() {
            return Progress::Complete(Completion::bad("The client is already authenticated"));
        }
        match &command.body {
            CommandBody::StartTls if self.configuration.offers_starttls(self.session.transport) => {
                Progress::Then(Completion::ok("Begin TLS negotiation now"), Then::StartTls)
            }
            CommandBody::StartTls => {
                Progress::Complete(Completion::bad("TLS cannot be begun here"))
            }
            CommandBody::Login { user, password } => {
                Progress::Complete(self.login(|users| {
                    authentication::user(users, user.as_bytes(), password.as_bytes())
                }))
            }
            CommandBody::Authenticate { mechanism, initial_response } => {
                if !mechanism.as_str().eq_ignore_ascii_case("PLAIN") {
                    return Progress::Complete(
                        Completion::no("The mechanism is not supported")
                            .because(Rfc5530Code::Cannot),
                    );
                }
                match initial_response {
                    Some(message) => Progress::Complete(
                        self.login(|users| authentication::plain(users, message)),
                    ),
                    // Without a message of the server's, the request is of no octets.
                    None if !self.configuration.refuses_passwords(self.session.transport) => {
                        let tag = command.tag.clone().into_owned();
                        Progress::Pending(Pending::Authenticate(tag), Continue { text: None })
                    }
                    None => Progress::Complete(privacy_required()),
                }
            }
            _ => Progress::Complete(Completion::bad("Log in first")),
        }
    }

    /// The line that answers the request of AUTHENTICATE PLAIN.
    pub(super) fn authenticate_line(&mut self, line: &Line<'_>) -> Completion {
        match line {
            Line::Authenticate(AuthenticateData::Response(message)) => {
                self.login(|users| authentication::plain(users, message))
            }
            Line::Authenticate(AuthenticateData::Cancel) => {
                Completion::bad("AUTHENTICATE cancelled")
            }
            Line::Done | Line::Malformed => Completion::bad("That is not BASE64"),
        }
    }

    fn login(&mut self, prove: impl FnOnce(&[User]) -> Result<usize, Completion>) -> Completion {
        if self.configuration.refuses_passwords(self.session.transport) {
            return privacy_required();
        }
        match prove(&self.configuration.users) {
            Ok(account) => {
                self.session.state = State::Authenticated { account };
                let capabilities = self.configuration.capabilities(self.session.transport, true);
                Completion::ok("Logged in").with(Code::Capability(capabilities))
            }
            Err(completion) => completion,
        }
    }
}

fn privacy_required() -> Completion {
    Completion::no("Passwords need TLS here").because(Rfc5530Code::PrivacyRequired)
}
