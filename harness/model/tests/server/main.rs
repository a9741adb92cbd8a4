//! The server as clients see it: conversations, line by line.

mod conversation;

mod authentication;
mod condstore;
mod copy;
mod fetch;
mod lapses;
mod list;
mod mailboxes;
mod properties;
mod qresync;
mod search;
mod selected;
mod sessions;
mod state;
mod store;
