//! The grammar: octets to values and back.

use std::fmt::Debug;

use arbitrary::{Arbitrary, Unstructured};
use imap_grammar::{
    AuthenticateData, Command, EncodeOptions, Encoded, Error, Extensions, Found, Grammar, Greeting,
    LiteralForm, Rejection, Response, StringForm,
};

use crate::framing::count_frames;

/// A kind of message, with the way in and the way out.
trait Kind {
    type Value<'m>: Debug;

    fn parse(grammar: Grammar, octets: &[u8]) -> Result<Self::Value<'_>, Error>;

    fn to_bytes(value: &Self::Value<'_>) -> Vec<u8>;

    /// The message in every way in which it can be written.
    fn in_every_way(value: &Self::Value<'_>) -> Vec<Encoded>;

    fn same(one: &Self::Value<'_>, other: &Self::Value<'_>) -> bool;
}

macro_rules! kinds {
    ($($kind:ident: $value:ident by $parse:ident and $in_every_way:ident;)*) => { $(
        enum $kind {}

        impl Kind for $kind {
            type Value<'m> = $value<'m>;

            fn parse(grammar: Grammar, octets: &[u8]) -> Result<$value<'_>, Error> {
                grammar.$parse(octets)
            }

            fn to_bytes(value: &$value<'_>) -> Vec<u8> {
                value.to_bytes()
            }

            fn in_every_way(value: &$value<'_>) -> Vec<Encoded> {
                $in_every_way(value)
            }

            fn same(one: &$value<'_>, other: &$value<'_>) -> bool {
                one == other
            }
        }
    )* };
}

kinds! {
    Commands: Command by command and commands;
    Responses: Response by response and responses;
    Greetings: Greeting by greeting and greetings;
    AuthenticateLines: AuthenticateData by authenticate_data and authenticate_lines;
}

/// Any octets as a command, and as a line within AUTHENTICATE and IDLE.
pub fn parse_command(octets: &[u8]) {
    any_octets::<Commands>(octets);
    any_octets::<AuthenticateLines>(octets);
    idle_done(octets);
}

/// `DONE` and CRLF end IDLE, in any case, and nothing else does; without IDLE nothing can.
fn idle_done(octets: &[u8]) {
    const DONE: &[u8] = b"DONE\r\n";
    let done = grammar().idle_done(octets);
    if octets.eq_ignore_ascii_case(DONE) {
        assert_eq!(done, Ok(()));
    } else if DONE.get(..octets.len()).is_some_and(|start| start.eq_ignore_ascii_case(octets)) {
        assert_eq!(done, Err(Error::Incomplete));
    } else {
        assert!(matches!(done, Err(Error::Invalid(_))), "{done:?}: {}", octets.escape_ascii());
    }
    assert!(Grammar::rfc3501().idle_done(octets).is_err());
}

/// Any octets as a response.
pub fn parse_response(octets: &[u8]) {
    any_octets::<Responses>(octets);
}

/// Any octets as a greeting.
pub fn parse_greeting(octets: &[u8]) {
    any_octets::<Greetings>(octets);
}

/// Any command, written in every way and read again.
pub fn command_to_bytes_and_back(octets: &[u8]) {
    let mut octets = Unstructured::new(octets);
    let Ok(command) = Command::arbitrary(&mut octets) else { return };
    to_bytes_and_back::<Commands>(&command);
    assert_eq!(command.clone().into_owned(), command);
    let Ok(data) = AuthenticateData::arbitrary(&mut octets) else { return };
    to_bytes_and_back::<AuthenticateLines>(&data);
}

/// Any response and any greeting, written in every way and read again.
pub fn response_to_bytes_and_back(octets: &[u8]) {
    let mut octets = Unstructured::new(octets);
    let Ok(response) = Response::arbitrary(&mut octets) else { return };
    to_bytes_and_back::<Responses>(&response);
    assert_eq!(response.clone().into_owned(), response);
    let Ok(greeting) = Greeting::arbitrary(&mut octets) else { return };
    to_bytes_and_back::<Greetings>(&greeting);
}

/// With every extension.
pub(crate) fn grammar() -> Grammar {
    Grammar::with(Extensions::all())
}

/// What must hold of any octets as a message, with every extension and with none.
fn any_octets<K: Kind>(octets: &[u8]) {
    for grammar in [grammar(), Grammar::rfc3501()] {
        let parsed = K::parse(grammar, octets);
        match &parsed {
            Ok(value) => {
                assert_eq!(count_frames(octets), Some(1), "a message is one frame");
                let written = K::to_bytes(value);
                reads_as::<K>(grammar, &written, value);
            }
            Err(Error::Invalid(rejection)) => {
                assert!(rejection.offset <= octets.len(), "{rejection}");
                let found = octets.get(rejection.offset);
                assert_eq!(rejection.found, found.map_or(Found::End, |&octet| Found::Octet(octet)));
                for more in [b"\r\n0)] \"".as_slice(), b")\r\n", b"\"\r\n"] {
                    stays_invalid::<K>(grammar, &[octets, more].concat(), rejection);
                }
            }
            Err(Error::Incomplete) => {}
        }
        starts_alike::<K>(grammar, octets, &parsed);
    }
}

fn reads_as<K: Kind>(grammar: Grammar, written: &[u8], value: &K::Value<'_>) {
    match K::parse(grammar, written) {
        Ok(again) if K::same(&again, value) => {}
        other => panic!("{value:?} is written {}: {other:?}", written.escape_ascii()),
    }
}

/// More octets may tell better what is wrong, but it stays wrong, and nothing before it becomes so.
fn stays_invalid<K: Kind>(grammar: Grammar, octets: &[u8], rejection: &Rejection) {
    match K::parse(grammar, octets) {
        Err(Error::Invalid(now)) if now.offset >= rejection.offset => {}
        other => panic!("{rejection}, then {other:?}: {}", octets.escape_ascii()),
    }
}

/// A start of the message is incomplete where the message is legal or incomplete, and incomplete or
/// refused, no later, where it is refused; unless it is a message of its own.
fn starts_alike<K: Kind>(grammar: Grammar, octets: &[u8], whole: &Result<K::Value<'_>, Error>) {
    let place = match whole {
        Err(Error::Invalid(rejection)) => rejection.offset,
        _ => octets.len(),
    };
    for end in [octets.len() / 2, place.saturating_sub(1), octets.len().saturating_sub(1)] {
        if end == octets.len() {
            continue;
        }
        let start = K::parse(grammar, &octets[..end]);
        match (start, whole) {
            (Err(Error::Incomplete), _) => {}
            (Err(Error::Invalid(start)), Err(Error::Invalid(whole)))
                if start.offset <= whole.offset => {}
            // A whole message, and more behind it.
            (Ok(_), Err(Error::Invalid(whole))) if whole.offset == end => {}
            (start, whole) => panic!("{start:?} after {end} octets, then {whole:?}"),
        }
    }
}

/// What must hold of a legal value.
fn to_bytes_and_back<K: Kind>(value: &K::Value<'_>) {
    for Encoded { bytes, pauses } in K::in_every_way(value) {
        reads_as::<K>(grammar(), &bytes, value);
        assert_eq!(count_frames(&bytes), Some(1), "in {}", bytes.escape_ascii());
        for pause in pauses {
            assert!(bytes[..pause].ends_with(b"}\r\n"), "in {}", bytes.escape_ascii());
        }
    }
    let message = K::to_bytes(value);
    // All starts of a short message, some of a long one.
    for end in (0..message.len()).step_by(1 + message.len() / 64) {
        let start = K::parse(grammar(), &message[..end]);
        assert_eq!(start.err(), Some(Error::Incomplete), "{end} of {}", message.escape_ascii());
    }
}

const STRING_FORMS: [StringForm; 3] =
    [StringForm::Shortest, StringForm::Quoted, StringForm::Literal];

fn commands(command: &Command<'_>) -> Vec<Encoded> {
    let literals = [
        LiteralForm::Synchronising,
        LiteralForm::NonSynchronising,
        LiteralForm::SmallNonSynchronising,
    ];
    let options = STRING_FORMS
        .into_iter()
        .flat_map(|strings| literals.map(|literals| EncodeOptions { strings, literals }));
    options.map(|options| command.encode(options)).collect()
}

fn responses(response: &Response<'_>) -> Vec<Encoded> {
    STRING_FORMS.map(|strings| without_pauses(response.encode(strings))).into()
}

fn greetings(greeting: &Greeting<'_>) -> Vec<Encoded> {
    STRING_FORMS.map(|strings| without_pauses(greeting.encode(strings))).into()
}

fn authenticate_lines(data: &AuthenticateData<'_>) -> Vec<Encoded> {
    vec![without_pauses(data.to_bytes())]
}

/// Of a message in which nobody waits.
fn without_pauses(bytes: Vec<u8>) -> Encoded {
    Encoded { bytes, pauses: Vec::new() }
}
