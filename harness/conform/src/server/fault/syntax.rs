//! Faults in how responses are written, and in what a server makes of illegal commands.

use imap_grammar::{
    Capability, Code, CommandBody, Continue, RespText, Response, Status, Tag, Text, Untagged,
};

use super::{Change, Fault, untagged};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "bare-lf",
        requirement: "rfc3501/2.2-02",
        summary: "ends lines with LF alone",
        change: Change::Octets(|_, octets| match octets.strip_suffix(b"\r\n") {
            Some(line) => [line, b"\n"].concat(),
            None => octets,
        }),
    },
    Fault {
        name: "empty-text",
        requirement: "rfc3501/9-112",
        summary: "completes commands with OK and no text",
        change: Change::Octets(|_, octets| {
            let line = String::from_utf8_lossy(&octets);
            match line.split_once(' ') {
                Some((tag, rest)) if !matches!(tag, "*" | "+") && rest.starts_with("OK ") => {
                    format!("{tag} OK\r\n").into_bytes()
                }
                _ => octets,
            }
        }),
    },
    Fault {
        name: "quoted-8-bit",
        requirement: "rfc3501/4.3-05",
        summary: "puts 8-bit octets into quoted strings",
        change: Change::Octets(|_, octets| {
            let at =
                octets.windows(2).position(|pair| pair[0] == b'"' && pair[1].is_ascii_alphabetic());
            match at.filter(|_| octets.starts_with(b"* ")) {
                Some(at) => [&octets[..=at], b"\xC3\xA9", &octets[at + 1..]].concat(),
                None => octets,
            }
        }),
    },
    Fault {
        name: "literal-too-short",
        requirement: "rfc3501/4.3-02",
        summary: "announces literals one octet shorter than they are",
        change: Change::Octets(|_, octets| recounted(octets, |count| count.saturating_sub(1))),
    },
    Fault {
        name: "continuation-without-text",
        requirement: "rfc3501/9-52",
        summary: "asks for continuation with a bare +",
        change: Change::Octets(|_, octets| match octets.starts_with(b"+") {
            true => b"+\r\n".to_vec(),
            false => octets,
        }),
    },
    Fault {
        name: "delimiter-unquoted",
        requirement: "rfc3501/9-90",
        summary: "writes the hierarchy delimiter without quotes",
        change: Change::Octets(|_, octets| {
            let text = String::from_utf8_lossy(&octets);
            match text.starts_with("* LIST ") && text.contains(" \"/\" ") {
                true => text.replace(" \"/\" ", " / ").into_bytes(),
                false => octets,
            }
        }),
    },
    Fault {
        name: "wrong-tag",
        requirement: "rfc3501/2.2.2-04",
        summary: "completes commands under another tag",
        change: Change::Edit(|_, response| {
            if let Response::Tagged(tagged) = response
                && let Some(tag) = Tag::new(format!("{}x", tagged.tag))
            {
                tagged.tag = tag;
            }
        }),
    },
    Fault {
        name: "tag-in-upper-case",
        requirement: "rfc3501/2.2.2-04",
        summary: "changes the case of tags",
        change: Change::Edit(|_, response| {
            if let Response::Tagged(tagged) = response
                && let Some(tag) = Tag::new(tagged.tag.as_str().to_ascii_uppercase())
            {
                tagged.tag = tag;
            }
        }),
    },
    Fault {
        name: "bad-becomes-ok",
        requirement: "rfc3501/2.2.2-09",
        summary: "completes illegal commands with OK",
        change: Change::Edit(|exchange, response| {
            if let Response::Tagged(tagged) = response
                && tagged.status == Status::Bad
                && exchange.command(&tagged.tag).is_none()
            {
                tagged.status = Status::Ok;
            }
        }),
    },
    Fault {
        name: "bad-becomes-bye",
        requirement: "rfc3501/2.2.2-09",
        summary: "says BYE to illegal commands",
        change: Change::Replace(|_, response| match response {
            Response::Tagged(tagged) if tagged.status == Status::Bad => {
                vec![Response::Untagged(Untagged::Bye(tagged.text))]
            }
            response => vec![response],
        }),
    },
    Fault {
        name: "untagged-bad-instead",
        requirement: "rfc3501/2.2-03",
        summary: "answers illegal commands with an untagged BAD and no completion",
        change: Change::Replace(|_, response| match response {
            Response::Tagged(tagged) if tagged.status == Status::Bad => {
                let status = Untagged::Status { status: Status::Bad, text: tagged.text };
                vec![Response::Untagged(status)]
            }
            response => vec![response],
        }),
    },
    Fault {
        name: "completes-twice",
        requirement: "rfc3501/2.2-03",
        summary: "completes every command twice",
        change: Change::Replace(|_, response| match response {
            Response::Tagged(_) => vec![response.clone(), response],
            response => vec![response],
        }),
    },
    Fault {
        name: "continuation-unasked",
        requirement: "rfc3501/7-12",
        summary: "asks for continuation of commands that are complete",
        change: Change::Replace(|exchange, response| match &response {
            Response::Tagged(tagged)
                if exchange.command(&tagged.tag) == Some(&CommandBody::Noop) =>
            {
                let text = Text::new("go on").map(|text| RespText { code: None, text });
                vec![Response::Continue(Continue { text }), response]
            }
            _ => vec![response],
        }),
    },
    Fault {
        name: "capability-without-imap4rev1",
        requirement: "rfc3501/7.2.1-02",
        summary: "leaves IMAP4rev1 out of CAPABILITY",
        change: Change::Edit(|_, response| {
            let strip = |capabilities: &mut Vec<Capability<'_>>| {
                capabilities
                    .retain(|capability| !capability.0.as_str().eq_ignore_ascii_case("IMAP4rev1"));
            };
            if let Some(Untagged::Capability(capabilities)) = untagged(response) {
                strip(capabilities);
            } else if let Response::Tagged(tagged) = response
                && let Some(Code::Capability(capabilities)) = &mut tagged.text.code
            {
                strip(capabilities);
            }
        }),
    },
    Fault {
        name: "capability-missing",
        requirement: "rfc3501/6.1.1-02",
        summary: "answers CAPABILITY with OK alone",
        change: Change::Drop(|_, response| {
            matches!(response, Response::Untagged(Untagged::Capability(_)))
        }),
    },
    Fault {
        name: "two-spaces",
        requirement: "rfc3501/9-03",
        summary: "puts two spaces behind the star",
        change: Change::Octets(|_, octets| match octets.strip_prefix(b"* ") {
            Some(rest) => [b"*  ", rest].concat(),
            None => octets,
        }),
    },
    Fault {
        name: "literal-too-long",
        requirement: "rfc3501/4.3-02",
        summary: "announces literals one octet longer than they are",
        change: Change::Octets(|_, octets| recounted(octets, |count| count.saturating_add(1))),
    },
    Fault {
        name: "data-without-star",
        requirement: "rfc3501/2.2.2-01",
        summary: "leaves the star out before EXISTS",
        change: Change::Octets(|_, octets| match octets.strip_prefix(b"* ") {
            Some(rest) if rest.ends_with(b" EXISTS\r\n") => rest.to_vec(),
            _ => octets,
        }),
    },
    Fault {
        name: "completes-with-done",
        requirement: "rfc3501/2.2.2-06",
        summary: "completes CHECK with a word that no status has",
        change: Change::Octets(|exchange, octets| {
            let checks = exchange.during(|body| *body == CommandBody::Check);
            let line = String::from_utf8_lossy(&octets);
            match line.split_once(" OK ") {
                Some((tag, text)) if checks => format!("{tag} DONE {text}").into_bytes(),
                _ => octets,
            }
        }),
    },
    Fault {
        name: "name-without-quotes",
        requirement: "rfc3501/9-144",
        summary: "writes names with spaces without quotes",
        change: Change::Octets(|_, octets| {
            let line = String::from_utf8_lossy(&octets);
            let Some(rest) = line.strip_prefix("* STATUS \"") else { return octets };
            match rest.split_once("\" (") {
                Some((name, rest)) => format!("* STATUS {name} ({rest}").into_bytes(),
                None => octets,
            }
        }),
    },
    Fault {
        name: "bye-is-tagged",
        requirement: "rfc3501/7.1-02",
        summary: "completes LOGOUT with a tagged BYE",
        change: Change::Octets(|exchange, octets| {
            let leaves = exchange.during(|body| *body == CommandBody::Logout);
            let line = String::from_utf8_lossy(&octets);
            match line.split_once(" OK ") {
                Some((tag, text)) if leaves && tag != "*" => {
                    format!("{tag} BYE {text}").into_bytes()
                }
                _ => octets,
            }
        }),
    },
];

/// The octets with the first literal announced to have another length.
fn recounted(octets: Vec<u8>, count: fn(u32) -> u32) -> Vec<u8> {
    let open = octets.iter().position(|&octet| octet == b'{');
    let close = octets.windows(3).position(|end| end == b"}\r\n");
    let (Some(open), Some(close)) = (open, close) else { return octets };
    let announced = octets.get(open + 1..close).and_then(|digits| std::str::from_utf8(digits).ok());
    match announced.and_then(|digits| digits.parse().ok()) {
        Some(announced) => {
            let count = count(announced).to_string();
            [&octets[..=open], count.as_bytes(), &octets[close..]].concat()
        }
        None => octets,
    }
}
