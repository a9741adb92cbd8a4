//! A server for these tests: the model over TCP, and a way to spoil what it says.

use std::{
    future::pending,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::{Buf, BytesMut};
use imap_conform::{
    target::{Address, Secret, Security, Target, User},
    wire::{Connector, Limits, Timeouts},
};
use imap_grammar::{DateTime, FrameLimits, Framer, Framing, Grammar, Response};
use imap_model::{Configuration, Line, Now, Server, Then, Transport};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// What becomes of a response; nothing where the server breaks the connection instead.
pub type Spoil = fn(Vec<u8>) -> Option<Vec<u8>>;

/// A server on a port of its own.
pub struct TestServer {
    pub address: SocketAddr,
    pub model: Arc<Mutex<Server>>,
    open: Arc<AtomicUsize>,
    pub most_at_once: Arc<AtomicUsize>,
    stop: watch::Sender<bool>,
}

/// How the server is.
#[derive(Clone)]
pub struct Character {
    pub configuration: Configuration,
    pub spoil: Spoil,
    /// Greets further connections with BYE.
    pub max_connections: usize,
    /// Stops listening, and breaks all connections, where a command holds this.
    pub dies_of: &'static str,
    /// Answers and greets nobody any more where a command holds this.
    pub hangs_at: &'static str,
    /// Says BYE and closes where a command holds this.
    pub leaves_at: &'static str,
}

impl Default for Character {
    fn default() -> Self {
        let user = |name: &str| imap_model::User { name: name.into(), password: "s3cret".into() };
        let users = vec![user("alice"), user("bob")];
        Self {
            configuration: Configuration { users, ..Configuration::default() },
            spoil: Some,
            max_connections: usize::MAX,
            dies_of: "\0",
            hangs_at: "\0",
            leaves_at: "\0",
        }
    }
}

impl TestServer {
    pub async fn start(character: Character) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let model = Arc::new(Mutex::new(Server::new(character.configuration.clone())));
        let (open, most_at_once) = (Arc::default(), Arc::default());
        let (stop, stopped) = watch::channel(false);
        let server = Self { address, model, open, most_at_once, stop };
        tokio::spawn(server.listen(listener, character, stopped));
        server
    }

    fn listen(
        &self,
        listener: TcpListener,
        character: Character,
        mut stopped: watch::Receiver<bool>,
    ) -> impl Future<Output = ()> + Send + 'static {
        let (model, open) = (self.model.clone(), self.open.clone());
        let (most, stop) = (self.most_at_once.clone(), self.stop.clone());
        async move {
            let hung = Arc::new(AtomicBool::new(false));
            let mut held = Vec::new();
            loop {
                let accepted = tokio::select! {
                    accepted = listener.accept() => accepted,
                    _ = stopped.wait_for(|stopped| *stopped) => return,
                };
                let (mut stream, _) = accepted.unwrap();
                if hung.load(Ordering::SeqCst) {
                    held.push(stream);
                    continue;
                }
                let now_open = open.fetch_add(1, Ordering::SeqCst) + 1;
                if now_open > character.max_connections {
                    open.fetch_sub(1, Ordering::SeqCst);
                    let _ = stream.write_all(b"* BYE [LIMIT] Too many connections\r\n").await;
                    continue;
                }
                most.fetch_max(now_open, Ordering::SeqCst);
                let (model, open, character) = (model.clone(), open.clone(), character.clone());
                let (stop, mut stopped) = (stop.clone(), stopped.clone());
                let hung = hung.clone();
                tokio::spawn(async move {
                    tokio::select! {
                        () = serve(stream, &model, &character, &stop, &hung) => {}
                        _ = stopped.wait_for(|stopped| *stopped) => {}
                    }
                    open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        }
    }

    pub fn connector(&self) -> Connector {
        self.connector_with(Timeouts::with_response(Duration::from_secs(5)))
    }

    pub fn connector_with(&self, timeouts: Timeouts) -> Connector {
        Connector::new(self.target(), timeouts, Limits::default()).unwrap()
    }

    pub fn target(&self) -> Target {
        let address: Address = self.address.to_string().parse().unwrap();
        let user =
            |name: &str| User { name: name.into(), password: Secret::new("s3cret").unwrap() };
        Target {
            security: Security::None,
            users: vec![user("alice"), user("bob")],
            ..Target::new(address)
        }
    }

    /// Every mailbox of alice.
    pub fn mailboxes(&self) -> Vec<String> {
        let said = self.asked(&["LIST \"\" *", "LSUB \"\" *"]);
        let listed = said.lines().filter(|line| line.starts_with("* L"));
        listed.filter_map(|line| line.split_whitespace().last().map(str::to_owned)).collect()
    }

    /// The subjects of the messages in a mailbox of alice's.
    pub fn subjects(&self, mailbox: &str) -> Vec<String> {
        let fetch = "FETCH 1:* BODY.PEEK[HEADER.FIELDS (SUBJECT)]";
        let said = self.asked(&[&format!("EXAMINE {mailbox}"), fetch]);
        said.lines().filter_map(|line| line.strip_prefix("Subject: ")).map(str::to_owned).collect()
    }

    /// Makes a mailbox of alice's.
    pub fn create(&self, name: &str) {
        self.asked(&[&format!("CREATE {name}")]);
    }

    /// Puts a message into a mailbox of alice's.
    pub fn append(&self, mailbox: &str, message: &str) {
        self.asked(&[&format!("APPEND {mailbox} {{{}}}\r\n{message}", message.len())]);
    }

    /// What alice is told in a session of her own.
    fn asked(&self, commands: &[&str]) -> String {
        let mut model = self.model.lock().unwrap();
        let (session, _) = model.connect(Transport::Plain);
        let mut said = String::new();
        for command in [&["LOGIN alice s3cret"], commands].concat() {
            let line = format!("x {command}\r\n");
            let grammar = Grammar::with(model.extensions());
            let command = grammar.command(line.as_bytes()).unwrap();
            for response in model.command(session, now(), &command).responses {
                said += &String::from_utf8(response.to_bytes()).unwrap();
            }
        }
        model.disconnect(session);
        said
    }
}

fn now() -> Now {
    Now(DateTime::from_unix_timestamp(837_596_665, 0).unwrap())
}

/// Talks to one client until either has enough.
async fn serve(
    mut stream: TcpStream,
    model: &Mutex<Server>,
    character: &Character,
    stop: &watch::Sender<bool>,
    hung: &AtomicBool,
) {
    let (session, greeting) = model.lock().unwrap().connect(Transport::Plain);
    let grammar = Grammar::with(model.lock().unwrap().extensions());
    let mut framer = Framer::new(FrameLimits::default());
    let mut buffer = BytesMut::new();
    let mut then = Then::Ready;
    let mut out = greeting.to_bytes();
    while let Some(spoilt) = (character.spoil)(out.clone()) {
        if stream.write_all(&spoilt).await.is_err() || then == Then::Close {
            break;
        }
        out.clear();
        let length = loop {
            match framer.advance(&buffer) {
                Ok(Framing::Message { length }) => break Some(length),
                Ok(Framing::Literal { synchronising: true, .. }) => {
                    if stream.write_all(b"+ go ahead\r\n").await.is_err() {
                        break None;
                    }
                }
                Ok(Framing::Literal { .. }) => {}
                Ok(Framing::Incomplete { .. }) => match stream.read_buf(&mut buffer).await {
                    Ok(0) | Err(_) => break None,
                    Ok(_) => {}
                },
                Err(_) => break None,
            }
        };
        let Some(length) = length else { break };
        let message = buffer[..length].to_vec();
        buffer.advance(length);
        let said = String::from_utf8_lossy(&message);
        if said.contains(character.dies_of) {
            let _ = stop.send(true);
            break;
        }
        if said.contains(character.hangs_at) {
            hung.store(true, Ordering::SeqCst);
            return pending().await;
        }
        if said.contains(character.leaves_at) {
            let _ = stream.write_all(b"* BYE shutting down\r\n").await;
            break;
        }
        let mut model = model.lock().unwrap();
        let reply = match then {
            Then::Idle => model.continuation(session, now(), Line::Done),
            _ => match grammar.command(&message) {
                Ok(command) => model.command(session, now(), &command),
                Err(error) => {
                    let tag = std::str::from_utf8(&message).ok();
                    let tag = tag.and_then(|line| line.split(' ').next());
                    let tag = tag.and_then(imap_grammar::Tag::new);
                    model.unparsable(session, tag, &error)
                }
            },
        };
        then = reply.then;
        let encode = |response: &Response<'_>| response.to_bytes();
        out = reply.responses.iter().flat_map(encode).collect();
    }
    model.lock().unwrap().disconnect(session);
}
