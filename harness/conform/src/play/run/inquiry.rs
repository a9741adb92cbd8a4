//! What a run asks the server for itself: who it is, what it can do, where mailboxes can be.

use imap_grammar::{CommandBody, Mailbox};
use tokio::time::Instant;

use super::StartError;
use crate::{
    TargetInfo,
    play::{
        case::leave,
        isolation::{self, PreparationError},
        matching::tree,
        session::Session,
        stage::{Server, Stage},
    },
    target::User,
    wire::{Connector, Recorder},
};

/// Logs in and asks everything that cases need to know. What it learns of the target on the way is
/// in `info`, also where it gets no further.
pub(super) async fn inquire(
    connector: &Connector,
    user: &User,
    recorder: &Recorder,
    info: &mut TargetInfo,
) -> Result<Server, StartError> {
    let mut connection = connector.connect("inquiry", recorder).await?;
    info.security = connection.security().to_owned();
    let greeting = connection.greeting().await?;
    let preauthenticated = greeting.preauthenticated;
    info.software = greeting.words().to_owned();
    let when_connected = connection.ask_capabilities().await?;
    connection.secure().await?;
    info.security = connection.security().to_owned();
    let before_login = connection.ask_capabilities().await?;
    let after_login = connection.log_in(user).await?;
    // They are masked before they are taken apart: a password can hold spaces.
    let shown = after_login.join(" ");
    let shown = recorder.masked(shown.as_bytes());
    let shown = String::from_utf8_lossy(&shown);
    info.capabilities = shown.split_whitespace().map(str::to_owned).collect();
    let mut session = Session::new("inquiry", connection);
    let patience = connector.timeouts().response;
    let personal = isolation::personal(&mut session, has_namespace(&after_login), patience).await?;
    if offers(&after_login, "ID") {
        session.take_arrived();
        session.command(CommandBody::Id(None), patience).await?;
        let named =
            session.arrived().iter().find_map(|frame| name_and_version(&frame.octets, recorder));
        if let Some(named) = named {
            info.software = named;
        }
    }
    leave(session).await;
    Ok(Server {
        info: info.clone(),
        when_connected,
        before_login,
        after_login,
        personal: Some(personal),
        preauthenticated,
    })
}

/// Logs in as the target's first user.
pub(super) async fn log_in(
    connector: &Connector,
    recorder: &Recorder,
) -> Result<(Session, Vec<String>), StartError> {
    let user = connector.target().users.first().ok_or(StartError::NoUser)?;
    let mut connection = connector.connect("root", recorder).await?;
    connection.greeting().await?;
    connection.secure().await?;
    let capabilities = connection.log_in(user).await?;
    Ok((Session::new("root", connection), capabilities))
}

/// Says that mailboxes will be made below the root. Whether that was needed shows in the cases.
pub(super) async fn make_root(stage: &Stage) -> Result<(), StartError> {
    let Some(directory) = stage.root.directory() else { return Ok(()) };
    let recorder = Recorder::new(Instant::now(), &stage.connector.target().users);
    let (mut session, _) = log_in(&stage.connector, &recorder).await?;
    let mailbox = Mailbox::new(directory).ok_or(PreparationError::NoDelimiter)?;
    let create = CommandBody::Create { mailbox, special_use: Vec::new() };
    let made = session.command(create, stage.connector.timeouts().response).await;
    leave(session).await;
    made?;
    Ok(())
}

/// Appends a message with these flags, and returns those that it has then, where that can be seen.
pub(super) async fn appended_flags(
    stage: &Stage,
    flags: Vec<String>,
) -> Result<Option<Vec<String>>, StartError> {
    let recorder = Recorder::new(Instant::now(), &stage.connector.target().users);
    let (mut session, _) = log_in(&stage.connector, &recorder).await?;
    let patience = stage.connector.timeouts().response;
    let case = stage.root.inquiry();
    let kept = isolation::appended_flags(&mut session, &case, flags, patience).await;
    // What would not go now goes with the root.
    let _ = isolation::remove_case(&mut session, &case, patience).await;
    leave(session).await;
    Ok(kept?)
}

/// Removes the root. Returns the mailboxes that would not go.
pub(super) async fn remove_root(stage: &Stage) -> Result<Vec<String>, StartError> {
    let Some(personal) = &stage.server.personal else { return Ok(Vec::new()) };
    let recorder = Recorder::new(Instant::now(), &stage.connector.target().users);
    let (mut session, _) = log_in(&stage.connector, &recorder).await?;
    let patience = stage.connector.timeouts().response;
    let left = isolation::remove_root(&mut session, &stage.root, personal, patience).await;
    leave(session).await;
    Ok(left?)
}

pub(super) fn has_namespace(capabilities: &[String]) -> bool {
    offers(capabilities, "NAMESPACE")
}

fn offers(capabilities: &[String], name: &str) -> bool {
    capabilities.iter().any(|capability| capability.eq_ignore_ascii_case(name))
}

/// What an ID response says of the server's name and version (RFC 2971 §3.3).
fn name_and_version(frame: &[u8], recorder: &Recorder) -> Option<String> {
    let tokens = tree::tokens(frame);
    let [star, word, fields] = tokens.as_slice() else { return None };
    if !star.is_word("*") || !word.is_word("ID") {
        return None;
    }
    let fields = fields.list()?;
    let field = |name: &str| {
        let pair = fields.chunks(2).find(|pair| {
            pair[0].string().is_some_and(|own| own.eq_ignore_ascii_case(name.as_bytes()))
        })?;
        let value = pair.get(1)?.string()?;
        Some(recorder.words(value).chars().take(80).collect::<String>())
    };
    match (field("name"), field("version")) {
        (Some(name), Some(version)) => Some(format!("{name} {version}")),
        (name, _) => name,
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::name_and_version;
    use crate::{
        target::{Secret, User},
        wire::Recorder,
    };

    #[test]
    fn servers_name_themselves() {
        let user = User { name: "alice".into(), password: Secret::new("hunter2").unwrap() };
        let recorder = Recorder::new(Instant::now(), [&user]);
        let cut = format!("* ID (\"name\" \"{}hunter2\")\r\n", "x".repeat(77));
        let masked = "x".repeat(77) + "***";
        for (frame, expected) in [
            (cut.as_str(), Some(masked.as_str())),
            ("* ID (\"name\" \"Dovecot\" \"version\" \"2.3\")\r\n", Some("Dovecot 2.3")),
            ("* ID (\"VERSION\" NIL \"Name\" \"x\")\r\n", Some("x")),
            ("* ID NIL\r\n", None),
            ("* ID (\"version\" \"1\")\r\n", None),
            ("* OK ID (\"name\" \"x\")\r\n", None),
        ] {
            assert_eq!(
                name_and_version(frame.as_bytes(), &recorder).as_deref(),
                expected,
                "{frame}"
            );
        }
    }
}
