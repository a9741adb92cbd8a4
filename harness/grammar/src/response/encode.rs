//! Writing responses.

use super::{Continue, Greeting, Response, Tagged, Untagged};
use crate::capability::encode_capabilities;
use crate::encode::{Encode, Writer};
use crate::extension::{encode_enabled, encode_id};
use crate::status::encode_status_att_list;

impl Encode for Greeting<'_> {
    fn encode(&self, out: &mut Writer) {
        out.raw("* ");
        out.keyword(self.kind);
        out.raw(" ");
        self.text.encode(out);
        out.raw("\r\n");
    }
}

impl Encode for Response<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Continue(request) => request.encode(out),
            Self::Untagged(data) => {
                out.raw("* ");
                data.encode(out);
            }
            Self::Tagged(tagged) => tagged.encode(out),
        }
        out.raw("\r\n");
    }
}

impl Encode for Continue<'_> {
    fn encode(&self, out: &mut Writer) {
        out.raw("+ ");
        if let Some(text) = &self.text {
            text.encode(out);
        }
    }
}

impl Encode for Tagged<'_> {
    fn encode(&self, out: &mut Writer) {
        self.tag.encode(out);
        out.raw(" ");
        out.keyword(self.status);
        out.raw(" ");
        self.text.encode(out);
    }
}

impl Encode for Untagged<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Status { status, text } => {
                out.keyword(*status);
                out.raw(" ");
                text.encode(out);
            }
            Self::Bye(text) => {
                out.raw("BYE ");
                text.encode(out);
            }
            Self::Capability(capabilities) => {
                out.raw("CAPABILITY");
                encode_capabilities(capabilities, out);
            }
            Self::Flags(flags) => {
                out.raw("FLAGS ");
                out.list(flags);
            }
            Self::List(list) => {
                out.raw("LIST ");
                list.encode(out);
            }
            Self::Lsub(list) => {
                out.raw("LSUB ");
                list.encode(out);
            }
            Self::Search { numbers, mod_seq } => {
                out.raw("SEARCH");
                for number in numbers {
                    out.raw(" ");
                    out.number(number.get());
                }
                if let Some(mod_seq) = mod_seq {
                    out.raw(" (MODSEQ ");
                    out.number(*mod_seq);
                    out.raw(")");
                }
            }
            Self::MailboxStatus { mailbox, attributes } => {
                out.raw("STATUS ");
                mailbox.encode(out);
                out.raw(" ");
                encode_status_att_list(attributes, out);
            }
            Self::Exists(number) => {
                out.number(*number);
                out.raw(" EXISTS");
            }
            Self::Recent(number) => {
                out.number(*number);
                out.raw(" RECENT");
            }
            Self::Expunge(number) => {
                out.number(number.get());
                out.raw(" EXPUNGE");
            }
            Self::Fetch { number, items } => {
                out.number(number.get());
                out.raw(" FETCH ");
                out.list(items);
            }
            Self::Namespace(namespaces) => namespaces.encode(out),
            Self::Id(parameters) => encode_id(parameters, out),
            Self::Enabled(capabilities) => encode_enabled(capabilities, out),
            Self::ESearch(result) => result.encode(out),
            Self::Vanished(vanished) => vanished.encode(out),
        }
    }
}
