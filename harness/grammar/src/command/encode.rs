//! How a command is written.

use super::select::encode_select_parameters;
use crate::encode::{Encode, Writer};
use crate::extension::{
    encode_create_params, encode_enable, encode_id, encode_initial_response, encode_pattern,
    encode_return_options, encode_unchanged_since,
};
use crate::{Command, CommandBody, Mailbox, SequenceSet, StoreAction};

impl Encode for Command<'_> {
    fn encode(&self, out: &mut Writer) {
        self.tag.encode(out);
        out.raw(" ");
        self.body.encode(out);
        out.raw("\r\n");
    }
}

impl Encode for CommandBody<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Capability => out.raw("CAPABILITY"),
            Self::Noop => out.raw("NOOP"),
            Self::Logout => out.raw("LOGOUT"),
            Self::StartTls => out.raw("STARTTLS"),
            Self::Check => out.raw("CHECK"),
            Self::Close => out.raw("CLOSE"),
            Self::Expunge => out.raw("EXPUNGE"),
            Self::Idle => out.raw("IDLE"),
            Self::Namespace => out.raw("NAMESPACE"),
            Self::Unselect => out.raw("UNSELECT"),
            Self::Authenticate { mechanism, initial_response } => {
                out.raw("AUTHENTICATE ");
                mechanism.encode(out);
                if let Some(octets) = initial_response {
                    encode_initial_response(octets, out);
                }
            }
            Self::Login { user, password } => {
                out.raw("LOGIN ");
                out.spaced([user, password]);
            }
            Self::Select { mailbox, parameters } => {
                on_mailbox("SELECT ", mailbox, out);
                encode_select_parameters(parameters, out);
            }
            Self::Examine { mailbox, parameters } => {
                on_mailbox("EXAMINE ", mailbox, out);
                encode_select_parameters(parameters, out);
            }
            Self::Create { mailbox, special_use } => {
                on_mailbox("CREATE ", mailbox, out);
                encode_create_params(special_use, out);
            }
            Self::Delete(mailbox) => on_mailbox("DELETE ", mailbox, out),
            Self::Rename { from, to } => {
                out.raw("RENAME ");
                out.spaced([from, to]);
            }
            Self::Subscribe(mailbox) => on_mailbox("SUBSCRIBE ", mailbox, out),
            Self::Unsubscribe(mailbox) => on_mailbox("UNSUBSCRIBE ", mailbox, out),
            Self::List { selection, reference, patterns, returns } => {
                out.raw("LIST ");
                if let Some(options) = selection {
                    out.list(options);
                    out.raw(" ");
                }
                reference.encode(out);
                out.raw(" ");
                patterns.encode(out);
                encode_return_options(returns.as_deref(), out);
            }
            Self::Lsub { reference, pattern } => {
                on_mailbox("LSUB ", reference, out);
                out.raw(" ");
                encode_pattern(pattern, out);
            }
            Self::Status { mailbox, attributes } => {
                on_mailbox("STATUS ", mailbox, out);
                out.raw(" ");
                out.list(attributes);
            }
            Self::Append { mailbox, flags, date_time, message } => {
                on_mailbox("APPEND ", mailbox, out);
                out.raw(" ");
                if let Some(flags) = flags {
                    out.list(flags);
                    out.raw(" ");
                }
                if let Some(date_time) = date_time {
                    date_time.encode(out);
                    out.raw(" ");
                }
                out.literal(message.as_bytes());
            }
            Self::UidExpunge(sequence_set) => {
                out.raw("UID EXPUNGE ");
                sequence_set.encode(out);
            }
            Self::Search { uid, returns, charset, keys } => {
                by_uid(*uid, out);
                out.raw("SEARCH ");
                if let Some(options) = returns {
                    out.raw("RETURN ");
                    out.list(options);
                    out.raw(" ");
                }
                if let Some(charset) = charset {
                    out.raw("CHARSET ");
                    charset.encode(out);
                    out.raw(" ");
                }
                out.spaced(keys);
            }
            Self::Fetch { uid, sequence_set, items, modifiers } => {
                on_messages(*uid, "FETCH ", sequence_set, out);
                out.raw(" ");
                items.encode(out);
                if !modifiers.is_empty() {
                    out.raw(" ");
                    out.list(modifiers);
                }
            }
            Self::Store { uid, sequence_set, unchanged_since, action, silent, flags } => {
                on_messages(*uid, "STORE ", sequence_set, out);
                encode_unchanged_since(*unchanged_since, out);
                out.raw(match action {
                    StoreAction::Replace => " FLAGS",
                    StoreAction::Add => " +FLAGS",
                    StoreAction::Remove => " -FLAGS",
                });
                out.raw(if *silent { ".SILENT " } else { " " });
                out.list(flags);
            }
            Self::Copy { uid, sequence_set, mailbox } => {
                on_messages(*uid, "COPY ", sequence_set, out);
                on_mailbox(" ", mailbox, out);
            }
            Self::Move { uid, sequence_set, mailbox } => {
                on_messages(*uid, "MOVE ", sequence_set, out);
                on_mailbox(" ", mailbox, out);
            }
            Self::Id(parameters) => encode_id(parameters, out),
            Self::Enable(capabilities) => encode_enable(capabilities, out),
            Self::Experimental { name, arguments } => {
                name.encode(out);
                if let Some(arguments) = arguments {
                    out.raw(" ");
                    out.raw(arguments);
                }
            }
        }
    }
}

fn on_mailbox(before: &str, mailbox: &Mailbox<'_>, out: &mut Writer) {
    out.raw(before);
    mailbox.encode(out);
}

fn on_messages(uid: bool, name: &str, sequence_set: &SequenceSet, out: &mut Writer) {
    by_uid(uid, out);
    out.raw(name);
    sequence_set.encode(out);
}

fn by_uid(uid: bool, out: &mut Writer) {
    if uid {
        out.raw("UID ");
    }
}
