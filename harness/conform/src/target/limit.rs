//! Servers that limit connections: how their refusals are told from others.

/// Whether a BYE or NO at the start of a connection says that there are too many connections, or
/// that the server is too busy for one more: by its response code, or by the words servers use.
///
/// ```
/// use imap_conform::target::means_too_many_connections;
/// assert!(means_too_many_connections("[LIMIT] later"));
/// assert!(means_too_many_connections("Too many simultaneous connections"));
/// assert!(!means_too_many_connections("[AUTHENTICATIONFAILED] wrong password"));
/// ```
pub fn means_too_many_connections(resp_text: &str) -> bool {
    // RFC 5530 §3: each is about the server's means or the mailbox's use, none about the user.
    const CODES: [&str; 3] = ["[LIMIT]", "[UNAVAILABLE]", "[INUSE]"];
    const WORDS: [&str; 3] = ["too many", "maximum number of", "connection limit"];
    let text = resp_text.to_ascii_lowercase();
    CODES.iter().any(|code| text.starts_with(&code.to_ascii_lowercase()))
        || (WORDS.iter().any(|words| text.contains(words)) && !is_about_attempts(&text))
}

/// Too many failed logins are no matter of connections: fewer at once would not help.
fn is_about_attempts(lower_case: &str) -> bool {
    ["attempt", "failure", "failed", "invalid"].iter().any(|word| lower_case.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_apart() {
        for text in [
            "[limit] come back later",
            "[UNAVAILABLE] Temporary failure",
            "[INUSE] Mailbox is locked",
            "Maximum number of connections from user+IP exceeded (mail_max_userip_connections=1)",
            "Too many open connections from this host",
            "Connection limit reached",
        ] {
            assert!(means_too_many_connections(text), "{text}");
        }
        for text in [
            "[AUTHENTICATIONFAILED] Authentication failed.",
            "[ALERT] Too many login failures",
            "Too many invalid IMAP commands.",
            "[PRIVACYREQUIRED] use TLS",
            "Login failed",
            "Autologout",
            "",
        ] {
            assert!(!means_too_many_connections(text), "{text}");
        }
    }
}
