//! What a correct IMAP server does, as a pure state machine.
