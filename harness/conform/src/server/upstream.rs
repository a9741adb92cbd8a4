//! A change in front of another server: octets of both directions, cut into messages and changed.

use std::{collections::VecDeque, io, net::SocketAddr, sync::Arc, time::Duration};

use bytes::{Buf, BytesMut};
use imap_grammar::{
    CommandBody, Extensions, FrameError, FrameLimits, Framer, Framing, Grammar, Response, Status,
    Tag, Tagged,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Semaphore,
    time::{Instant, sleep_until, timeout},
};

use super::{
    Options,
    tampering::{Change, Tampering},
    threads::Threads,
    variation::Pace,
};
use crate::{
    target::Security,
    wire::{Connector, Recorder, Stream, WireError, deadline_in},
};

/// Lets the traffic pass as it is, where only its pace is another.
const NO_CHANGE: Change = Change::Drop(|_, _| false);

/// How it stands in front of another server.
#[derive(Debug, Clone)]
pub struct UpstreamOptions {
    /// Where it listens, without TLS; port 0 for any that is free.
    pub listen: SocketAddr,
    /// What it changes, in every connection.
    pub change: Option<Change>,
    /// How it passes on what the server says.
    pub pace: Pace,
    /// How many connections it holds at once.
    pub connections: usize,
    /// How long both ends may be silent together.
    pub patience: Duration,
}

impl Default for UpstreamOptions {
    /// Any port of this host, nothing changed, and limits as those of the embedded server.
    fn default() -> Self {
        let Options { listen, connections, patience, .. } = Options::default();
        Self { listen, change: None, pace: Pace::default(), connections, patience }
    }
}

/// Stands in front of another server until it is dropped.
///
/// Without a change, and at the usual pace, the octets pass as they are. Otherwise a client's
/// command reaches the server when it is whole: the continuation requests for its literals are
/// answered here. What cannot be cut into messages passes unchanged, and so does all that follows
/// it: garbage, and TLS after STARTTLS.
#[derive(Debug)]
pub struct Upstream {
    address: SocketAddr,
    _threads: Threads,
}

impl Upstream {
    /// Listens for clients of the server that the connector reaches, over TLS where its target
    /// asks for that; TLS that is only taken where it is offered is left to the clients.
    ///
    /// # Errors
    ///
    /// Where it cannot listen, or the system gives no thread. Whether the server can be reached is
    /// seen for each client, who is told so with BYE.
    pub fn start(connector: Connector, options: UpstreamOptions) -> io::Result<Self> {
        let threads = Threads::start()?;
        let places = Arc::new(Semaphore::new(options.connections));
        let listen = options.listen;
        let address = threads.serve(listen, move |client| {
            let (connector, options) = (connector.clone(), options.clone());
            let places = places.clone();
            async move {
                let Ok(_place) = places.try_acquire() else {
                    return refuse(client, "Too many connections").await;
                };
                match reach(&connector).await {
                    // A connection that breaks is over at both ends.
                    Ok((server, said)) => {
                        let _ = stand_between(client, server, said, &options).await;
                    }
                    Err(error) => refuse(client, &error.to_string()).await,
                }
            }
        })?;
        Ok(Self { address, _threads: threads })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Ends a connection with BYE, which the client may no longer want to hear.
async fn refuse(mut client: TcpStream, why: &str) {
    let text: String = why.chars().map(|c| if matches!(c, ' '..='~') { c } else { '?' }).collect();
    let _ = client.write_all(format!("* BYE {text}\r\n").as_bytes()).await;
}

/// Connects to the server. What it said before TLS was up is for the client, but for what it can
/// do, which it may say again under TLS (RFC 3501 §6.2.1).
async fn reach(connector: &Connector) -> Result<(Box<dyn Stream>, Vec<u8>), WireError> {
    let recorder = Recorder::new(Instant::now(), []);
    let mut connection = connector.connect("upstream", &recorder).await?;
    let mut said = Vec::new();
    if connector.target().security == Security::StartTls {
        let greeting = connection.greeting().await?;
        let condition = if greeting.preauthenticated { "PREAUTH" } else { "OK" };
        said = format!("* {condition} {}\r\n", greeting.words()).into_bytes();
        connection.secure().await?;
    }
    Ok((connection.into_stream(), said))
}

/// Passes on what both ends say until they have said all, or nothing for too long.
async fn stand_between(
    mut client: TcpStream,
    server: Box<dyn Stream>,
    said: Vec<u8>,
    options: &UpstreamOptions,
) -> io::Result<()> {
    let &UpstreamOptions { change, pace, patience, .. } = options;
    let mut relay = Relay::new(Tampering::new(change.unwrap_or(NO_CHANGE)));
    if change.is_none() && pace == Pace::default() {
        relay.client.give_up();
        relay.server.give_up();
    }
    relay.server(&said);
    let mut answers_at = Instant::now();
    let (mut client_reads, mut client_writes) = client.split();
    let (mut server_reads, mut server_writes) = tokio::io::split(server);
    let mut from_client = BytesMut::with_capacity(16 << 10);
    let mut from_server = BytesMut::with_capacity(16 << 10);
    // Nothing more is read for a peer that has not taken in what it was sent.
    let mut to_client = BytesMut::from(std::mem::take(&mut relay.to_client).as_slice());
    let mut to_server = BytesMut::new();
    let mut client_ended = false;
    let mut server_ended = false;
    let mut server_told = false;
    while !(server_ended && to_client.is_empty()) {
        tokio::select! {
            read = client_reads.read_buf(&mut from_client),
                if to_server.is_empty() && !client_ended && !relay.waits_for_server() =>
            {
                client_ended = read? == 0;
                relay.client(&from_client.split());
            }
            read = server_reads.read_buf(&mut from_server),
                if to_client.is_empty() && !server_ended =>
            {
                server_ended = read? == 0;
                relay.server(&from_server.split());
            }
            sent = async {
                sleep_until(answers_at).await;
                client_writes.write(&to_client[..to_client.len().min(pace.octets)]).await
            }, if !to_client.is_empty() => {
                to_client.advance(sent?);
            }
            sent = server_writes.write_buf(&mut to_server), if !to_server.is_empty() => {
                sent?;
                if to_server.is_empty() {
                    // TLS may hold some of it back.
                    timeout(patience, server_writes.flush()).await??;
                }
            }
            () = sleep_until(deadline_in(patience)) => {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
        if client_ended {
            relay.client.give_up();
            relay.go_on_with_client();
        }
        if server_ended {
            relay.server.give_up();
            relay.server(&[]);
        }
        if to_client.is_empty() && !relay.to_client.is_empty() {
            answers_at = Instant::now() + pace.delay;
        }
        to_client.extend_from_slice(&std::mem::take(&mut relay.to_client));
        to_server.extend_from_slice(&std::mem::take(&mut relay.to_server));
        if client_ended && !server_told && to_server.is_empty() && !relay.waits_for_server() {
            // The client may still read what it asked for.
            server_writes.shutdown().await?;
            server_told = true;
        }
    }
    Ok(())
}

/// One connection, without its sockets.
#[derive(Debug)]
struct Relay {
    tampering: Tampering,
    client: Cutter,
    server: Cutter,
    /// A command of which the server has not asked for the rest yet.
    unsent: Option<Unsent>,
    /// The STARTTLS without completion.
    starttls: Option<Tag<'static>>,
    to_client: Vec<u8>,
    to_server: Vec<u8>,
}

/// What is left of a command, cut behind the announcements of literals.
#[derive(Debug)]
struct Unsent {
    tag: Option<Tag<'static>>,
    pieces: VecDeque<Vec<u8>>,
}

impl Relay {
    fn new(tampering: Tampering) -> Self {
        Self {
            tampering,
            client: Cutter::new(),
            server: Cutter::new(),
            unsent: None,
            starttls: None,
            to_client: Vec::new(),
            to_server: Vec::new(),
        }
    }

    /// Whether nothing of the client's can be taken now.
    fn waits_for_server(&self) -> bool {
        self.unsent.is_some()
    }

    /// Takes octets of the client's.
    fn client(&mut self, octets: &[u8]) {
        self.client.received.extend_from_slice(octets);
        self.go_on_with_client();
    }

    fn go_on_with_client(&mut self) {
        while self.unsent.is_none() {
            match self.client.next() {
                None => return,
                Some(Cut::Announcement { synchronising: false }) => {}
                Some(Cut::Announcement { synchronising: true }) => {
                    let request = b"+ Ready for literal data\r\n".to_vec();
                    self.to_client.append(&mut self.tampering.server(request));
                }
                Some(Cut::Message(message)) => self.client_message(message),
                Some(Cut::Raw(mut octets)) => self.to_server.append(&mut octets),
            }
        }
    }

    fn client_message(&mut self, message: Vec<u8>) {
        let changed = self.tampering.client(message.clone());
        let command = Grammar::with(Extensions::all()).command(&message).ok();
        let tag = command.as_ref().map(|command| command.tag.clone().into_owned());
        if command.is_some_and(|command| command.body == CommandBody::StartTls) {
            self.starttls.clone_from(&tag);
        }
        let mut pieces =
            if changed == message { pieces(message) } else { pieces(synchronised(changed)) };
        if let Some(mut first) = pieces.pop_front() {
            self.to_server.append(&mut first);
        }
        self.unsent = Some(Unsent { tag, pieces }).filter(|unsent| !unsent.pieces.is_empty());
    }

    /// Takes octets of the server's.
    fn server(&mut self, octets: &[u8]) {
        self.server.received.extend_from_slice(octets);
        while let Some(cut) = self.server.next() {
            match cut {
                Cut::Announcement { .. } => {}
                Cut::Message(message) => self.server_message(message),
                Cut::Raw(mut octets) => self.to_client.append(&mut octets),
            }
        }
    }

    fn server_message(&mut self, message: Vec<u8>) {
        if let Some(unsent) = &mut self.unsent
            && message.starts_with(b"+")
        {
            self.to_server.extend(unsent.pieces.pop_front().into_iter().flatten());
            if unsent.pieces.is_empty() {
                self.unsent = None;
                self.go_on_with_client();
            }
            return;
        }
        let completed = self.completed(&message);
        self.to_client.append(&mut self.tampering.server(message));
        let Some(Tagged { tag, status, .. }) = completed else { return };
        if self.starttls.as_ref() == Some(&tag) {
            self.starttls = None;
            if status == Status::Ok {
                self.client.give_up();
                self.server.give_up();
            }
        }
        // Refused, so that nobody asks for the rest.
        if self.unsent.as_ref().is_some_and(|unsent| unsent.tag.as_ref() == Some(&tag)) {
            self.unsent = None;
        }
        self.go_on_with_client();
    }

    /// The completion that a message is, where anything depends on it.
    fn completed(&self, message: &[u8]) -> Option<Tagged<'static>> {
        if self.unsent.is_none() && self.starttls.is_none() {
            return None;
        }
        match Grammar::with(Extensions::all()).response(message) {
            Ok(Response::Tagged(tagged)) => Some(Tagged {
                tag: tagged.tag.into_owned(),
                status: tagged.status,
                text: tagged.text.into_owned(),
            }),
            _ => None,
        }
    }
}

/// Cuts one direction into messages.
#[derive(Debug)]
struct Cutter {
    framer: Framer,
    received: BytesMut,
    given_up: bool,
}

/// What a [`Cutter`] found.
#[derive(Debug)]
enum Cut {
    /// A literal is announced in the current message.
    Announcement { synchronising: bool },
    /// A message.
    Message(Vec<u8>),
    /// Octets that are not cut.
    Raw(Vec<u8>),
}

impl Cutter {
    fn new() -> Self {
        let framer = Framer::new(FrameLimits::default());
        Self { framer, received: BytesMut::new(), given_up: false }
    }

    /// From here on nothing is cut.
    fn give_up(&mut self) {
        self.given_up = true;
    }

    fn next(&mut self) -> Option<Cut> {
        if !self.given_up {
            match self.framer.advance(&self.received) {
                Ok(Framing::Incomplete { .. }) => return None,
                Ok(Framing::Literal { synchronising, .. }) => {
                    return Some(Cut::Announcement { synchronising });
                }
                Ok(Framing::Message { length }) => {
                    return Some(Cut::Message(self.received.split_to(length).to_vec()));
                }
                Err(FrameError::LoneLf { offset }) => {
                    self.framer.reset();
                    return Some(Cut::Raw(self.received.split_to(offset + 1).to_vec()));
                }
                Err(_) => self.give_up(),
            }
        }
        let rest = self.received.split().to_vec();
        (!rest.is_empty()).then_some(Cut::Raw(rest))
    }
}

/// A command whose every literal waits for a continuation request, which is legal with every
/// server (RFC 7888 §3).
fn synchronised(message: Vec<u8>) -> Vec<u8> {
    let mut pieces = cut(&message, |_| true);
    let rest = pieces.pop_back();
    for announcement in &mut pieces {
        if announcement.ends_with(b"+}\r\n") {
            announcement.truncate(announcement.len() - b"+}\r\n".len());
            announcement.extend_from_slice(b"}\r\n");
        }
    }
    pieces.into_iter().chain(rest).flatten().collect()
}

/// The parts of a command between which a client waits.
fn pieces(message: Vec<u8>) -> VecDeque<Vec<u8>> {
    cut(&message, |synchronising| synchronising)
}

/// Cuts a command behind those announcements of literals.
fn cut(message: &[u8], at_announcement: impl Fn(bool) -> bool) -> VecDeque<Vec<u8>> {
    let mut framer = Framer::new(FrameLimits::default());
    let mut pieces = VecDeque::new();
    let mut begin = 0;
    while let Ok(Framing::Literal { synchronising, at, .. }) = framer.advance(message) {
        if at_announcement(synchronising) {
            pieces.push_back(message[begin..at].to_vec());
            begin = at;
        }
    }
    pieces.push_back(message[begin..].to_vec());
    pieces
}
