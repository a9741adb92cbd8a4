//! Framing: where one message ends and the next begins, apart from what it says.
//!
//! A message is a line and, where the line ends by announcing a literal, the literal's octets and
//! what follows them (RFC 3501 §2.2 and §4.3). The framer looks for line ends only, never inside a
//! literal, and remembers how far it has looked, so that the cost is linear in the octets however
//! they are cut. It keeps no octets: they stay in the caller's buffer.

use std::fmt;

use memchr::memchr;

use crate::{
    Extensions,
    extension::Announcement,
    lexical::{astring, spaced},
    parse::{Context, Direction},
};

/// How much of a message is accepted before it is a [`FrameError`].
///
/// The defaults suit a peer that is trusted to be no worse than large: a SEARCH response about a
/// million messages is one line of some 8 MB, and few servers take messages above 50 MB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FrameLimits {
    /// Octets of one message outside its literals: announcements and every CRLF included.
    pub line: usize,
    /// Octets of one literal.
    pub literal: u32,
    /// Octets of one message, all in all. No buffer has to be larger.
    pub message: usize,
    /// Levels of parentheses outside quoted strings, literals and text for a person.
    ///
    /// The default leaves room for what [`MAX_DEPTH`](crate::MAX_DEPTH) allows the parser, whose
    /// error says more.
    pub nesting: u32,
}

impl Default for FrameLimits {
    fn default() -> Self {
        Self { line: 16 << 20, literal: 64 << 20, message: 128 << 20, nesting: 128 }
    }
}

/// Finds the messages in a stream of octets from a client or from a server.
///
/// The same rules serve both directions:
/// - A line ends with CRLF. LF alone is [`FrameError::LoneLf`], since no message may hold one
///   outside a literal and a peer that ends its lines so would be waited for in vain. CR alone is
///   left to the parser.
/// - A line that ends with `{n}` or `{n+}` announces a literal (RFC 7888 §4).
/// - Except in text for a person, which may end so too: what follows `+`, and `OK`, `NO`, `BAD`,
///   `BYE` or `PREAUTH` behind `*` or a tag (no command has such a name). Of those only the code
///   `BADCHARSET` can hold a literal, so there one is announced only where its list is legal so far.
///
/// ```
/// use imap_grammar::{FrameLimits, Framer, Framing};
///
/// let mut buffer = b"* LIST () \"/\" {5}\r\nab".to_vec();
/// let mut framer = Framer::new(FrameLimits::default());
/// let literal = framer.advance(&buffer)?;
/// assert_eq!(literal, Framing::Literal { announced: 5, synchronising: true, at: 19 });
/// assert_eq!(framer.advance(&buffer)?, Framing::Incomplete { at_least: 5 });
///
/// buffer.extend_from_slice(b"\r\nc\r\n* 1 EX");
/// assert_eq!(framer.advance(&buffer)?, Framing::Message { length: 26 });
/// buffer.drain(..26);
/// assert_eq!(framer.advance(&buffer)?, Framing::Incomplete { at_least: 2 });
/// # Ok::<(), imap_grammar::FrameError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Framer {
    limits: FrameLimits,
    message: Progress,
    examined: u64,
}

/// What [`Framer::advance`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Framing {
    /// More octets are needed.
    Incomplete {
        /// How many are missing at the least.
        at_least: usize,
    },
    /// A literal is announced. Each is reported once, whether its octets have come or not; to go
    /// on, advance again.
    ///
    /// It is for a server, which answers a synchronising literal with a continuation request or
    /// refuses it. Having refused, it drops the first `at` octets and calls [`Framer::reset`].
    Literal {
        /// How many octets it will have.
        announced: u32,
        /// Whether the client waits for a continuation request.
        synchronising: bool,
        /// Octets from the start of the message to the literal.
        at: usize,
    },
    /// The first `length` octets of the buffer are a whole message. The framer is ready for the
    /// next, which begins behind it.
    Message {
        /// Its octets, the final CRLF included.
        length: usize,
    },
}

/// A message that breaks a limit, or a line end that is none. Offsets count from the start of the
/// message.
///
/// A framer stays where it failed until it is [reset](Framer::reset).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameError {
    /// More octets outside literals than [`FrameLimits::line`].
    LongLine {
        /// The limit.
        limit: usize,
        /// The first octet too many.
        offset: usize,
    },
    /// A literal of more octets than [`FrameLimits::literal`].
    LargeLiteral {
        /// The limit.
        limit: u32,
        /// The octets announced; `u64::MAX` where there are more.
        announced: u64,
        /// Whether the client waits for a continuation request.
        synchronising: bool,
        /// Where the literal would begin.
        offset: usize,
    },
    /// More octets than [`FrameLimits::message`].
    LongMessage {
        /// The limit.
        limit: usize,
        /// The first octet too many, or the literal that would pass the limit.
        offset: usize,
    },
    /// More open parentheses than [`FrameLimits::nesting`].
    DeepNesting {
        /// The limit.
        limit: u32,
        /// The first parenthesis too many.
        offset: usize,
    },
    /// LF without CR before it, outside a literal.
    LoneLf {
        /// The LF. A peer that ends its lines so begins its next message behind it.
        offset: usize,
    },
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LongLine { limit, .. } => write!(f, "a line of more than {limit} octets"),
            Self::LargeLiteral { limit, announced, offset, .. } => write!(
                f,
                "a literal of {announced} octets announced before byte {offset}, the limit is \
                 {limit}"
            ),
            Self::LongMessage { limit, .. } => write!(f, "a message of more than {limit} octets"),
            Self::DeepNesting { limit, offset } => {
                write!(f, "more than {limit} nested parentheses at byte {offset}")
            }
            Self::LoneLf { offset } => write!(f, "LF without CR at byte {offset}"),
        }
    }
}

impl std::error::Error for FrameError {}

/// How far the current message has been looked at. Offsets count from its start.
#[derive(Debug, Clone, Default)]
struct Progress {
    /// Where the line begins that has not ended yet: the message, or what follows a literal.
    line: usize,
    /// Before this offset there is no end of that line.
    searched: usize,
    /// Octets of the lines before it.
    octets_of_lines: usize,
    /// Parentheses open where it begins.
    depth: u32,
    /// What the message holds; unknown before its first line has ended.
    content: Option<Content>,
}

/// What a line holds, as far as framing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// Atoms, strings and lists.
    Syntax,
    /// The list of a BADCHARSET code, which a literal interrupts.
    CharsetList,
    /// Text for a person.
    Text,
}

impl Framer {
    /// A framer at the start of a message.
    pub fn new(limits: FrameLimits) -> Self {
        Self { limits, message: Progress::default(), examined: 0 }
    }

    /// Looks at what has come since the last call.
    ///
    /// `buffer` begins with the current message and holds at least what it held at the last call.
    pub fn advance(&mut self, buffer: &[u8]) -> Result<Framing, FrameError> {
        let Progress { line, searched, .. } = self.message;
        let Some(new) = buffer.get(searched..) else {
            // Within a literal; behind it comes a CRLF at least.
            return Ok(Framing::Incomplete { at_least: searched - buffer.len() + 2 });
        };
        let Some(lf) = memchr(b'\n', new).map(|at| searched + at) else {
            self.examined += new.len() as u64;
            self.check_length(buffer.len() + 1)?;
            self.message.searched = buffer.len();
            let has_cr = buffer[line..].ends_with(b"\r");
            return Ok(Framing::Incomplete { at_least: if has_cr { 1 } else { 2 } });
        };
        let end = lf + 1;
        self.examined += (end - searched) as u64;
        self.check_length(end)?;
        self.end_line(&buffer[line..end], end)
    }

    /// How many octets it has looked at so far: each once to find where a line ends, and each of a
    /// line that has ended once more. It shows that the cost is linear.
    pub fn examined(&self) -> u64 {
        self.examined
    }

    /// Forgets the current message: the buffer's first octet begins another.
    pub fn reset(&mut self) {
        self.message = Progress::default();
    }

    /// Refuses a line that ends at `end` or later, where that is too far.
    fn check_length(&self, end: usize) -> Result<(), FrameError> {
        let FrameLimits { line, message, .. } = self.limits;
        let longest_line =
            self.message.line.saturating_add(line.saturating_sub(self.message.octets_of_lines));
        if end <= longest_line.min(message) {
            Ok(())
        } else if longest_line <= message {
            Err(FrameError::LongLine { limit: line, offset: longest_line })
        } else {
            Err(FrameError::LongMessage { limit: message, offset: message })
        }
    }

    /// `line` has its end of line, and `end` is the offset behind that.
    fn end_line(&mut self, line: &[u8], end: usize) -> Result<Framing, FrameError> {
        let Some(text) = line.strip_suffix(b"\r\n") else {
            return Err(FrameError::LoneLf { offset: end - 1 });
        };
        self.examined += text.len() as u64;
        let content = match self.message.content {
            None => Content::of_first_line(line),
            Some(Content::CharsetList) => match line.strip_prefix(b" ") {
                Some(charsets) => Content::of_charsets(charsets),
                None => Content::Text,
            },
            Some(content) => content,
        };
        let mut depth = self.message.depth;
        if content == Content::Syntax {
            depth = self.depth_after(text)?;
        }
        let announcement = match content {
            Content::Text => None,
            Content::Syntax | Content::CharsetList => Announcement::at_end_of(text),
        };
        let Some(Announcement { octets, synchronising, .. }) = announcement else {
            self.reset();
            return Ok(Framing::Message { length: end });
        };
        let FrameLimits { literal, message, .. } = self.limits;
        let announced = match u32::try_from(octets) {
            Ok(announced) if announced <= literal => announced,
            _ => {
                return Err(FrameError::LargeLiteral {
                    limit: literal,
                    announced: octets,
                    synchronising,
                    offset: end,
                });
            }
        };
        let next_line = end.saturating_add(announced as usize);
        if next_line.saturating_add(2) > message {
            return Err(FrameError::LongMessage { limit: message, offset: end });
        }
        self.message = Progress {
            line: next_line,
            searched: next_line,
            octets_of_lines: self.message.octets_of_lines + (end - self.message.line),
            depth,
            content: Some(content),
        };
        Ok(Framing::Literal { announced, synchronising, at: end })
    }

    /// How many parentheses are open at the end of the line.
    fn depth_after(&self, text: &[u8]) -> Result<u32, FrameError> {
        let mut depth = self.message.depth;
        if depth == 0 && memchr(b'(', text).is_none() {
            return Ok(0);
        }
        let mut at = 0;
        while let Some(&octet) = text.get(at) {
            match octet {
                b'(' if depth == self.limits.nesting => {
                    let offset = self.message.line + at;
                    return Err(FrameError::DeepNesting { limit: depth, offset });
                }
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                b'"' => at += quoted_length(&text[at..]) - 1,
                _ => {}
            }
            at += 1;
        }
        Ok(depth)
    }
}

impl Content {
    fn of_first_line(line: &[u8]) -> Self {
        const STATUS: [&[u8]; 5] = [b"OK", b"NO", b"BAD", b"BYE", b"PREAUTH"];
        const CODE: &[u8] = b"[BADCHARSET (";
        let (first, mut rest) = split_word(line);
        if first != b"+" {
            let second;
            (second, rest) = split_word(rest);
            if !STATUS.iter().any(|status| status.eq_ignore_ascii_case(second)) {
                return Self::Syntax;
            }
        }
        match rest.split_at_checked(CODE.len()) {
            Some((code, charsets)) if code.eq_ignore_ascii_case(CODE) => {
                Self::of_charsets(charsets)
            }
            _ => Self::Text,
        }
    }

    /// Of a line from where a charset is due. Only the grammar can say whether it goes on with a
    /// literal: where the list is not legal, there is no code, and all of it is text. The charsets
    /// are not kept, of which a line of any length may have many.
    fn of_charsets(line: &[u8]) -> Self {
        let cx = Context::new(Extensions::default(), Direction::FromServer);
        match spaced(line, |charset| astring(cx, charset).map(|(rest, _)| (rest, ()))) {
            Err(nom::Err::Incomplete(_)) => Self::CharsetList,
            _ => Self::Text,
        }
    }
}

/// The octets before the first SP and those behind it.
fn split_word(text: &[u8]) -> (&[u8], &[u8]) {
    match memchr(b' ', text) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &[]),
    }
}

/// The octets of the quoted string at the start, both quotes included; all where it has no end.
fn quoted_length(text: &[u8]) -> usize {
    let mut at = 1;
    loop {
        match text.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return text.len(),
        }
    }
}
