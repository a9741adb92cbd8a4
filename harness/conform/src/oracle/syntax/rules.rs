//! The known answers of the grammar: for each requirement a message that breaks it.

use super::{MessageKind, SyntaxRule};

macro_rules! rules {
    ($($kind:ident { $($id:literal: $before:literal, $broken:literal / $kept:literal, $after:literal;)* })*) => {
        /// Every requirement that the grammar enforces; where several share a production, the
        /// plainest first.
        pub const SYNTAX_RULES: &[SyntaxRule] = &[$($(SyntaxRule {
            requirement: concat!("rfc3501/", $id),
            kind: MessageKind::$kind,
            before: $before,
            broken: $broken,
            kept: $kept,
            after: $after,
        },)*)*];
    };
}

rules! {
Greeting {
    "9-76": b"* ", b"NO" / b"OK", b" ready\r\n";
    "9-76": b"", b"OK" / b"* OK", b" ready\r\n";
    "9-76": b"* OK ready", b"\n" / b"", b"\r\n";
    "9-147": b"* OK caf", b"\xC3\xA9" / b"e", b"\r\n";
    "7.1-02": b"", b"a1 PREAUTH" / b"* PREAUTH", b" ready\r\n";
}
Response {
    // Lines, and what they begin with.
    "9-109": b"* ", b"EXIST" / b"SEARCH", b" 1\r\n";
    "9-109": b"* 7 EXISTS", b" " / b"", b"\r\n";
    "2.2-02": b"* 3 EXISTS", b"\n* 0 RECENT" / b"", b"\r\n";
    "9-03": b"* 3", b"\t" / b" ", b"EXISTS\r\n";
    "7-01": b"", b"\"hello\"" / b"* OK hello", b" you\r\n";
    "2.2.2-01": b"", b"% 3 EXISTS" / b"* 3 EXISTS", b"\r\n";
    "7-04": b"", b"** OK" / b"* OK", b" done\r\n";
    "9-111": b"a1 ", b"DONE" / b"OK", b" done\r\n";
    "7-03": b"a1 ", b"SEARCH" / b"OK", b" 2\r\n";
    "7.2-01": b"a1 ", b"CAPABILITY IMAP4rev1" / b"OK", b" done\r\n";
    "9-111": b"a1", b"\t" / b" ", b"OK done\r\n";
    "2.2.2-06": b"a1 ", b"BYE" / b"BAD", b" done\r\n";
    "7.1.4-01": b"* ", b"PREAUTH" / b"OK", b" ready\r\n";
    "9-52": b"+", b"" / b" ", b"\r\n";
    "7.5-02": b"+ go", b"\r" / b"", b"\r\n";

    // Characters, numbers and strings.
    "9-112": b"a1 OK", b"" / b" done", b"\r\n";
    "9-112": b"a1 OK ", b"" / b"done", b"\r\n";
    "9-112": b"* BYE", b"" / b" bye", b"\r\n";
    "9-111": b"a1 OK done", b"\n" / b"", b"\r\n";
    "9-147": b"a1 NO caf", b"\xC3\xA9" / b"e", b"\r\n";
    "9-147": b"+ caf", b"\xC3\xA9" / b"e", b"\r\n";
    "9-147": b"* OK caf", b"\xC3\xA9" / b"e", b"\r\n";
    "9-05": b"* OK a", b"\0" / b"", b" done\r\n";
    "4.1-01": b"* CAPABILITY IMAP4rev1 ", b"" / b"IDLE", b"\r\n";
    "9-73": b"* FLAGS (", b"%" / b"a", b")\r\n";
    "4.3.1-04": b"* 1 FETCH (BODY[1] {1}\r\n", b"\0" / b"A", b")\r\n";
    "7.4.2-12": b"* 1 FETCH (BODY[TEXT]<0> {1}\r\n", b"\0" / b"A", b")\r\n";
    "4.4-01": b"* FLAGS (\\Seen", b"" / b" ", b"\\Draft)\r\n";
    "9-17": b"* FLAGS (a", b"*" / b"", b")\r\n";
    "4.2-01": b"* STATUS a (MESSAGES ", b"many" / b"1", b")\r\n";
    "9-15": b"* STATUS ", b"" / b"a", b" (MESSAGES 1)\r\n";
    "9-103": b"* ", b"4294967296" / b"4294967295", b" EXISTS\r\n";
    "9-103": b"* SEARCH ", b"4294967296" / b"4294967295", b"\r\n";
    "9-104": b"* SEARCH ", b"01" / b"1", b"\r\n";
    "9-104": b"* SEARCH ", b"all" / b"1", b"\r\n";
    "9-144": b"* 1 FETCH (BODY (", b"APPLICATION" / b"\"APPLICATION\"",
        b" \"PDF\" NIL NIL NIL \"BASE64\" 1))\r\n";
    "4.3-05": b"* LIST () NIL \"caf", b"\xC3\xA9" / b"e", b"\"\r\n";
    "9-102": b"* 1 FETCH (RFC822.TEXT ", b"a" / b"\"a\"", b")\r\n";
    "9-101": b"* 1 FETCH (BODY[TEXT] ", b"(\"a\")" / b"\"a\"", b")\r\n";
    "9-81": b"* 1 FETCH (BODY[] {1}", b" " / b"", b"\r\na)\r\n";
    "7.4.2-01": b"* 1 FETCH (UID 1", b"," / b"", b" FLAGS ())\r\n";
    "7.4.2-01": b"* 1 FETCH (", b"UID1" / b"UID 1", b")\r\n";
    "7.4.2-01": b"* 1 FETCH (BODY[TEXT]", b"" / b" ", b"NIL)\r\n";
    "4.3-02": b"* 1 FETCH (BODY[] {2}\r\na)", b"" / b")", b"\r\n";
    "4.3.1-03": b"* 1 FETCH (BODY[] {2}\r\na", b"\0" / b"b", b")\r\n";
    "9-46": b"* 1 FETCH (RFC822.TEXT {1}\r\n", b"\0" / b"\xFF", b")\r\n";
    "4.4-01": b"* FLAGS (a ", b" " / b"", b"b)\r\n";
    "4.4-03": b"* LIST ", b"NIL" / b"()", b" NIL a\r\n";

    // Server and mailbox status.
    "9-43": b"* CAPABILITY IDLE", b"" / b" IMAP4rev1", b"\r\n";
    "7.2.1-02": b"* CAPABILITY", b"" / b" IMAP4rev1", b"\r\n";
    "9-41": b"* CAPABILITY IMAP4rev1 ", b"\"IDLE\"" / b"IDLE", b"\r\n";
    "7.2.1-01": b"* CAPABILITY ", b" " / b"", b"IMAP4rev1\r\n";
    "9-86": b"* STATUS a ", b"MESSAGES 1" / b"(MESSAGES 1)", b"\r\n";
    "9-86": b"* FLAGS", b"" / b" ()", b"\r\n";
    "9-140": b"* STATUS a (", b"SIZE" / b"MESSAGES", b" 1)\r\n";
    "9-140": b"* STATUS a (MESSAGES", b"" / b" 1", b")\r\n";
    "9-155": b"* STATUS a (UIDNEXT ", b"0" / b"1", b")\r\n";
    "2.3.1.1-25": b"* STATUS a (UIDVALIDITY ", b"4294967296" / b"4294967295", b")\r\n";
    "9-89": b"* LIST () NIL", b"" / b" a", b"\r\n";
    "9-90": b"* LIST () ", b"/" / b"\"/\"", b" a\r\n";
    "9-92": b"* LIST (", b"Marked" / b"\\Marked", b") NIL a\r\n";
    "9-91": b"* LIST (\\Noselect ", b"\\Marked" / b"\\Noinferiors", b") NIL a\r\n";
    "7.2.2-07": b"* LIST (\\Noselect ", b"\\Unmarked" / b"\\X", b") NIL a\r\n";
    "7.2.2-01": b"* LIST () NIL a", b" b" / b"", b"\r\n";
    "7.2.3-01": b"* LSUB () NIL a", b" b" / b"", b"\r\n";
    "7.2.3-03": b"* LSUB () ", b"/" / b"\"/\"", b" a\r\n";
    "7.2.5-03": b"* SEARCH 1", b"," / b" ", b"2\r\n";
    "9-88": b"* SEARCH ", b"0" / b"1", b"\r\n";
    "9-74": b"* FLAGS ", b"\\Seen" / b"(\\Seen)", b"\r\n";
    "9-87": b"* FLAGS (", b"\\Recent" / b"\\Seen", b")\r\n";

    // Messages.
    "9-96": b"* ", b"0" / b"1", b" FETCH (FLAGS ())\r\n";
    "9-96": b"* 1 FETCH", b"" / b" (UID 1)", b"\r\n";
    "7.4-01": b"* ", b"0" / b"1", b" EXPUNGE\r\n";
    "9-97": b"* 1 FETCH (", b"" / b"UID 1", b")\r\n";
    "7.4.2-01": b"* 1 FETCH ", b"UID 1" / b"(UID 1)", b"\r\n";
    "9-98": b"* 1 FETCH (FLAGS", b"" / b" ()", b")\r\n";
    "7.4.2-52": b"* 1 FETCH (FLAGS ", b"\\Seen" / b"(\\Seen)", b")\r\n";
    "7.4.2-57": b"* 1 FETCH (RFC822.SIZE ", b"\"10\"" / b"10", b")\r\n";
    "7.4.2-59": b"* 1 FETCH (UID ", b"\"10\"" / b"10", b")\r\n";
    "9-150": b"* 1 FETCH (UID ", b"0" / b"1", b")\r\n";
    "2.3.1.1-01": b"* 1 FETCH (UID ", b"4294967296" / b"4294967295", b")\r\n";
    "9-61": b"* 1 FETCH (INTERNALDATE \" 1-Jan-2000 10:00:00", b"" / b" ", b"+0000\")\r\n";
    "9-61": b"* 1 FETCH (INTERNALDATE \" 1-Jan-2000 10:00:00 +0000", b"" / b"\"", b")\r\n";
    "7.4.2-53": b"* 1 FETCH (INTERNALDATE ", b"01-Jan-2000" / b"\"01-Jan-2000 10:00:00 +0000\"",
        b")\r\n";
    "9-58": b"* 1 FETCH (INTERNALDATE \"", b"1" / b" 1", b"-Jan-2000 10:00:00 +0000\")\r\n";
    "9-59": b"* 1 FETCH (INTERNALDATE \"01-", b"Mai" / b"May", b"-2000 10:00:00 +0000\")\r\n";
    "9-60": b"* 1 FETCH (INTERNALDATE \"01-May-", b"00" / b"2000", b" 10:00:00 +0000\")\r\n";
    "9-148": b"* 1 FETCH (INTERNALDATE \"01-May-2000 ", b"9" / b"09", b":00:00 +0000\")\r\n";
    "9-152": b"* 1 FETCH (INTERNALDATE \"01-May-2000 10:00:00 ", b"GMT" / b"+0000", b"\")\r\n";
    "9-123": b"* 1 FETCH (BODY[", b"BODY" / b"TEXT", b"] NIL)\r\n";
    "9-123": b"* 1 FETCH (BODY[TEXT", b"" / b"]", b" NIL)\r\n";
    "9-123": b"* 1 FETCH (BODY[1.", b"BODY" / b"TEXT", b"] NIL)\r\n";
    "9-125": b"* 1 FETCH (BODY[", b"0" / b"1", b"] NIL)\r\n";
    "9-126": b"* 1 FETCH (BODY[", b"MIME" / b"1.MIME", b"] NIL)\r\n";
    "9-124": b"* 1 FETCH (BODY[HEADER.FIELDS", b"" / b" (TO)", b"] NIL)\r\n";
    "9-78": b"* 1 FETCH (BODY[HEADER.FIELDS (", b"" / b"TO", b")] NIL)\r\n";
    "9-78": b"* 1 FETCH (BODY[HEADER.FIELDS ", b"TO" / b"(TO)", b"] NIL)\r\n";
    "9-77": b"* 1 FETCH (BODY[HEADER.FIELDS (", b"(TO)" / b"\"TO\"", b")] NIL)\r\n";

    // Envelopes.
    "9-64": b"* 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL", b"" / b" NIL", b"))\r\n";
    "9-64": b"* 1 FETCH (ENVELOPE ", b"NIL" / b"(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)", b")\r\n";
    "9-66": b"* 1 FETCH (ENVELOPE (", b"Monday" / b"\"Monday\"",
        b" NIL NIL NIL NIL NIL NIL NIL NIL NIL))\r\n";
    "7.4.2-41": b"* 1 FETCH (ENVELOPE (NIL ", b"(\"a\")" / b"\"a\"",
        b" NIL NIL NIL NIL NIL NIL NIL NIL))\r\n";
    "9-65": b"* 1 FETCH (ENVELOPE (NIL NIL ", b"()" / b"NIL",
        b" NIL NIL NIL NIL NIL NIL NIL))\r\n";
    "9-65": b"* 1 FETCH (ENVELOPE (NIL NIL NIL ", b"\"a\"" / b"NIL",
        b" NIL NIL NIL NIL NIL NIL))\r\n";
    "9-65": b"* 1 FETCH (ENVELOPE (NIL NIL NIL NIL ", b"\"a\"" / b"NIL",
        b" NIL NIL NIL NIL NIL))\r\n";
    "9-65": b"* 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL ", b"\"a\"" / b"NIL",
        b" NIL NIL NIL NIL))\r\n";
    "9-65": b"* 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL NIL ", b"\"a\"" / b"NIL",
        b" NIL NIL NIL))\r\n";
    "9-65": b"* 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL NIL NIL ", b"\"a\"" / b"NIL",
        b" NIL NIL))\r\n";
    "7.4.2-42": b"* 1 FETCH (ENVELOPE (NIL NIL ", b"\"a@b\"" / b"((NIL NIL \"a\" \"b\"))",
        b" NIL NIL NIL NIL NIL NIL NIL))\r\n";
    "9-07": b"* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL \"a\"", b"" / b" \"b\"",
        b")) NIL NIL NIL NIL NIL NIL NIL))\r\n";
    "9-09": b"* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL \"a\" ", b"b" / b"\"b\"",
        b")) NIL NIL NIL NIL NIL NIL NIL))\r\n";

    // Body structures.
    "9-21": b"* 1 FETCH (BODY ", b"NIL" / b"(\"A\" \"B\" NIL NIL NIL \"7BIT\" 1)", b")\r\n";
    "9-26": b"* 1 FETCH (BODY (\"A\" \"B\" NIL NIL NIL \"7BIT\"", b"" / b" 1", b"))\r\n";
    "9-26": b"* 1 FETCH (BODY (\"A\" \"B\"", b"" / b" NIL NIL NIL \"7BIT\" 1", b"))\r\n";
    "9-21": b"* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 NIL NIL NIL NIL ", b"a" / b"1",
        b"))\r\n";
    "9-93": b"* 1 FETCH (BODY (\"A\" ", b"NIL" / b"\"B\"", b" NIL NIL NIL \"7BIT\" 1))\r\n";
    "9-95": b"* 1 FETCH (BODY (", b"TEXT" / b"\"TEXT\"", b" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1))\r\n";
    "9-36": b"* 1 FETCH (BODY (\"A\" \"B\" ", b"()" / b"NIL", b" NIL NIL \"7BIT\" 1))\r\n";
    "9-36": b"* 1 FETCH (BODY (\"A\" \"B\" ", b"\"x\"" / b"NIL", b" NIL NIL \"7BIT\" 1))\r\n";
    "9-30": b"* 1 FETCH (BODY (\"A\" \"B\" NIL ", b"id" / b"\"id\"", b" NIL \"7BIT\" 1))\r\n";
    "9-27": b"* 1 FETCH (BODY (\"A\" \"B\" NIL NIL ", b"text" / b"\"text\"", b" \"7BIT\" 1))\r\n";
    "9-29": b"* 1 FETCH (BODY (\"A\" \"B\" NIL NIL NIL ", b"NIL" / b"\"7BIT\"", b" 1))\r\n";
    "9-35": b"* 1 FETCH (BODY (\"A\" \"B\" NIL NIL NIL \"7BIT\" ", b"NIL" / b"1", b"))\r\n";
    "9-40": b"* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1", b"" / b" 1", b"))\r\n";
    "9-33": b"* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 ", b"NIL" / b"1",
        b"))\r\n";
    "9-94": b"* 1 FETCH (BODY (", b"{7}\r\nMESSAGE" / b"\"MESSAGE\"",
        b" \"RFC822\" NIL NIL NIL \"7BIT\" 1 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) \
        (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1) 1))\r\n";
    "9-39": b"* 1 FETCH (BODY (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 1",
        b"" / b" (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1) 1",
        b"))\r\n";
    "9-37": b"* 1 FETCH (BODYSTRUCTURE (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 1 ",
        b"NIL" / b"(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) \
        (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1) 1", b"))\r\n";
    "9-38": b"* 1 FETCH (BODY ((\"A\" \"B\" NIL NIL NIL \"7BIT\" 1)", b" " / b"",
        b"(\"A\" \"B\" NIL NIL NIL \"7BIT\" 1) \"MIXED\"))\r\n";
    "9-38": b"* 1 FETCH (BODY ((\"A\" \"B\" NIL NIL NIL \"7BIT\" 1)", b"" / b" ", b"\"MIXED\"))\r\n";
    "9-34": b"* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 ", b"()" / b"NIL",
        b"))\r\n";
    "9-28": b"* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 NIL ",
        b"\"inline\"" / b"(\"inline\" NIL)", b"))\r\n";
    "9-28": b"* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 NIL (\"inline\"",
        b"" / b" NIL", b")))\r\n";
    "9-23": b"* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 NIL (\"en\"",
        b"" / b" NIL", b")))\r\n";
    "9-31": b"* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 NIL NIL ",
        b"()" / b"(\"en\")", b"))\r\n";
    "9-31": b"* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 NIL NIL ", b"1" / b"NIL",
        b"))\r\n";
    "9-32": b"* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 NIL NIL NIL ",
        b"(\"http://a\")" / b"\"http://a\"", b"))\r\n";
    "9-25": b"* 1 FETCH (BODYSTRUCTURE ((\"A\" \"B\" NIL NIL NIL \"7BIT\" 1) \"MIXED\" ",
        b"\"inline\"" / b"NIL", b"))\r\n";
}
}
