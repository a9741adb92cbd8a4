//! TLS: whom the wire believes, and what it makes of servers that get TLS wrong.

use std::{future::Future, path::Path, sync::Arc, time::Duration};

use imap_conform::{
    Happened,
    target::{Address, Secret, Security, Target, Trust, User},
    wire::{
        CertificateProblem, Connection, Connector, Fault, Limits, LoginError, Recorder, Timeouts,
        TrustError, WireError, deadline_in,
    },
};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair};
use rustls::ServerConfig;
use tempfile::NamedTempFile;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    time::Instant,
};
use tokio_rustls::TlsAcceptor;

const SOON: Duration = Duration::from_secs(10);
const WITH_STARTTLS: &str = "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\r\n";

/// A certificate that signs itself, as a server uses it and as a file to trust it by.
struct Certificate {
    acceptor: TlsAcceptor,
    pem: NamedTempFile,
}

fn certificate(change: impl FnOnce(&mut CertificateParams)) -> Certificate {
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let pem = NamedTempFile::new().unwrap();
    std::fs::write(pem.path(), certificate.pem()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            rustls_pki_types::PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .unwrap();
    Certificate { acceptor: TlsAcceptor::from(Arc::new(config)), pem }
}

fn trusting(pem: &Path) -> Trust {
    Trust::Authorities(pem.to_owned())
}

/// A connector to a server of this process that handles its connections one by one as given.
async fn serving<S: Future<Output = ()> + Send + 'static>(
    security: Security,
    trust: Trust,
    mut server: impl FnMut(TcpStream) -> S + Send + 'static,
) -> Connector {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            server(stream).await;
        }
    });
    let address: Address = format!("127.0.0.1:{port}").parse().unwrap();
    let server_name = Some("localhost".to_owned());
    let target = Target { security, trust, server_name, ..Target::new(address) };
    let timeouts = Timeouts { tls: Duration::from_millis(500), ..Timeouts::default() };
    Connector::new(target, timeouts, Limits::default()).unwrap()
}

/// A server with implicit TLS that greets.
async fn greeting_over(certificate: &Certificate, trust: Trust) -> Connector {
    let acceptor = certificate.acceptor.clone();
    serving(Security::Implicit, trust, move |stream| {
        let acceptor = acceptor.clone();
        async move {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let _ = stream.write_all(b"* OK ready\r\n").await;
                let _ = stream.shutdown().await;
            }
        }
    })
    .await
}

fn recorder() -> Recorder {
    Recorder::new(Instant::now(), [])
}

async fn refusal(connector: &Connector) -> WireError {
    let error = connector.connect("", &recorder()).await.err();
    error.expect("the connection is refused")
}

async fn answer(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), lines: &[(&str, &str)]) {
    let mut stream = BufReader::new(stream);
    for (expected, words) in lines {
        let mut line = String::new();
        let _ = stream.read_line(&mut line).await;
        assert_eq!(line, *expected);
        let _ = stream.write_all(words.as_bytes()).await;
    }
}

// ---- certificates ----

#[tokio::test]
async fn a_certificate_is_believed_where_its_authority_is() {
    let certificate = certificate(|_| {});
    for trust in [trusting(certificate.pem.path()), Trust::Anything] {
        let connector = greeting_over(&certificate, trust).await;
        let recorder = recorder();
        let mut connection = connector.connect("", &recorder).await.unwrap();
        assert_eq!(connection.greeting().await.unwrap().text, "ready");
        assert!(connection.is_encrypted());
        assert_eq!(connection.security(), "TLS 1.3");
        assert_eq!(connection.receive(deadline_in(SOON)).await, Err(WireError::Closed));
        recorder.judge(|transcript| {
            let started = &transcript.entries[1].happened;
            assert!(
                matches!(started, Happened::TlsStarted(how) if how.starts_with("TLS 1.3 (TLS13_"))
            );
        });
    }
}

#[tokio::test]
async fn certificates_that_are_not_believed_say_why() {
    let good = certificate(|_| {});
    let renewed = certificate(|_| {});
    let other = certificate(|params| {
        params.distinguished_name.push(DnType::CommonName, "another");
    });
    let misnamed = certificate(|params| {
        *params = CertificateParams::new(["mail.example.org".to_owned()]).unwrap();
    });
    let expired = certificate(|params| params.not_after = rcgen::date_time_ymd(2020, 1, 1));
    let early = certificate(|params| params.not_before = rcgen::date_time_ymd(4000, 1, 1));
    let authority = certificate(|params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
    let wrong_name = CertificateProblem::WrongName {
        wanted: "localhost".to_owned(),
        presented: "but for mail.example.org".to_owned(),
    };
    for (certificate, trusted, expected) in [
        (&good, Trust::System, CertificateProblem::UnknownIssuer),
        (&good, trusting(other.pem.path()), CertificateProblem::UnknownIssuer),
        (&good, trusting(renewed.pem.path()), CertificateProblem::NotSigned),
        (&misnamed, trusting(misnamed.pem.path()), wrong_name),
        (&expired, trusting(expired.pem.path()), CertificateProblem::Expired),
        (&early, trusting(early.pem.path()), CertificateProblem::NotValidYet),
        (&authority, trusting(authority.pem.path()), CertificateProblem::Authority),
    ] {
        let error = refusal(&greeting_over(certificate, trusted).await).await;
        assert_eq!(error, WireError::Certificate(expected));
        assert_eq!(error.fault(), Fault::Environment);
    }
}

#[test]
fn what_the_user_says_about_certificates_is_checked_at_once() {
    let connector = |trust, server_name: Option<&str>| {
        let server_name = server_name.map(str::to_owned);
        let target = Target { trust, server_name, ..Target::new("[::1]:993".parse().unwrap()) };
        Connector::new(target, Timeouts::default(), Limits::default()).err()
    };
    assert_eq!(connector(Trust::Anything, None), None, "an IP address can be in a certificate");
    let name = Some(TrustError::ServerName("no name".into()));
    assert_eq!(connector(Trust::Anything, Some("no name")), name);
    let empty = NamedTempFile::new().unwrap();
    let nothing = Some(TrustError::NoCertificate(empty.path().to_owned()));
    assert_eq!(connector(trusting(empty.path()), None), nothing);
    let error = connector(trusting(Path::new("no/such/file")), None).unwrap().to_string();
    assert!(error.contains("no/such/file"), "{error}");
}

// ---- handshakes that fail ----

#[tokio::test]
async fn a_handshake_without_end_is_not_waited_for() {
    let hanging = |stream: TcpStream| async move {
        let _stream = stream;
        std::future::pending().await
    };
    let connector = serving(Security::Implicit, Trust::Anything, hanging).await;
    let error = refusal(&connector).await;
    assert_eq!(error, WireError::TlsTimedOut(Duration::from_millis(500)));
    assert_eq!(error.fault(), Fault::Target);
}

#[tokio::test]
async fn a_server_without_tls_is_told_from_one_with_it() {
    let greeting = |mut stream: TcpStream| async move {
        let _ = stream.write_all(b"* OK ready\r\n").await;
        answer(&mut stream, &[]).await;
        std::future::pending().await
    };
    let connector = serving(Security::Implicit, Trust::Anything, greeting).await;
    assert_eq!(refusal(&connector).await, WireError::NotTls);
}

#[tokio::test]
async fn a_server_that_closes_instead_of_negotiating_is_found() {
    let closing = |stream: TcpStream| async move {
        let mut line = Vec::new();
        let _ = BufReader::new(stream).read_until(b'\0', &mut line).await;
    };
    let connector = serving(Security::Implicit, Trust::Anything, closing).await;
    let error = refusal(&connector).await;
    assert!(matches!(error, WireError::Closed | WireError::Broken(_)), "{error}");
}

// ---- STARTTLS ----

#[tokio::test]
async fn a_handshake_that_is_given_up_is_not_said_to_be_ended_by_the_server() {
    let connector = serving(Security::StartTls, Trust::Anything, |mut stream| async move {
        stream.write_all(WITH_STARTTLS.as_bytes()).await.unwrap();
        answer(&mut stream, &[]).await;
        std::future::pending().await
    })
    .await;
    let recorder = recorder();
    let mut connection = connector.connect("", &recorder).await.unwrap();
    connection.greeting().await.unwrap();
    let given_up = tokio::time::timeout(Duration::from_millis(50), connection.start_tls()).await;
    assert!(given_up.is_err(), "{given_up:?}");
    let error = connection.receive(deadline_in(SOON)).await.unwrap_err();
    assert!(matches!(error, WireError::TlsTimedOut(_)), "{error}");
    drop(connection);
    recorder.judge(|transcript| {
        let happened: Vec<_> = transcript.entries.iter().map(|entry| &entry.happened).collect();
        let by_server = happened.iter().any(|happened| matches!(happened, Happened::Closed(_)));
        assert!(!by_server && happened.last() == Some(&&Happened::Disconnected), "{happened:?}");
    });
}

/// A server that answers STARTTLS with these words and then negotiates TLS, and what becomes of a
/// client that wants it.
async fn start_tls(
    words: &'static str,
    then: &'static [(&str, &str)],
) -> (Connection, Recorder, Result<(), WireError>) {
    let certificate = certificate(|_| {});
    let acceptor = certificate.acceptor.clone();
    let trust = trusting(certificate.pem.path());
    let connector = serving(Security::StartTls, trust, move |mut stream| {
        let acceptor = acceptor.clone();
        async move {
            stream.write_all(WITH_STARTTLS.as_bytes()).await.unwrap();
            answer(&mut stream, &[("ic1 STARTTLS\r\n", words)]).await;
            if let Ok(mut stream) = acceptor.accept(stream).await {
                answer(&mut stream, then).await;
            }
        }
    })
    .await;
    let recorder = recorder();
    let mut connection = connector.connect("", &recorder).await.unwrap();
    connection.greeting().await.unwrap();
    let secured = connection.secure().await;
    (connection, recorder, secured)
}

#[tokio::test]
async fn starttls_makes_the_connection_safe_and_the_capabilities_unknown() {
    let (mut connection, _, secured) = start_tls(
        "ic1 OK go\r\n",
        &[
            ("ic2 CAPABILITY\r\n", "* CAPABILITY IMAP4rev1\r\nic2 OK\r\n"),
            ("ic3 LOGIN \"alice\" \"hunter2\"\r\n", "ic3 OK [CAPABILITY IMAP4rev1] in\r\n"),
        ],
    )
    .await;
    secured.unwrap();
    assert!(connection.is_encrypted());
    assert_eq!(connection.capabilities(), None);
    let user = User { name: "alice".into(), password: Secret::new("hunter2").unwrap() };
    assert_eq!(connection.log_in(&user).await.unwrap(), ["IMAP4rev1"]);
}

#[tokio::test]
async fn octets_in_clear_behind_the_ok_are_never_taken_for_protected() {
    for words in ["ic1 OK go\r\n* OK injected\r\n", "ic1 OK go\r\n* OK inj"] {
        let (mut connection, recorder, secured) = start_tls(words, &[]).await;
        assert_eq!(secured, Err(WireError::ClearAfterStartTls));
        assert!(!connection.is_encrypted());
        let next = connection.receive(deadline_in(SOON)).await;
        assert_eq!(next, Err(WireError::ClearAfterStartTls));
        recorder.judge(|transcript| {
            let injected = transcript.entries.iter().any(|entry| match &entry.happened {
                Happened::Received(octets) | Happened::Fragment(octets) => {
                    octets.starts_with(b"* OK inj")
                }
                _ => false,
            });
            assert!(injected, "they are in the record");
        });
    }
}

#[tokio::test]
async fn starttls_that_is_refused_is_an_error() {
    let (_, _, secured) = start_tls("ic1 NO not today\r\n", &[]).await;
    assert_eq!(secured, Err(WireError::StartTlsRefused { said: "not today".into() }));
}

#[tokio::test]
async fn starttls_that_is_not_offered_is_an_error_where_it_is_demanded() {
    for (security, expected) in [
        (Security::StartTls, Err(WireError::StartTlsNotOffered)),
        (Security::StartTlsWhenOffered, Ok(())),
        (Security::None, Ok(())),
    ] {
        let greeting = |mut stream: TcpStream| async move {
            let _ = stream.write_all(b"* OK [CAPABILITY IMAP4rev1] ready\r\n").await;
            std::future::pending().await
        };
        let connector = serving(security, Trust::Anything, greeting).await;
        let mut connection = connector.connect("", &recorder()).await.unwrap();
        connection.greeting().await.unwrap();
        assert_eq!(connection.secure().await, expected, "{security}");
        assert!(!connection.is_encrypted());
    }
}

/// This machine's own address towards the outside, where it has one: not a loopback address.
fn own_address() -> Option<std::net::IpAddr> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").ok()?;
    // Nothing is sent: connecting a datagram socket only chooses a route.
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

#[tokio::test]
async fn no_password_goes_over_a_network_in_clear_unless_the_user_says_so() {
    let Some(address) = own_address() else {
        eprintln!("skipped: this machine has no address but loopback");
        return;
    };
    let user = User { name: "alice".into(), password: Secret::new("hunter2").unwrap() };
    for (security, allowed) in [(Security::StartTlsWhenOffered, false), (Security::None, true)] {
        let listener = TcpListener::bind((address, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(b"* OK [CAPABILITY IMAP4rev1] ready\r\n").await.unwrap();
            let mut heard = String::new();
            let (reader, mut writer) = stream.split();
            BufReader::new(reader).read_line(&mut heard).await.unwrap();
            let _ = writer.write_all(b"ic1 OK [CAPABILITY IMAP4rev1] in\r\n").await;
            heard
        });
        let target =
            Target { security, ..Target::new(format!("{address}:{port}").parse().unwrap()) };
        let connector = Connector::new(target, Timeouts::default(), Limits::default()).unwrap();
        let mut connection = connector.connect("", &recorder()).await.unwrap();
        connection.greeting().await.unwrap();
        connection.secure().await.unwrap();
        let result = connection.log_in(&user).await;
        let secret = 0..7;
        let sent = connection.send_masked(b"hunter2\r\n", std::slice::from_ref(&secret)).await;
        drop(connection);
        let heard = server.await.unwrap();
        if allowed {
            assert!(result.is_ok() && sent.is_ok());
        } else {
            let refused = WireError::SecretInClear { address: format!("{address}:{port}") };
            assert!(refused.to_string().contains("--tls none"));
            assert_eq!(sent, Err(refused.clone()));
            assert_eq!(result, Err(LoginError::Wire(refused)));
            assert_eq!(heard, "", "nothing was sent");
        }
    }
}
