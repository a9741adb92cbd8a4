//! LIST and LSUB (RFC 3501 §6.3.8, §6.3.9), with RFC 3348, RFC 5258, RFC 5819 and RFC 6154.

use std::collections::BTreeSet;

use imap_grammar::{
    Atom, Extension, ImapString, ListAttribute, ListExtendedItem, ListExtendedValue, ListPatterns,
    ListReturnOption, ListSelectionOption, Mailbox, MailboxList, OptionValue, Response,
    Rfc5530Code, StatusAttribute, Untagged,
};

use super::Context;
use super::authenticated::status_of;
use crate::account::Account;
use crate::mailbox_name::{MailboxName, Pattern};
use crate::reply::Completion;
use crate::selected::Selected;

/// How many patterns one command may have: every name is held against each.
const MAX_PATTERNS: usize = 100;

pub(super) fn list(
    context: &mut Context<'_>,
    selected: Option<&Selected>,
    selection: Option<&[ListSelectionOption<'_>]>,
    reference: &Mailbox<'_>,
    patterns: &ListPatterns<'_>,
    returns: Option<&[ListReturnOption<'_>]>,
) -> Completion {
    let patterns = match patterns {
        ListPatterns::Single(pattern) if is_basic(selection, returns) && is_empty(pattern) => {
            return list_root(context);
        }
        ListPatterns::Single(pattern) => std::slice::from_ref(pattern),
        ListPatterns::Several(patterns) => patterns,
    };
    if patterns.len() > MAX_PATTERNS {
        return Completion::no("There are too many patterns").because(Rfc5530Code::Limit);
    }
    let Some(request) = Request::new(context, selection.unwrap_or_default(), returns) else {
        return Completion::bad("There is no such option of LIST");
    };
    let patterns: Vec<_> = patterns
        .iter()
        .filter(|pattern| !is_empty(pattern))
        .map(|pattern| Pattern::new(reference, pattern))
        .collect();
    if request.status.is_some_and(|attributes| attributes.contains(&StatusAttribute::HighestModSeq))
    {
        context.enable_condstore(selected);
    }
    for found in request.find(context.account, &patterns) {
        let response = request.response(context.account, &found);
        context.out.push(Response::Untagged(Untagged::List(response)));
        if let Some(attributes) = request.status.filter(|_| found.is_selected)
            && let Some(Some(id)) = context.account.node(&found.name)
        {
            let name = found.name.to_mailbox();
            let response = status_of(context, selected, id, name, attributes);
            context.out.push(response);
        }
    }
    Completion::ok("LIST completed")
}

/// Subscribed names as they were subscribed to, whether there is such a mailbox or not.
pub(super) fn lsub(
    context: &mut Context<'_>,
    reference: &Mailbox<'_>,
    pattern: &ImapString<'_>,
) -> Completion {
    let hierarchy = &context.account.hierarchy;
    let pattern = Pattern::new(reference, pattern);
    let subscriptions = context.account.subscriptions();
    let mut names: BTreeSet<MailboxName> = subscriptions.clone();
    if pattern.asks_for_levels() {
        // `%` stops at a level that may not be subscribed to, while one below is.
        names.extend(subscriptions.iter().flat_map(|name| hierarchy.superiors(name)));
    }
    for name in names.iter().filter(|name| hierarchy.matches(name, &pattern)) {
        let only_level = !subscriptions.contains(name);
        let list = MailboxList {
            attributes: only_level.then_some(ListAttribute::NoSelect).into_iter().collect(),
            delimiter: hierarchy.delimiter,
            mailbox: name.to_mailbox(),
            extended: Vec::new(),
        };
        context.out.push(Response::Untagged(Untagged::Lsub(list)));
    }
    Completion::ok("LSUB completed")
}

/// The delimiter and the root, which has no name here (RFC 3501 §6.3.8).
fn list_root(context: &mut Context<'_>) -> Completion {
    let root = ImapString::new(Vec::new()).map(|name| MailboxList {
        attributes: vec![ListAttribute::NoSelect],
        delimiter: context.account.hierarchy.delimiter,
        mailbox: Mailbox::Other(name),
        extended: Vec::new(),
    });
    context.out.extend(root.map(|root| Response::Untagged(Untagged::List(root))));
    Completion::ok("LIST completed")
}

/// What LIST is asked for, beside the patterns.
struct Request<'r> {
    subscribed: bool,
    special_use: bool,
    recursive_match: bool,
    returns_subscribed: bool,
    returns_children: bool,
    returns_special_use: bool,
    /// Whether the client knows the attributes of RFC 5258.
    is_extended: bool,
    status: Option<&'r [StatusAttribute]>,
}

/// A name to be listed.
struct Found {
    name: MailboxName,
    /// Whether it meets the selection criteria; else it is there for what is below it.
    is_selected: bool,
    /// Whether something below it meets them (RFC 5258 §3.5).
    has_child_info: bool,
}

impl<'r> Request<'r> {
    /// Nothing where there is an option that is not known.
    fn new(
        context: &Context<'_>,
        selection: &[ListSelectionOption<'_>],
        returns: Option<&'r [ListReturnOption<'_>]>,
    ) -> Option<Self> {
        let mut request = Self {
            subscribed: false,
            special_use: false,
            recursive_match: false,
            returns_subscribed: false,
            returns_children: context.configuration.children,
            returns_special_use: context.has(Extension::SpecialUse),
            is_extended: !selection.is_empty() || returns.is_some(),
            status: None,
        };
        for option in selection {
            match option {
                ListSelectionOption::Subscribed => {
                    request.subscribed = true;
                    request.returns_subscribed = true;
                }
                // All mailboxes are local.
                ListSelectionOption::Remote => {}
                ListSelectionOption::RecursiveMatch => request.recursive_match = true,
                ListSelectionOption::SpecialUse => request.special_use = true,
                ListSelectionOption::Extension(_) => return None,
            }
        }
        for option in returns.unwrap_or_default() {
            match option {
                ListReturnOption::Subscribed => request.returns_subscribed = true,
                ListReturnOption::Children => request.returns_children = true,
                ListReturnOption::SpecialUse => request.returns_special_use = true,
                ListReturnOption::Status(attributes) => request.status = Some(attributes),
                ListReturnOption::Extension(_) => return None,
            }
        }
        Some(request)
    }

    /// The names to be listed.
    fn find(&self, account: &Account, patterns: &[Pattern]) -> Vec<Found> {
        let hierarchy = &account.hierarchy;
        let mut all: BTreeSet<MailboxName> =
            account.names().map(|(name, _)| name.clone()).collect();
        if self.subscribed {
            all.extend(account.subscriptions().iter().cloned());
        }
        let levels: BTreeSet<_> = all
            .iter()
            .flat_map(|name| hierarchy.superiors(name))
            .filter(|level| !all.contains(level))
            .collect();
        let meeting: Vec<_> = all.iter().filter(|name| self.selects(account, name)).collect();
        let matches =
            |name: &MailboxName| patterns.iter().any(|pattern| hierarchy.matches(name, pattern));
        let has_below = |name: &MailboxName, returned: bool| {
            let mut below = meeting.iter().filter(|other| hierarchy.is_inferior(other, name));
            below.any(|other| returned || !matches(other))
        };
        let has_criteria = self.subscribed || self.special_use;
        let mut found = Vec::new();
        for name in all.iter().chain(&levels).filter(|name| matches(name)) {
            let is_selected = all.contains(name) && self.selects(account, name);
            // What is not selected is listed for its inferiors only where they do not show.
            let has_child_info = self.recursive_match && has_below(name, is_selected);
            let is_level = !has_criteria
                && levels.contains(name)
                && patterns
                    .iter()
                    .any(|pattern| pattern.asks_for_levels() && hierarchy.matches(name, pattern));
            if is_selected || has_child_info || is_level {
                found.push(Found { name: name.clone(), is_selected, has_child_info });
            }
        }
        found
    }

    /// Whether a name meets the selection criteria.
    fn selects(&self, account: &Account, name: &MailboxName) -> bool {
        let is_subscribed = || account.subscriptions().contains(name);
        let has_special_use = || match account.node(name) {
            Some(Some(id)) => !account.mailbox(id).special_use.is_empty(),
            _ => false,
        };
        (!self.subscribed || is_subscribed()) && (!self.special_use || has_special_use())
    }

    fn response(&self, account: &Account, found: &Found) -> MailboxList<'static> {
        let Found { name, has_child_info, .. } = found;
        let mut attributes = Vec::new();
        let mut add = |name: &str| {
            attributes.extend(Atom::new(name.to_owned()).map(ListAttribute::Extension));
        };
        let node = account.node(name);
        if node.is_none() && self.is_extended {
            add("NonExistent");
        }
        if self.returns_subscribed && account.subscriptions().contains(name) {
            add("Subscribed");
        }
        if self.returns_children {
            add(if account.has_inferiors(name) { "HasChildren" } else { "HasNoChildren" });
        }
        if let Some(Some(id)) = node
            && self.returns_special_use
        {
            for special_use in &account.mailbox(id).special_use {
                add(special_use.name());
            }
        }
        // `\NonExistent` implies it (RFC 5258 §3.4).
        if node == Some(None) || (node.is_none() && !self.is_extended) {
            attributes.insert(0, ListAttribute::NoSelect);
        }
        MailboxList {
            attributes,
            delimiter: account.hierarchy.delimiter,
            mailbox: name.to_mailbox(),
            extended: has_child_info.then(|| self.child_info()).into_iter().flatten().collect(),
        }
    }

    /// CHILDINFO with the criteria that something below the name meets.
    fn child_info(&self) -> Option<ListExtendedItem<'static>> {
        let criteria = [(self.subscribed, "SUBSCRIBED"), (self.special_use, "SPECIAL-USE")];
        let criteria = criteria.into_iter().filter(|(is_asked_for, _)| *is_asked_for);
        let criteria = criteria.filter_map(|(_, name)| ImapString::new(name.as_bytes()));
        let value = ListExtendedValue::List(criteria.map(OptionValue::String).collect());
        Some(ListExtendedItem { tag: ImapString::new(&b"CHILDINFO"[..])?, value })
    }
}

/// Whether the command is that of RFC 3501, in which an empty pattern asks for the root.
fn is_basic(
    selection: Option<&[ListSelectionOption<'_>]>,
    returns: Option<&[ListReturnOption<'_>]>,
) -> bool {
    selection.is_none() && returns.is_none()
}

fn is_empty(pattern: &ImapString<'_>) -> bool {
    pattern.as_bytes().is_empty()
}
