//! Properties of every value and of every message: what is written is read back as the same
//! value, a message that is not whole is incomplete, and no change of an octet upsets the parser.

mod generate {
    pub mod command;
    pub mod lexical;
    pub mod message;
    pub mod response;
}

use generate::command::{authenticate_data, command};
use generate::response::{greeting, response};
use imap_grammar::{
    EncodeOptions, Error, Extensions, FrameLimits, Framer, Framing, Grammar, Greeting, LiteralForm,
    StringForm,
};
use proptest::prelude::*;

fn grammar() -> Grammar {
    Grammar::with(Extensions::all())
}

fn every_option() -> impl Iterator<Item = EncodeOptions> {
    let literals = [
        LiteralForm::Synchronising,
        LiteralForm::NonSynchronising,
        LiteralForm::SmallNonSynchronising,
    ];
    let strings = [StringForm::Shortest, StringForm::Quoted, StringForm::Literal];
    strings
        .into_iter()
        .flat_map(move |strings| literals.map(|literals| EncodeOptions { strings, literals }))
}

proptest! {
    #[test]
    fn a_command_survives_writing_and_reading(command in command()) {
        for options in every_option() {
            let encoded = command.encode(options);
            let parsed = grammar().command(&encoded.bytes);
            prop_assert_eq!(parsed.as_ref(), Ok(&command), "{}", encoded.bytes.escape_ascii());
            prop_assert_eq!(parsed.unwrap().into_owned(), command.clone());
            for pause in encoded.pauses {
                let announced = encoded.bytes[..pause].ends_with(b"}\r\n");
                prop_assert!(announced);
            }
        }
    }

    #[test]
    fn a_command_that_is_not_whole_is_incomplete(command in command()) {
        let message = command.to_bytes();
        for end in 0..message.len() {
            prop_assert_eq!(grammar().command(&message[..end]), Err(Error::Incomplete));
        }
    }

    #[test]
    fn a_changed_octet_is_no_upset(
        command in command(),
        index in any::<prop::sample::Index>(),
        octet in any::<u8>(),
    ) {
        let mut message = command.to_bytes();
        let index = index.index(message.len());
        message[index] = octet;
        for grammar in [grammar(), Grammar::rfc3501()] {
            match grammar.command(&message.clone()) {
                Ok(changed) => {
                    let written = changed.to_bytes();
                    prop_assert!(grammar.command(&written) == Ok(changed));
                }
                Err(Error::Incomplete) => {}
                Err(Error::Invalid(rejection)) => {
                    prop_assert!(rejection.offset <= message.len());
                    message.extend_from_slice(b"\r\n0)] ");
                    prop_assert_eq!(grammar.command(&message), Err(Error::Invalid(rejection)));
                }
            }
        }
    }

    #[test]
    fn any_octets_are_no_upset(message in prop::collection::vec(any::<u8>(), 0..64)) {
        for grammar in [grammar(), Grammar::rfc3501()] {
            let _ = grammar.command(&message);
            let _ = grammar.authenticate_data(&message);
            let _ = grammar.idle_done(&message);
        }
    }

    #[test]
    fn a_line_of_authenticate_survives_writing_and_reading(data in authenticate_data()) {
        let message = data.to_bytes();
        prop_assert_eq!(grammar().authenticate_data(&message), Ok(data));
        for end in 0..message.len() {
            let prefix = grammar().authenticate_data(&message[..end]);
            prop_assert_eq!(prefix, Err(Error::Incomplete));
        }
    }
}

/// The options under which a server may write.
fn every_option_of_a_server() -> impl Iterator<Item = EncodeOptions> {
    every_option().filter(|options| options.literals == LiteralForm::Synchronising)
}

proptest! {
    #[test]
    fn a_response_survives_writing_and_reading(response in response()) {
        for options in every_option_of_a_server() {
            let message = response.encode(options).bytes;
            let parsed = grammar().response(&message);
            prop_assert_eq!(parsed.as_ref(), Ok(&response), "{}", message.escape_ascii());
            prop_assert_eq!(parsed.unwrap().into_owned(), response.clone());
        }
    }

    #[test]
    fn a_response_that_is_not_whole_is_incomplete(response in response()) {
        let message = response.to_bytes();
        for end in 0..message.len() {
            prop_assert_eq!(grammar().response(&message[..end]), Err(Error::Incomplete));
        }
    }

    #[test]
    fn a_changed_octet_of_a_response_is_no_upset(
        response in response(),
        index in any::<prop::sample::Index>(),
        octet in any::<u8>(),
    ) {
        let mut message = response.to_bytes();
        let index = index.index(message.len());
        message[index] = octet;
        for grammar in [grammar(), Grammar::rfc3501()] {
            match grammar.response(&message.clone()) {
                Ok(changed) => {
                    let written = changed.to_bytes();
                    prop_assert!(grammar.response(&written) == Ok(changed));
                }
                Err(Error::Incomplete) => {}
                Err(Error::Invalid(rejection)) => {
                    prop_assert!(rejection.offset <= message.len());
                    message.extend_from_slice(b"\r\n0)] ");
                    prop_assert_eq!(grammar.response(&message), Err(Error::Invalid(rejection)));
                }
            }
        }
    }

    #[test]
    fn any_octets_are_no_response_that_upsets(message in prop::collection::vec(any::<u8>(), 0..64)) {
        for grammar in [grammar(), Grammar::rfc3501()] {
            let _ = grammar.response(&message);
            let _ = grammar.greeting(&message);
            let starred = [b"* ", &message[..]].concat();
            let _ = grammar.response(&starred);
            let _ = grammar.greeting(&starred);
        }
    }

    #[test]
    fn a_greeting_survives_writing_and_reading(greeting in greeting()) {
        for options in every_option_of_a_server() {
            let message = greeting.encode(options).bytes;
            let parsed = grammar().greeting(&message).map(Greeting::into_owned);
            prop_assert_eq!(parsed.as_ref(), Ok(&greeting));
        }
        let message = greeting.to_bytes();
        for end in 0..message.len() {
            prop_assert_eq!(grammar().greeting(&message[..end]), Err(Error::Incomplete));
        }
    }

    /// Where the grammar sees a whole message, the framer does, for both directions.
    #[test]
    fn a_message_is_one_frame(command in command(), response in response()) {
        for options in every_option() {
            prop_assert_eq!(frames(&command.encode(options).bytes), 1);
        }
        for options in every_option_of_a_server() {
            let message = response.encode(options).bytes;
            prop_assert_eq!(frames(&message), 1, "{}", message.escape_ascii());
        }
    }
}

/// How many messages the stream is cut into, none of which is left over.
fn frames(stream: &[u8]) -> usize {
    let mut framer = Framer::new(FrameLimits::default());
    let mut rest = stream;
    let mut count = 0;
    loop {
        match framer.advance(rest) {
            Ok(Framing::Message { length }) => {
                count += 1;
                rest = &rest[length..];
            }
            Ok(Framing::Literal { .. }) => {}
            Ok(Framing::Incomplete { .. }) if rest.is_empty() => return count,
            other => panic!("{other:?} in {}", stream.escape_ascii()),
        }
    }
}
