//! The commands of any state (RFC 3501 §6.1, RFC 2971).

use imap_grammar::{ImapString, Response, Untagged};

use super::{Progress, Run};
use crate::reply::{Completion, resp_text};
use crate::{Lapse, Then};

impl Run<'_> {
    pub(super) fn capability(&mut self) -> Completion {
        let authenticated = self.session.account().is_some();
        let capabilities = self.configuration.capabilities(self.session.transport, authenticated);
        self.out.push(Response::Untagged(Untagged::Capability(capabilities)));
        Completion::ok("CAPABILITY completed")
    }

    pub(super) fn id(&mut self) -> Completion {
        let parameters = [("name", "imap-model"), ("version", env!("CARGO_PKG_VERSION"))];
        let parameters = parameters.into_iter().filter_map(|(field, value)| {
            Some((ImapString::new(field.as_bytes())?, ImapString::new(value.as_bytes())))
        });
        self.out.push(Response::Untagged(Untagged::Id(Some(parameters.collect()))));
        Completion::ok("ID completed")
    }

    /// BYE comes before the end of the command, and nothing behind it (§6.1.3).
    pub(super) fn logout(&mut self) -> Progress {
        self.out.push(Response::Untagged(Untagged::Bye(resp_text(None, "Until next time"))));
        let stays = self.configuration.lapse == Some(Lapse::StaysAfterLogout);
        let then = if stays { Then::Ready } else { Then::Close };
        Progress::Then(Completion::ok("LOGOUT completed"), then)
    }
}
