//! The embedded server over TCP and TLS, and faults in front of it.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use imap_conform::{
    server::{Embedded, Options, Upstream, UpstreamOptions, fault::named},
    target::{Security, Target, Trust},
    wire::{Connector, Limits, Timeouts},
};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

/// Nothing here takes long unless it fails.
const SOON: Duration = Duration::from_secs(10);

struct Client<S>(BufReader<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    async fn say(&mut self, octets: &str) {
        self.0.write_all(octets.as_bytes()).await.unwrap();
        self.0.flush().await.unwrap();
    }

    /// The next line; empty where the server has closed the connection.
    async fn line(&mut self) -> String {
        let mut line = String::new();
        timeout(SOON, self.0.read_line(&mut line)).await.expect("it is said soon").unwrap();
        line
    }

    /// The lines up to one that begins so.
    async fn until(&mut self, beginning: &str) -> String {
        let mut lines = String::new();
        loop {
            let line = self.line().await;
            assert!(!line.is_empty(), "closed before {beginning:?}, after:\n{lines}");
            lines += &line;
            if line.starts_with(beginning) {
                return lines;
            }
        }
    }

    /// What is answered up to the completion.
    async fn ask(&mut self, tag: &str, command: &str) -> String {
        self.say(&format!("{tag} {command}\r\n")).await;
        self.until(&format!("{tag} ")).await
    }

    async fn login(&mut self) {
        assert!(self.ask("l", "LOGIN alice alice-secret").await.contains("l OK "));
    }

    /// Appends a message in a synchronising literal.
    async fn append(&mut self, message: &str) -> String {
        self.say(&format!("p APPEND INBOX {{{}}}\r\n", message.len())).await;
        let request = self.line().await;
        assert!(request.starts_with("+ "), "{request}");
        self.say(&format!("{message}\r\n")).await;
        self.until("p ").await
    }
}

async fn dial(address: SocketAddr) -> Client<TcpStream> {
    Client(BufReader::new(TcpStream::connect(address).await.unwrap()))
}

async fn connect(address: SocketAddr) -> Client<TcpStream> {
    let mut client = dial(address).await;
    let greeting = client.line().await;
    assert!(greeting.starts_with("* OK "), "{greeting}");
    client
}

fn embedded() -> Embedded {
    Embedded::start(Options::default()).unwrap()
}

fn trusting(server: &Embedded) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(server.certificate_pem().as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

#[tokio::test]
async fn mail_is_put_in_and_taken_out() {
    let server = embedded();
    let mut client = connect(server.address()).await;
    client.login().await;
    assert!(client.ask("a", "SELECT INBOX").await.contains("* 0 EXISTS\r\n"));
    let told = client.append("Subject: x\r\n\r\ny").await;
    assert!(told.contains("* 1 EXISTS\r\n") && told.contains("p OK [APPENDUID "), "{told}");
    let fetched = client.ask("b", "FETCH 1 BODY[TEXT]").await;
    assert!(fetched.starts_with("* 1 FETCH (BODY[TEXT] "), "{fetched}");
    assert!(client.ask("c", "LOGOUT").await.starts_with("* BYE "));
    assert_eq!(client.line().await, "");
}

#[tokio::test]
async fn garbage_is_bad_and_the_session_goes_on() {
    let server = embedded();
    let mut client = connect(server.address()).await;
    client.say("\0\u{ff}\r\n").await;
    assert!(client.line().await.starts_with("* BAD "));
    assert!(client.ask("a", "XYZZY ((((").await.starts_with("a BAD "));
    client.login().await;
}

#[tokio::test]
async fn an_idle_session_is_woken_by_another() {
    let server = embedded();
    let (mut idle, mut other) = (connect(server.address()).await, connect(server.address()).await);
    idle.login().await;
    idle.ask("a", "SELECT INBOX").await;
    idle.say("b IDLE\r\n").await;
    idle.until("+ ").await;
    other.login().await;
    other.append("x").await;
    idle.until("* 1 EXISTS\r\n").await;
    other.ask("a", "SELECT INBOX").await;
    other.ask("b", "STORE 1 +FLAGS (\\Deleted)").await;
    let flags = idle.until("* 1 FETCH ").await;
    assert!(flags.contains("\\Deleted"), "{flags}");
    other.ask("c", "EXPUNGE").await;
    idle.until("* 1 EXPUNGE\r\n").await;
    idle.say("DONE\r\n").await;
    assert!(idle.until("b ").await.ends_with("\r\n"));
}

#[tokio::test]
async fn tls_begins_when_asked_for() {
    let server = embedded();
    let mut client = connect(server.address()).await;
    assert!(client.ask("a", "CAPABILITY").await.contains(" STARTTLS"));
    assert!(client.ask("b", "STARTTLS").await.starts_with("b OK "));
    let name = "localhost".try_into().unwrap();
    let stream = trusting(&server).connect(name, client.0.into_inner()).await.unwrap();
    let mut client = Client(BufReader::new(stream));
    assert!(!client.ask("c", "CAPABILITY").await.contains(" STARTTLS"));
    client.login().await;
    client.ask("d", "LOGOUT").await;
    assert_eq!(client.line().await, "", "the end is told in TLS too");
}

#[tokio::test]
async fn tls_can_be_there_from_the_first_octet() {
    let tls_listen = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
    let server = Embedded::start(Options { tls_listen, ..Options::default() }).unwrap();
    let stream = TcpStream::connect(server.tls_address().unwrap()).await.unwrap();
    let name = "127.0.0.1".try_into().unwrap();
    let stream = trusting(&server).connect(name, stream).await.unwrap();
    let mut client = Client(BufReader::new(stream));
    let greeting = client.line().await;
    assert!(greeting.starts_with("* OK ") && !greeting.contains("STARTTLS"), "{greeting}");
    client.login().await;
}

#[tokio::test]
async fn one_connection_too_many_is_told_so() {
    let server = Embedded::start(Options { connections: 1, ..Options::default() }).unwrap();
    let mut first = connect(server.address()).await;
    let mut second = Client(BufReader::new(TcpStream::connect(server.address()).await.unwrap()));
    assert_eq!(second.line().await, "* BYE Too many connections\r\n");
    first.login().await;
}

#[tokio::test]
async fn one_connection_too_many_is_told_nothing_in_clear_where_tls_is_expected() {
    let tls_listen = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
    let options = Options { tls_listen, connections: 1, ..Options::default() };
    let server = Embedded::start(options).unwrap();
    let mut first = connect(server.address()).await;
    let mut second = dial(server.tls_address().unwrap()).await;
    assert_eq!(second.line().await, "", "it is closed without a word");
    first.login().await;
}

#[tokio::test]
async fn a_client_silent_for_too_long_is_told_so() {
    let patience = Duration::from_millis(50);
    let server = Embedded::start(Options { patience, ..Options::default() }).unwrap();
    let mut client = connect(server.address()).await;
    assert_eq!(client.line().await, "* BYE Nothing came from you for too long\r\n");
    assert_eq!(client.line().await, "");
}

#[tokio::test]
async fn connections_end_with_the_server() {
    let server = embedded();
    let mut client = connect(server.address()).await;
    drop(server);
    assert_eq!(client.line().await, "");
}

#[tokio::test]
async fn the_embedded_server_with_a_fault_breaks_its_rule() {
    let change = named("login-with-any-password").map(|fault| fault.change);
    let server = Embedded::start(Options { change, ..Options::default() }).unwrap();
    let mut client = connect(server.address()).await;
    assert!(client.ask("a", "LOGIN alice wrong").await.starts_with("a OK "));
}

/// A client of the embedded server, with that in front, if anything.
async fn behind(server: &Embedded, fault: Option<&str>) -> (Upstream, Client<TcpStream>) {
    let change = fault.map(|name| named(name).unwrap().change);
    let options = UpstreamOptions { change, ..UpstreamOptions::default() };
    let upstream = in_front(server.address(), Security::None, options);
    let client = connect(upstream.address()).await;
    (upstream, client)
}

/// Stands in front of a server whose certificate is believed.
fn in_front(server: SocketAddr, security: Security, options: UpstreamOptions) -> Upstream {
    let address = server.to_string().parse().unwrap();
    let target = Target { security, trust: Trust::Anything, ..Target::new(address) };
    let connector = Connector::new(target, Timeouts::default(), Limits::default()).unwrap();
    Upstream::start(connector, options).unwrap()
}

#[tokio::test]
async fn the_way_to_the_server_can_be_over_tls() {
    let tls_listen = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
    let server = Embedded::start(Options { tls_listen, ..Options::default() }).unwrap();
    let change = Some(named("login-with-any-password").unwrap().change);
    for (address, security) in [
        (server.tls_address().unwrap(), Security::Implicit),
        (server.address(), Security::StartTls),
    ] {
        for change in [None, change] {
            let options = UpstreamOptions { change, ..UpstreamOptions::default() };
            let upstream = in_front(address, security, options);
            let mut client = dial(upstream.address()).await;
            let greeting = client.line().await;
            assert!(greeting.starts_with("* OK ") && !greeting.contains("STARTTLS"), "{greeting}");
            let expected = if change.is_some() { "a OK " } else { "a NO " };
            let answer = client.ask("a", "LOGIN alice wrong").await;
            assert!(answer.starts_with(expected), "{security}: {answer}");
            client.say("b AUTHENTICATE PLAIN\r\n").await;
            assert_eq!(client.line().await, "+ \r\n", "the server is as it is");
        }
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_named_to_the_client() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let upstream = in_front(nobody, Security::None, UpstreamOptions::default());
    let said = dial(upstream.address()).await.line().await;
    assert!(said.starts_with("* BYE ") && said.contains(&nobody.to_string()), "{said}");
}

#[tokio::test]
async fn no_more_connections_pass_than_are_allowed_and_none_that_is_silent_for_long() {
    let server = embedded();
    let options = UpstreamOptions { connections: 1, ..UpstreamOptions::default() };
    let upstream = in_front(server.address(), Security::None, options);
    let mut first = connect(upstream.address()).await;
    first.login().await;
    let mut second = dial(upstream.address()).await;
    assert_eq!(second.line().await, "* BYE Too many connections\r\n");

    let patience = Duration::from_millis(50);
    let options = UpstreamOptions { patience, ..UpstreamOptions::default() };
    let upstream = in_front(server.address(), Security::None, options);
    let mut silent = connect(upstream.address()).await;
    assert_eq!(silent.line().await, "", "it is still open");
}

#[tokio::test]
async fn without_a_fault_nothing_changes_on_the_way() {
    let server = embedded();
    let (_upstream, mut client) = behind(&server, None).await;
    assert!(client.ask("a", "LOGIN alice wrong").await.starts_with("a NO "));
    client.login().await;
    client.append("x").await;
    assert!(client.ask("b", "SELECT INBOX").await.contains("* 1 EXISTS\r\n"));
}

#[tokio::test]
async fn a_fault_on_the_way_changes_what_the_server_says() {
    let server = embedded();
    let (_upstream, mut client) = behind(&server, Some("login-with-any-password")).await;
    assert!(client.ask("a", "LOGIN alice wrong").await.starts_with("a OK "));
    // The server itself has not let anybody in.
    assert!(client.ask("b", "SELECT INBOX").await.starts_with("b BAD "));
}

/// Appends four octets, and says what the server thinks they are.
async fn size_of_four_octets(fault: &str, extensions: imap_grammar::Extensions) -> String {
    let mut options = Options::default();
    options.configuration.extensions = extensions;
    let server = Embedded::start(options).unwrap();
    let (_upstream, mut client) = behind(&server, Some(fault)).await;
    client.login().await;
    client.append("x: y").await;
    client.ask("a", "EXAMINE INBOX").await;
    client.ask("b", "FETCH 1 RFC822.SIZE").await
}

#[tokio::test]
async fn a_fault_on_the_way_changes_what_the_server_hears() {
    for extensions in [imap_grammar::Extensions::NONE, imap_grammar::Extensions::all()] {
        let told = size_of_four_octets("login-with-any-password", extensions).await;
        assert!(told.contains("RFC822.SIZE 4)") && told.contains("b OK "), "{told}");
        let told = size_of_four_octets("append-adds-header", extensions).await;
        assert!(told.contains("RFC822.SIZE ") && !told.contains("RFC822.SIZE 4)"), "{told}");
    }
}

#[tokio::test]
async fn with_a_fault_on_the_way_the_rest_is_as_ever() {
    let server = embedded();
    let (_upstream, mut client) = behind(&server, Some("size-one-less")).await;
    client.say("a AUTHENTICATE PLAIN\r\n").await;
    assert_eq!(client.line().await, "+ \r\n");
    // NUL alice NUL alice-secret
    client.say("AGFsaWNlAGFsaWNlLXNlY3JldA==\r\n").await;
    assert!(client.until("a ").await.contains("a OK "));
    client.ask("b", "SELECT INBOX").await;
    client.say("c IDLE\r\n").await;
    client.until("+ ").await;
    let mut other = connect(server.address()).await;
    other.login().await;
    other.append("x").await;
    client.until("* 1 EXISTS\r\n").await;
    client.say("DONE\r\n").await;
    client.until("c OK ").await;
    // A literal that the server refuses: the rest of the command never reaches it.
    client.say("d XYZZY {1}\r\n").await;
    client.until("+ ").await;
    client.say("y\r\n").await;
    assert!(client.until("d ").await.contains("d BAD "));
    client.say("lone\n").await;
    assert!(client.line().await.starts_with("lone BAD "));
    assert!(client.ask("e", "NOOP").await.contains("e OK "));
}

#[tokio::test]
async fn a_client_that_says_no_more_gets_its_answers() {
    let server = embedded();
    for fault in [None, Some("size-one-less")] {
        let (_upstream, mut client) = behind(&server, fault).await;
        client.say("a NOOP\r\nb LOGOUT\r\n").await;
        client.0.shutdown().await.unwrap();
        assert_eq!(client.line().await, "a OK NOOP completed\r\n");
        client.until("b OK ").await;
        assert_eq!(client.line().await, "");
    }
}

#[tokio::test]
async fn tls_passes_through_a_fault_untouched() {
    let server = embedded();
    let (_upstream, mut client) = behind(&server, Some("login-with-any-password")).await;
    assert!(client.ask("a", "STARTTLS").await.starts_with("a OK "));
    let name = "localhost".try_into().unwrap();
    let stream = trusting(&server).connect(name, client.0.into_inner()).await.unwrap();
    let mut client = Client(BufReader::new(stream));
    assert!(client.ask("b", "LOGIN alice wrong").await.starts_with("b NO "));
    client.login().await;
}
