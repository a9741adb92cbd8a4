//! What the wire makes of servers that misbehave: the right error, in time, and no more memory
//! than was stated.
//!
//! Servers live in this process. Most speak over memory under a clock that stands still unless
//! everybody waits, so that deadlines pass at once; what TCP alone can do is tried over TCP.

use std::{
    future::Future,
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use imap_conform::{
    Happened, Transcript,
    target::{Address, Secret, Security, Target, User},
    wire::{
        Connection, Connector, Fault, Limits, LoginError, Recorder, Timeouts, WireError,
        deadline_in,
    },
};
use imap_grammar::{FrameError, FrameLimits};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    net::{TcpListener, TcpSocket, TcpStream},
    time::Instant,
};

const PIPE: usize = 4096;
const SECOND: Duration = Duration::from_secs(1);
const GREETING: &str = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n";

fn alice(password: &str) -> User {
    User { name: "alice".into(), password: Secret::new(password).unwrap() }
}

fn target(security: Security) -> Target {
    Target { security, ..Target::new("localhost:143".parse::<Address>().unwrap()) }
}

fn limits() -> Limits {
    let frame =
        FrameLimits { line: 1000, literal: 10_000, message: 12_000, ..FrameLimits::default() };
    Limits { frame, waiting: 20_000, connection: 1_000_000 }
}

fn connector(security: Security) -> Connector {
    Connector::new(target(security), Timeouts::default(), limits()).unwrap()
}

fn recorder() -> Recorder {
    Recorder::new(Instant::now(), [&alice("hunter2")])
}

/// A connection over memory to a server that does what is given.
fn connected<S: Future<Output = ()> + Send + 'static>(
    server: impl FnOnce(DuplexStream) -> S,
) -> (Connection, Recorder) {
    let (ours, theirs) = duplex(PIPE);
    let recorder = recorder();
    tokio::spawn(server(theirs));
    (connector(Security::None).over(ours, "memory", "", &recorder), recorder)
}

/// Says something and then neither speaks nor closes.
async fn say_and_hang(mut stream: DuplexStream, words: impl AsRef<[u8]>) {
    let _ = stream.write_all(words.as_ref()).await;
    std::future::pending().await
}

async fn say_and_close(mut stream: DuplexStream, words: impl AsRef<[u8]>) {
    let _ = stream.write_all(words.as_ref()).await;
}

/// Says the same until nobody takes it; counts what was taken.
async fn say_without_end(mut stream: DuplexStream, words: &[u8], taken: Arc<AtomicU64>) {
    while let Ok(count) = stream.write(words).await {
        taken.fetch_add(count as u64, Ordering::SeqCst);
    }
}

async fn until_error(connection: &mut Connection) -> (usize, WireError) {
    let mut frames = 0;
    loop {
        match connection.receive(deadline_in(SECOND)).await {
            Ok(_) => frames += 1,
            Err(error) => return (frames, error),
        }
    }
}

fn happened(transcript: &Transcript) -> Vec<&Happened> {
    transcript.entries.iter().map(|entry| &entry.happened).collect()
}

// ---- receiving ----

#[tokio::test(start_paused = true)]
async fn frames_are_received_and_recorded() {
    let (mut connection, recorder) = connected(|stream| {
        say_and_close(stream, "* OK hi\r\n* 1 FETCH (BODY[] {4}\r\nab\r\n)\r\n")
    });
    let frame = connection.receive(deadline_in(SECOND)).await.unwrap();
    assert_eq!(frame.octets, "* OK hi\r\n");
    let frame = connection.receive(deadline_in(SECOND)).await.unwrap();
    assert_eq!(frame.octets, "* 1 FETCH (BODY[] {4}\r\nab\r\n)\r\n");
    recorder.judge(|transcript| {
        let recorded = &transcript.entries[frame.entry];
        assert_eq!(recorded.happened, Happened::Received(frame.octets.to_vec()));
        assert_eq!(recorded.at, frame.at);
    });
    for _ in 0..2 {
        assert_eq!(connection.receive(deadline_in(SECOND)).await, Err(WireError::Closed));
    }
    drop(connection);
    recorder.judge(|transcript| {
        let closed = Happened::Closed("in good order".into());
        assert_eq!(happened(transcript)[3..], [&closed]);
    });
}

#[tokio::test(start_paused = true)]
async fn a_server_that_hangs_is_not_waited_for() {
    let (mut connection, recorder) = connected(|stream| say_and_hang(stream, "* OK hi\r\n* 1 F"));
    let (frames, error) = until_error(&mut connection).await;
    assert_eq!(frames, 1);
    assert_eq!(error, WireError::NoAnswer { within: SECOND, unfinished: 5 });
    assert_eq!(error.fault(), Fault::Target);
    drop(connection);
    recorder.judge(|transcript| {
        let end = [&Happened::Fragment(b"* 1 F".to_vec()), &Happened::Disconnected];
        assert_eq!(happened(transcript)[2..], end);
    });
}

#[tokio::test(start_paused = true)]
async fn one_may_go_on_after_a_deadline() {
    let (mut connection, _) = connected(|mut stream| async move {
        stream.write_all(b"* 1 FETCH (BODY[] {4}\r\na").await.unwrap();
        tokio::time::sleep(SECOND * 3).await;
        stream.write_all(b"bcd)\r\n").await.unwrap();
    });
    let early = connection.receive(deadline_in(SECOND)).await;
    assert_eq!(early, Err(WireError::NoAnswer { within: SECOND, unfinished: 24 }));
    let frame = connection.receive(deadline_in(SECOND * 5)).await.unwrap();
    assert_eq!(frame.octets, "* 1 FETCH (BODY[] {4}\r\nabcd)\r\n");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_closes_inside_a_literal_is_found() {
    let words = "* 1 FETCH (BODY[] {100}\r\nabc";
    let (mut connection, recorder) = connected(move |stream| say_and_close(stream, words));
    let (_, error) = until_error(&mut connection).await;
    assert_eq!(error, WireError::ClosedInside { octets: words.len() });
    recorder.judge(|transcript| {
        assert_eq!(transcript.entries[1].happened, Happened::Fragment(words.into()));
        assert!(matches!(transcript.entries[2].happened, Happened::Closed(_)));
    });
}

#[tokio::test(start_paused = true)]
async fn a_line_that_ends_with_lf_alone_is_a_frame_all_the_same() {
    let (mut connection, _) = connected(|stream| say_and_close(stream, "* OK hi\n* OK ho\r\n"));
    let frame = connection.receive(deadline_in(SECOND)).await.unwrap();
    assert_eq!(frame.octets, "* OK hi\n");
    let frame = connection.receive(deadline_in(SECOND)).await.unwrap();
    assert_eq!(frame.octets, "* OK ho\r\n");
}

#[tokio::test(start_paused = true)]
async fn a_gigabyte_is_refused_when_it_is_announced() {
    let words = "* 1 FETCH (BODY[] {1073741824}\r\n";
    let (mut connection, recorder) = connected(move |stream| say_and_hang(stream, words));
    let (_, error) = until_error(&mut connection).await;
    let WireError::BeyondLimit(FrameError::LargeLiteral { announced, limit, .. }) = error else {
        panic!("{error}");
    };
    assert_eq!((announced, limit), (1 << 30, 10_000));
    recorder.judge(|transcript| {
        assert_eq!(transcript.entries[1].happened, Happened::Fragment(words.into()));
    });
}

#[tokio::test(start_paused = true)]
async fn garbage_without_end_is_cut_off_at_the_limit_of_a_line() {
    let taken = Arc::new(AtomicU64::new(0));
    let counted = taken.clone();
    let (mut connection, _) =
        connected(|stream| say_without_end(stream, &[0xff, 0x00, 0x1b, b'\r'], counted));
    let (frames, error) = until_error(&mut connection).await;
    assert_eq!(frames, 0);
    assert!(
        matches!(error, WireError::BeyondLimit(FrameError::LongLine { limit: 1000, .. })),
        "{error}"
    );
    // One more read and what the pipe holds.
    assert!(taken.load(Ordering::SeqCst) <= 1000 + 2 * PIPE as u64);
}

#[tokio::test(start_paused = true)]
async fn a_flood_ends_at_the_limit_of_a_connection() {
    let taken = Arc::new(AtomicU64::new(0));
    let counted = taken.clone();
    let (mut connection, recorder) =
        connected(|stream| say_without_end(stream, b"* 1 EXISTS\r\n", counted));
    let (frames, error) = until_error(&mut connection).await;
    assert_eq!(error, WireError::Flooded(1_000_000));
    assert!(frames > 80_000, "what came before is received: {frames}");
    assert!(taken.load(Ordering::SeqCst) <= 1_000_000 + 2 * PIPE as u64);
    let kept: usize = recorder.judge(|transcript| transcript.entries.len());
    assert!(kept <= 70_000, "{kept}");
}

#[tokio::test(start_paused = true)]
async fn a_receive_that_is_given_up_loses_nothing() {
    let (mut connection, _) = connected(|mut stream| async move {
        for piece in ["* OK", " he", "llo\r\n"] {
            stream.write_all(piece.as_bytes()).await.unwrap();
            tokio::time::sleep(SECOND).await;
        }
    });
    let mut given_up = 0;
    let frame = loop {
        let tick = tokio::time::sleep(SECOND / 4);
        tokio::select! {
            biased;
            frame = connection.receive(deadline_in(SECOND * 60)) => break frame.unwrap(),
            () = tick => given_up += 1,
        }
    };
    assert!(given_up > 4);
    assert_eq!(frame.octets, "* OK hello\r\n");
}

// ---- sending ----

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_nothing_in_is_not_waited_for() {
    let (mut connection, _) = connected(|stream| say_and_hang(stream, ""));
    let sent = connection.send(&vec![b'x'; 100_000]).await;
    assert_eq!(sent, Err(WireError::Stalled(Timeouts::default().response)));
}

#[tokio::test(start_paused = true)]
async fn neither_side_waits_for_the_other_to_read() {
    let words = format!("* OK {}\r\n", "x".repeat(900)).repeat(20);
    assert!(words.len() > PIPE);
    let (mut connection, _) = connected(|mut stream| async move {
        stream.write_all(words.as_bytes()).await.unwrap();
        let mut heard = vec![0; 100_000];
        stream.read_exact(&mut heard).await.unwrap();
        stream.write_all(b"a OK\r\n").await.unwrap();
    });
    connection.send(&vec![b'x'; 100_000]).await.unwrap();
    let (frames, error) = until_error(&mut connection).await;
    assert_eq!((frames, error), (21, WireError::Closed));
}

#[tokio::test(start_paused = true)]
async fn what_comes_while_sending_is_bounded() {
    let taken = Arc::new(AtomicU64::new(0));
    let counted = taken.clone();
    let (mut connection, _) =
        connected(|stream| say_without_end(stream, b"* 1 EXISTS\r\n", counted));
    let sent = connection.send(&vec![b'x'; 100_000]).await;
    assert!(matches!(sent, Err(WireError::Stalled(_))), "{sent:?}");
    assert!(taken.load(Ordering::SeqCst) <= 20_000 + 2 * PIPE as u64);
}

#[tokio::test(start_paused = true)]
async fn pieces_are_written_one_by_one_and_recorded_as_one() {
    let (mut connection, recorder) = connected(|mut stream| async move {
        let mut heard = [0; 8];
        stream.read_exact(&mut heard).await.unwrap();
        stream.write_all(b"a OK\r\n").await.unwrap();
    });
    connection.send_in_pieces(b"a NOOP\r\n", &[], NonZeroUsize::MIN).await.unwrap();
    assert_eq!(connection.receive(deadline_in(SECOND)).await.unwrap().octets, "a OK\r\n");
    recorder.judge(|transcript| {
        assert_eq!(transcript.entries[1].happened, Happened::Sent(b"a NOOP\r\n".to_vec()));
    });
}

// ---- the greeting ----

#[tokio::test(start_paused = true)]
async fn greetings_are_told_apart() {
    let (mut connection, _) = connected(|stream| say_and_hang(stream, GREETING));
    let greeting = connection.greeting().await.unwrap();
    assert!(!greeting.preauthenticated);
    assert_eq!(greeting.text, "[CAPABILITY IMAP4rev1 AUTH=PLAIN] ready");
    assert_eq!(connection.capabilities().unwrap(), ["IMAP4rev1", "AUTH=PLAIN"]);

    let said = |said: &str| said.to_owned();
    for (words, expected) in [
        ("* BYE go away\r\n", WireError::Unwelcome { said: said("go away") }),
        ("* BYE [LIMIT] busy\r\n", WireError::TooManyConnections { said: said("[LIMIT] busy") }),
        (
            "* BYE Too many connections\r\n",
            WireError::TooManyConnections { said: said("Too many connections") },
        ),
        ("SSH-2.0-x\r\n", WireError::NotImap { said: said("SSH-2.0-x") }),
        ("+OK POP3 \x1b[2J\r\n", WireError::NotImap { said: said("+OK POP3 \\u{1b}[2J") }),
        ("", WireError::NoGreeting(Timeouts::default().response)),
        ("* O", WireError::NoAnswer { within: Timeouts::default().response, unfinished: 3 }),
    ] {
        let (mut connection, _) = connected(move |stream| say_and_hang(stream, words));
        assert_eq!(connection.greeting().await, Err(expected), "{words:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_while_others_are_open_means_too_many() {
    let connector = connector(Security::None);
    let recorder = recorder();
    let open = |words: &'static str| {
        let (ours, theirs) = duplex(PIPE);
        tokio::spawn(say_and_close(theirs, words));
        connector.over(ours, "memory", "", &recorder)
    };
    let mut first = open(GREETING);
    first.greeting().await.unwrap();
    for words in ["* BYE go away\r\n", ""] {
        let error = open(words).greeting().await.unwrap_err();
        assert!(matches!(error, WireError::TooManyConnections { .. }), "{words:?}: {error}");
        assert_eq!(error.fault(), Fault::Environment);
    }
    drop(first);
    assert_eq!(open("").greeting().await, Err(WireError::Closed));
}

// ---- logging in ----

/// A server that expects lines and answers each; more than it expects is not answered.
async fn converse(mut stream: DuplexStream, lines: Vec<(String, &'static str)>) {
    let _ = stream.write_all(b"* OK ready\r\n").await;
    for (expected, answer) in lines {
        let mut heard = vec![0; expected.len()];
        stream.read_exact(&mut heard).await.unwrap();
        assert_eq!(
            heard.escape_ascii().to_string(),
            expected.as_bytes().escape_ascii().to_string()
        );
        let _ = stream.write_all(answer.as_bytes()).await;
    }
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
}

/// Logs in where the server offers these capabilities and goes on with these lines.
async fn log_in(
    password: &str,
    capabilities: &'static str,
    lines: &[(&str, &'static str)],
) -> (Result<Vec<String>, LoginError>, Transcript) {
    let mut conversation = vec![("ic1 CAPABILITY\r\n".to_owned(), capabilities)];
    conversation.extend(lines.iter().map(|(expected, answer)| ((*expected).to_owned(), *answer)));
    let user = alice(password);
    let recorder = Recorder::new(Instant::now(), []);
    let (ours, theirs) = duplex(PIPE);
    let server = tokio::spawn(converse(theirs, conversation));
    let mut connection = connector(Security::None).over(ours, "memory", "", &recorder);
    connection.greeting().await.unwrap();
    let result = connection.log_in(&user).await;
    drop(connection);
    server.await.unwrap();
    // The recorder does not know the password here: the sender's own masks are what is tested.
    (result, recorder.transcript())
}

const LOGIN_ONLY: &str = "* CAPABILITY IMAP4rev1\r\nic1 OK\r\n";
const PLAIN_ONLY: &str = "* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=PLAIN\r\nic1 OK\r\n";
const PLAIN_SASL_IR: &str = "* CAPABILITY IMAP4rev1 logindisabled auth=plain sasl-ir\r\nic1 OK\r\n";
/// `\0alice\0hunter2`
const MESSAGE: &str = "AGFsaWNlAGh1bnRlcjI=";

#[tokio::test(start_paused = true)]
async fn every_way_to_log_in_is_taken_and_leaves_no_secret() {
    let with_response = format!("ic2 AUTHENTICATE PLAIN {MESSAGE}\r\n");
    let alone = format!("{MESSAGE}\r\n");
    let done = "ic2 OK [CAPABILITY IMAP4rev1 IDLE] in\r\n";
    type Lines<'a> = &'a [(&'a str, &'static str)];
    let ways: [(&str, &str, Lines); 7] = [
        ("hunter2", LOGIN_ONLY, &[("ic2 LOGIN \"alice\" \"hunter2\"\r\n", done)]),
        (r#"a"b\c"#, LOGIN_ONLY, &[("ic2 LOGIN \"alice\" \"a\\\"b\\\\c\"\r\n", done)]),
        (
            "pässword",
            LOGIN_ONLY,
            &[("ic2 LOGIN \"alice\" {9}\r\n", "+ go on\r\n"), ("pässword\r\n", done)],
        ),
        ("hunter2", PLAIN_ONLY, &[("ic2 AUTHENTICATE PLAIN\r\n", "+ \r\n"), (&alone, done)]),
        ("hunter2", PLAIN_SASL_IR, &[(&with_response, done)]),
        (
            "hunter2",
            LOGIN_ONLY,
            &[(
                "ic2 LOGIN \"alice\" \"hunter2\"\r\n",
                "* CAPABILITY IMAP4rev1 IDLE\r\nic2 OK in\r\n",
            )],
        ),
        (
            "hunter2",
            LOGIN_ONLY,
            &[
                ("ic2 LOGIN \"alice\" \"hunter2\"\r\n", "ic2 OK in\r\n"),
                ("ic3 CAPABILITY\r\n", "* CAPABILITY IMAP4rev1 IDLE\r\nic3 OK\r\n"),
            ],
        ),
    ];
    for (password, capabilities, lines) in ways {
        let (result, transcript) = log_in(password, capabilities, lines).await;
        assert_eq!(result.unwrap(), ["IMAP4rev1", "IDLE"], "{lines:?}");
        let sent: Vec<u8> = transcript
            .entries
            .iter()
            .filter_map(|entry| match &entry.happened {
                Happened::Sent(octets) => Some(octets.as_slice()),
                _ => None,
            })
            .flatten()
            .copied()
            .collect();
        let sent = String::from_utf8(sent).unwrap();
        for secret in [password, MESSAGE, "hunter", "word", "\\\""] {
            assert!(!sent.contains(secret), "{sent}");
        }
        assert!(sent.contains("*****"), "{sent}");
    }
}

#[tokio::test(start_paused = true)]
async fn refusals_of_a_login_are_told_apart() {
    let login = "ic2 LOGIN \"alice\" \"hunter2\"\r\n";
    let refused = |said: &str| LoginError::Refused { user: "alice".into(), said: said.into() };
    let too_many =
        |said: &str| LoginError::Wire(WireError::TooManyConnections { said: said.into() });
    let bye = |said: &str| LoginError::Wire(WireError::Bye { said: said.into() });
    let not_understood = |how, said: &str| LoginError::NotUnderstood {
        user: "alice".into(),
        how,
        said: said.into(),
    };
    for (answer, expected) in [
        ("ic2 NO [AUTHENTICATIONFAILED] wrong\r\n", refused("[AUTHENTICATIONFAILED] wrong")),
        ("ic2 NO [LIMIT] busy\r\n", too_many("[LIMIT] busy")),
        ("ic2 NO [UNAVAILABLE] busy\r\n", too_many("[UNAVAILABLE] busy")),
        ("* BYE Maximum number of connections\r\n", too_many("Maximum number of connections")),
        (
            "ic2 OK in\r\n* BYE Maximum number of connections\r\n",
            too_many("Maximum number of connections"),
        ),
        ("* BYE shutting down\r\n", bye("shutting down")),
        ("* OK patience\r\nic2 BAD what?\r\n", not_understood("LOGIN", "what?")),
        ("+ surprise\r\nic2 NO wrong\r\n", refused("wrong")),
    ] {
        let (result, _) = log_in("hunter2", LOGIN_ONLY, &[(login, answer)]).await;
        assert_eq!(result, Err(expected), "{answer:?}");
    }

    let disabled = "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\nic1 OK\r\n";
    let (result, _) = log_in("hunter2", disabled, &[]).await;
    assert_eq!(result, Err(LoginError::NoWay { in_clear: true }));

    let message = format!("{MESSAGE}\r\n");
    let lines = [
        ("ic2 AUTHENTICATE PLAIN\r\n", "+ \r\n"),
        (message.as_str(), "+ more\r\n"),
        ("*\r\n", "ic2 BAD cancelled\r\n"),
    ];
    let (result, _) = log_in("hunter2", PLAIN_ONLY, &lines).await;
    assert_eq!(result, Err(not_understood("AUTHENTICATE PLAIN", "cancelled")));
}

#[tokio::test(start_paused = true)]
async fn a_password_that_the_server_repeats_does_not_get_into_the_error() {
    let (mut connection, recorder) = connected(|stream| {
        let login = "ic1 LOGIN \"alice\" \"hunter2\"\r\n".to_owned();
        converse(
            stream,
            vec![
                ("ic1 CAPABILITY\r\n".to_owned(), LOGIN_ONLY),
                (login.replace("ic1", "ic2"), "ic2 NO hunter2 is wrong\r\n"),
            ],
        )
    });
    connection.greeting().await.unwrap();
    let error = connection.log_in(&alice("hunter2")).await.unwrap_err().to_string();
    assert!(error.contains("******* is wrong"), "{error}");
    let shown = format!("{:?}", recorder.transcript());
    let octets = format!("{:?}", b"hunter2").replace(['[', ']'], "");
    assert!(!shown.contains(&octets), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn a_login_that_is_not_answered_is_not_waited_for() {
    let (mut connection, _) =
        connected(|stream| converse(stream, vec![("ic1 CAPABILITY\r\n".to_owned(), LOGIN_ONLY)]));
    connection.greeting().await.unwrap();
    let error = connection.log_in(&alice("hunter2")).await.unwrap_err();
    let within = Timeouts::default().login;
    assert_eq!(error, LoginError::Wire(WireError::NoAnswer { within, unfinished: 0 }));
}

#[tokio::test(start_paused = true)]
async fn whoever_is_greeted_as_logged_in_need_not_log_in() {
    let (mut connection, _) = connected(|stream| {
        say_and_hang(stream, "* PREAUTH [CAPABILITY IMAP4rev1] alice is here\r\n")
    });
    assert!(connection.greeting().await.unwrap().preauthenticated);
    assert_eq!(connection.log_in(&alice("hunter2")).await.unwrap(), ["IMAP4rev1"]);
}

// ---- TCP ----

/// A connector to a port of this host where connections are handled one by one as given.
async fn over_tcp<S: Future<Output = ()> + Send + 'static>(
    security: Security,
    timeouts: Timeouts,
    mut server: impl FnMut(TcpStream) -> S + Send + 'static,
) -> Connector {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            server(stream).await;
        }
    });
    let target = Target { security, ..Target::new(address.parse().unwrap()) };
    Connector::new(target, timeouts, limits()).unwrap()
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let target = Target::new(address.parse().unwrap());
    let connector = Connector::new(target, Timeouts::default(), limits()).unwrap();
    let first = connector.connect("a", &recorder()).await.unwrap();
    drop(listener);
    let error = connector.connect("b", &recorder()).await.err().unwrap();
    assert!(matches!(error, WireError::TooManyConnections { .. }), "{error}");
    drop(first);
    let error = connector.connect("b", &recorder()).await.err().unwrap();
    assert!(
        matches!(&error, WireError::Unreachable { address: a, .. } if *a == address),
        "{error}"
    );
    assert_eq!(error.fault(), Fault::Environment);
}

#[tokio::test]
async fn a_connection_that_is_not_accepted_is_not_waited_for() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    // With a backlog of none the system holds one connection that nobody accepts, and no second.
    let _held = TcpStream::connect(address).await.unwrap();
    let timeouts = Timeouts { connect: Duration::from_millis(50), ..Timeouts::default() };
    let target = Target::new(address.to_string().parse().unwrap());
    let connector = Connector::new(target, timeouts, limits()).unwrap();
    let error = connector.connect("", &recorder()).await.err().unwrap();
    assert!(matches!(error, WireError::ConnectTimedOut { .. }), "{error}");
    assert_eq!(error.fault(), Fault::Environment);
}

#[tokio::test]
async fn a_reset_is_a_broken_connection() {
    let connector = over_tcp(Security::None, Timeouts::default(), |mut stream| async move {
        stream.write_all(GREETING.as_bytes()).await.unwrap();
        let mut heard = [0];
        stream.read_exact(&mut heard).await.unwrap();
        stream.set_zero_linger().unwrap();
    })
    .await;
    let recorder = recorder();
    let mut connection = connector.connect("", &recorder).await.unwrap();
    connection.greeting().await.unwrap();
    connection.send(b"a NOOP\r\n").await.unwrap();
    let error = connection.receive(deadline_in(SECOND * 10)).await.unwrap_err();
    assert!(matches!(error, WireError::Broken(_)), "{error}");
    drop(connection);
    recorder.judge(|transcript| {
        let last = &transcript.entries.last().unwrap().happened;
        assert!(matches!(last, Happened::Closed(how) if how.contains("reset")), "{last:?}");
    });
}
