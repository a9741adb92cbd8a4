//! Commands that the RFCs forbid, with the production that forbids them and the octet at which it
//! does.

use super::{Row, check, refused};

macro_rules! invalid {
    ($name:ident { $($source:literal, $under:literal, $message:literal => $production:literal, $offset:literal;)* }) => {
        #[test]
        fn $name() {
            check(
                vec![$(Row { source: $source, under: $under, message: $message, expected: ($production, $offset) }),*],
                refused,
            );
        }
    };
}

invalid! { the_frame_of_a_command {
    "3501 §9 tag",     "", "" => "tag", 0;
    "3501 §9 tag",     "", " NOOP" => "tag", 0;
    "3501 §9 tag",     "", "+ NOOP" => "tag", 0;
    "3501 §9 tag",     "", "a+ NOOP" => "command", 1;
    "3501 §9 tag",     "", "* NOOP" => "tag", 0;
    "3501 §9 command", "", "a" => "command", 1;
    "3501 §9 (2)",     "", "a  NOOP" => "command", 2;
    "3501 §9 (2)",     "", "a\tNOOP" => "command", 1;
    "3501 §9 command", "", "a FOO" => "command", 2;
    "3501 §9 command", "", "a NOOPS" => "command", 2;
    "3501 §9 command", "", "a NOOP " => "command", 6;
    "3501 §9 command", "", "a NOOP x" => "command", 6;
    "3501 §9 CRLF",    "", "a NOOP\n" => "command", 6;
    "3501 §9 CRLF",    "", "a NOOP\rx" => "command", 6;
    "3501 §9 command", "", "a CHECK\0" => "command", 7;
    "3501 §9 x-command","", "a X" => "atom", 3;
    "3501 §9 x-command","", "a X(" => "atom", 3;
    "3501 §9 x-command","", "a XA(" => "command", 4;
    "3501 §9 TEXT-CHAR","", "a XA b\0" => "command", 6;
    "3501 §9 literal", "", "a XA {3}\r\na\0b" => "literal", 11;
    "3501 §9 uid",     "", "a UID" => "uid", 5;
    "3501 §9 uid",     "", "a UID NOOP" => "uid", 6;
    "3501 §9 command", "", "a DONE" => "command", 2;
} }

invalid! { extensions_that_are_not_on {
    "2177",  "",          "a IDLE" => "command", 2;
    "2342",  "",          "a NAMESPACE" => "command", 2;
    "2971",  "",          "a ID NIL" => "command", 2;
    "3691",  "",          "a UNSELECT" => "command", 2;
    "4315",  "MOVE",      "a UID EXPUNGE 1" => "uid", 6;
    "4959",  "",          "a AUTHENTICATE PLAIN AA==" => "authenticate", 20;
    "4731",  "",          "a SEARCH RETURN (MIN) ALL" => "search-return-opts", 9;
    "5161",  "",          "a ENABLE X" => "command", 2;
    "5258",  "",          "a LIST (SUBSCRIBED) \"\" *" => "list-select-opts", 7;
    "5258",  "",          "a LIST \"\" (x)" => "patterns", 10;
    "5258",  "",          "a LIST \"\" x RETURN (CHILDREN)" => "list-return-opts", 12;
    "5819",  "LIST-EXTENDED", "a LIST \"\" x RETURN (STATUS (MESSAGES))" => "return-option", 20;
    "5258",  "LIST-STATUS", "a LIST \"\" x RETURN (CHILDREN)" => "return-option", 20;
    "6154",  "LIST-EXTENDED", "a LIST (SPECIAL-USE) \"\" x" => "list-select-opt", 8;
    "6154",  "LIST-EXTENDED", "a LIST \"\" x RETURN (SPECIAL-USE)" => "return-option", 20;
    "6154",  "SPECIAL-USE", "a CREATE x (USE (\\Sent))" => "create", 11;
    "6851",  "UIDPLUS",   "a MOVE 1 x" => "command", 2;
    "6851",  "",          "a UID MOVE 1 x" => "uid", 6;
    "7162",  "",          "a SELECT x (CONDSTORE)" => "select", 11;
    "7162",  "CONDSTORE", "a SELECT x (QRESYNC (1 1))" => "select-param", 12;
    "7162",  "",          "a FETCH 1 MODSEQ" => "fetch", 10;
    "7162",  "",          "a FETCH 1 (MODSEQ)" => "fetch-att", 11;
    "7162",  "",          "a FETCH 1 FLAGS (CHANGEDSINCE 1)" => "fetch", 16;
    "7162",  "CONDSTORE", "a UID FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)" => "fetch-modifier", 36;
    "7162",  "",          "a STORE 1 (UNCHANGEDSINCE 1) FLAGS x" => "store-modifier", 10;
    "7162",  "",          "a SEARCH MODSEQ 1" => "search-key", 9;
    "7162",  "",          "a STATUS x (HIGHESTMODSEQ)" => "status-att", 12;
    "7888",  "",          "a LOGIN {1+}\r\na b" => "literal", 10;
    "7888 §5", "LITERAL-", "a APPEND x {4097+}\r\n" => "literal", 12;
} }

invalid! { strings_and_names {
    "3501 §9 login",   "", "a LOGIN" => "login", 7;
    "3501 §9 astring", "", "a LOGIN " => "astring", 8;
    "3501 §9 login",   "", "a LOGIN joe" => "login", 11;
    "3501 §9 astring", "", "a LOGIN joe  x" => "astring", 12;
    "3501 §9 command", "", "a LOGIN joe x y" => "command", 13;
    "3501 §9 ASTRING-CHAR","", "a LOGIN j*e x" => "login", 9;
    "3501 §9 ASTRING-CHAR","", "a LOGIN j\\e x" => "login", 9;
    "3501 §9 ASTRING-CHAR","", "a LOGIN é x" => "astring", 8;
    "3501 §9 quoted",  "", r#"a LOGIN "a\b" x"# => "quoted", 11;
    "3501 §9 quoted",  "", "a LOGIN \"a\r\n\" x" => "quoted", 10;
    "3501 §9 TEXT-CHAR","", "a LOGIN \"é\" x" => "quoted", 9;
    "3501 §9 TEXT-CHAR","", "a LOGIN \"\0\" x" => "quoted", 9;
    "3501 §9 quoted",  "", "a LOGIN \"a\"b x" => "login", 11;
    "3501 §9 literal", "", "a LOGIN {}\r\n x" => "number", 9;
    "3501 §9 literal", "", "a LOGIN {-1}\r\n x" => "number", 9;
    "3501 §9 literal", "", "a LOGIN {1 }\r\na x" => "literal", 10;
    "3501 §9 literal", "", "a LOGIN {1} \r\na x" => "literal", 11;
    "3501 §9 literal", "", "a LOGIN {1}\na x" => "literal", 11;
    "3501 §9 number",  "", "a LOGIN {4294967296}\r\n" => "number", 9;
    "3501 §9 CHAR8",   "", "a LOGIN {3}\r\na\0b x" => "literal", 14;
    "3501 §9 literal", "", "a LOGIN {1}\r\nab x" => "login", 14;
    "3501 §9 auth-type","", "a AUTHENTICATE" => "authenticate", 14;
    "3501 §9 auth-type","", "a AUTHENTICATE \"PLAIN\"" => "atom", 15;
    "4959 §3",         "SASL-IR", "a AUTHENTICATE PLAIN " => "authenticate", 21;
    "3501 §9 base64",  "SASL-IR", "a AUTHENTICATE PLAIN A" => "base64", 22;
    "3501 §9 base64",  "SASL-IR", "a AUTHENTICATE PLAIN AA=" => "base64", 24;
    "3501 §9 base64",  "SASL-IR", "a AUTHENTICATE PLAIN AAAA=" => "command", 25;
    "3501 §9 base64",  "SASL-IR", "a AUTHENTICATE PLAIN AA_A" => "base64", 23;
    "4959 §7",         "SASL-IR", "a AUTHENTICATE PLAIN ==" => "command", 22;
    "2971 §4",         "ID", "a ID" => "id", 4;
    "2971 §4",         "ID", "a ID (\"a\")" => "id_params_list", 9;
    "2971 §4",         "ID", "a ID (a \"b\")" => "string", 6;
    "2971 §4",         "ID", "a ID (\"a\" \"b\" )" => "string", 14;
    "2971 §4",         "ID", "a ID (\"a\" b)" => "nstring", 10;
    "2971 §4",         "ID", "a ID NILS" => "command", 8;
    "5161 §4",         "ENABLE", "a ENABLE" => "command-any", 8;
    "5161 §4",         "ENABLE", "a ENABLE a  b" => "atom", 11;
    "5161 §4",         "ENABLE", "a ENABLE \"a\"" => "atom", 9;
} }

invalid! { mailbox_commands {
    "3501 §9 select",  "", "a SELECT" => "select", 8;
    "3501 §9 select",  "", "a SELECT x y" => "command", 10;
    "3501 §9 mailbox", "", "a SELECT INBOX " => "command", 14;
    "3501 §9 mailbox", "", "a EXAMINE (x)" => "astring", 10;
    "4466 §3",         "CONDSTORE", "a SELECT x ()" => "select-param", 12;
    "4466 §3",         "CONDSTORE", "a SELECT x (FOO)" => "select-param", 12;
    "7162 §7",         "QRESYNC", "a SELECT x (QRESYNC)" => "select-param", 19;
    "7162 §7",         "QRESYNC", "a SELECT x (QRESYNC (0 1))" => "nz-number", 21;
    "7162 §7",         "QRESYNC", "a SELECT x (QRESYNC (1 0))" => "mod-sequence-value", 23;
    "7162 §7",         "QRESYNC", "a SELECT x (QRESYNC (1 1 1:*))" => "known-uids", 27;
    "7162 §7",         "QRESYNC", "a SELECT x (QRESYNC (1 1 (* 1)))" => "known-sequence-set", 26;
    "7162 §7",         "QRESYNC", "a SELECT x (QRESYNC (1 1 (1 *)))" => "known-uid-set", 28;
    "7162 §7",         "QRESYNC", "a SELECT x (QRESYNC (1 1 (1)))" => "seq-match-data", 27;
    "3501 §9 create",  "", "a CREATE x y" => "command", 10;
    "6154 §6",         "CREATE-SPECIAL-USE", "a CREATE x ()" => "create-param", 12;
    "6154 §6",         "CREATE-SPECIAL-USE", "a CREATE x (USE \\Sent)" => "create-param", 16;
    "6154 §6",         "CREATE-SPECIAL-USE", "a CREATE x (USE (Sent))" => "use-attr", 17;
    "3501 §9 rename",  "", "a RENAME x" => "rename", 10;
    "3501 §9 delete",  "", "a DELETE" => "delete", 8;
    "3501 §9 subscribe","", "a SUBSCRIBE \0" => "astring", 12;
    "3501 §9 list",    "", "a LIST \"\"" => "list", 9;
    "3501 §9 mailbox", "", "a LIST % %" => "astring", 7;
    "3501 §9 list-mailbox","", "a LIST \"\" \\x" => "list-mailbox", 10;
    "3501 §9 lsub",    "LIST-EXTENDED", "a LSUB \"\" x RETURN ()" => "command", 11;
    "3501 §9 lsub",    "LIST-EXTENDED", "a LSUB \"\" (x)" => "list-mailbox", 10;
    "5258 §6",         "LIST-EXTENDED", "a LIST (RECURSIVEMATCH) \"\" *" => "list-select-opts", 7;
    "5258 §6",         "LIST-EXTENDED", "a LIST (REMOTE RECURSIVEMATCH) \"\" *" => "list-select-opts", 7;
    "5258 §6",         "LIST-EXTENDED", "a LIST (SUBSCRIBED ) \"\" *" => "atom", 19;
    "5258 §6",         "LIST-EXTENDED", "a LIST \"\" ()" => "list-mailbox", 11;
    "5258 §6",         "LIST-EXTENDED", "a LIST \"\" x RETURN" => "list-return-opts", 18;
    "5258 §6",         "LIST-EXTENDED", "a LIST \"\" x RETURN CHILDREN" => "list-return-opts", 19;
    "5258 §6",         "LIST-EXTENDED", "a LIST (FOO ()) \"\" x" => "astring", 13;
    "5819 §4",         "LIST-STATUS", "a LIST \"\" x RETURN (STATUS ())" => "status-att", 28;
    "5819 §4",         "LIST-STATUS", "a LIST \"\" x RETURN (STATUS)" => "status-option", 26;
    "3501 §9 status",  "", "a STATUS x" => "status", 10;
    "3501 §9 status",  "", "a STATUS x ()" => "status-att", 12;
    "3501 §9 status",  "", "a STATUS x MESSAGES" => "status", 11;
    "3501 §9 status",  "", "a STATUS x (MESSAGES,RECENT)" => "status", 20;
    "3501 §9 status-att","", "a STATUS x (MESSAGES UNSEENS)" => "status-att", 21;
    "3501 §9 status",  "", "a STATUS x (MESSAGES )" => "status-att", 21;
} }

invalid! { append_commands_refused {
    "3501 §9 append",  "", "a APPEND x" => "append", 10;
    "3501 §9 literal", "", "a APPEND x abc" => "literal", 11;
    "3501 §9 literal", "", "a APPEND x \"abc\"" => "date-day-fixed", 12;
    "3501 §9 append",  "", "a APPEND x (\\Seen){0}\r\n" => "append", 18;
    "3501 §9 flag",    "", "a APPEND x (\\Recent) {0}\r\n" => "flag", 12;
    "3501 §9 flag",    "", "a APPEND x (\\*) {0}\r\n" => "atom", 13;
    "3501 §9 flag-list","", "a APPEND x (\\Seen  \\Draft) {0}\r\n" => "flag", 18;
    "3501 §9 date-day-fixed","", "a APPEND x \"1-Jan-2000 00:00:00 +0000\" {0}\r\n" => "date-day-fixed", 13;
    "3501 §9 date-day-fixed","", "a APPEND x \"31-Apr-2000 00:00:00 +0000\" {0}\r\n" => "date-day-fixed", 12;
    "3501 §9 date-day-fixed","", "a APPEND x \" 0-Apr-2000 00:00:00 +0000\" {0}\r\n" => "date-day-fixed", 12;
    "3501 §9 date-month","", "a APPEND x \"01-Foo-2000 00:00:00 +0000\" {0}\r\n" => "date-month", 15;
    "3501 §9 date-year","", "a APPEND x \"01-Jan-99 00:00:00 +0000\" {0}\r\n" => "date-year", 21;
    "3501 §9 time",    "", "a APPEND x \"01-Jan-2000 24:00:00 +0000\" {0}\r\n" => "time", 24;
    "3501 §9 time",    "", "a APPEND x \"01-Jan-2000 00:60:00 +0000\" {0}\r\n" => "time", 27;
    "3501 §9 time",    "", "a APPEND x \"01-Jan-2000 00:00:61 +0000\" {0}\r\n" => "time", 30;
    "3501 §9 zone",    "", "a APPEND x \"01-Jan-2000 00:00:00 GMT\" {0}\r\n" => "zone", 33;
    "3501 §9 zone",    "", "a APPEND x \"01-Jan-2000 00:00:00 +0060\" {0}\r\n" => "zone", 36;
    "3501 §9 date-time","", "a APPEND x 01-Jan-2000 {0}\r\n" => "literal", 11;
    "3501 §9 append",  "", "a APPEND x \"01-Jan-2000 00:00:00 +0000\" () {0}\r\n" => "literal", 40;
    "3501 §9 command", "", "a APPEND x {1}\r\nab" => "command", 17;
} }

invalid! { sequence_sets {
    "3501 §9 sequence-set","", "a COPY 0 x" => "nz-number", 7;
    "3501 §9 sequence-set","", "a COPY 01 x" => "nz-number", 7;
    "3501 §9 nz-number","", "a COPY 4294967296 x" => "nz-number", 7;
    "3501 §9 sequence-set","", "a COPY 1, x" => "sequence-set", 9;
    "3501 §9 sequence-set","", "a COPY ,1 x" => "sequence-set", 7;
    "3501 §9 sequence-set","", "a COPY 1: x" => "sequence-set", 9;
    "3501 §9 sequence-set","", "a COPY 1:2:3 x" => "copy", 10;
    "3501 §9 sequence-set","", "a COPY 1-2 x" => "copy", 8;
    "3501 §9 sequence-set","", "a COPY *1 x" => "copy", 8;
    "3501 §9 sequence-set","", "a COPY 1:0 x" => "nz-number", 9;
    "3501 §9 sequence-set","", "a COPY $ x" => "sequence-set", 7;
    "3501 §9 copy",    "", "a COPY 1" => "copy", 8;
    "4315 §4",         "UIDPLUS", "a UID EXPUNGE" => "uid-expunge", 13;
    "6851 §5",         "MOVE", "a MOVE 1" => "move", 8;
} }

invalid! { fetch_and_store_refused {
    "3501 §9 fetch",   "", "a FETCH 1" => "fetch", 9;
    "3501 §9 fetch",   "", "a FETCH 1 ()" => "fetch-att", 11;
    "3501 §9 fetch",   "", "a FETCH 1 FOO" => "fetch", 10;
    "3501 §9 fetch",   "", "a FETCH 1 FLAGS UID" => "command", 15;
    "3501 §9 fetch",   "", "a FETCH 1 (ALL)" => "fetch-att", 11;
    "3501 §9 fetch",   "", "a FETCH 1 (FLAGS FAST)" => "fetch-att", 17;
    "3501 §9 fetch-att","", "a FETCH 1 RFC822.FOO" => "fetch", 10;
    "3501 §9 fetch-att","", "a FETCH 1 BODY.PEEK" => "section", 19;
    "3501 §9 fetch-att","", "a FETCH 1 (BODY [])" => "fetch-att", 16;
    "3501 §9 section", "", "a FETCH 1 BODY[MIME]" => "section-msgtext", 15;
    "3501 §9 section", "", "a FETCH 1 BODY[0]" => "nz-number", 15;
    "3501 §9 section", "", "a FETCH 1 BODY[1.]" => "section-text", 17;
    "3501 §9 section", "", "a FETCH 1 BODY[.1]" => "section-msgtext", 15;
    "3501 §9 section", "", "a FETCH 1 BODY[1.HEADER" => "section", 23;
    "3501 §9 section", "", "a FETCH 1 BODY[HEADERS]" => "section", 21;
    "3501 §9 section", "", "a FETCH 1 BODY[HEADER.FIELDS]" => "section-msgtext", 28;
    "3501 §9 section", "", "a FETCH 1 BODY[TEXT.1]" => "section", 19;
    "3501 §9 section", "", "a FETCH 1 BODY[1.2.MIME.HEADER]" => "section", 23;
    "3501 §9 header-list","", "a FETCH 1 BODY[HEADER.FIELDS ()]" => "astring", 30;
    "3501 §9 fetch-att","", "a FETCH 1 BODY[]<0>" => "fetch-att", 18;
    "3501 §9 fetch-att","", "a FETCH 1 BODY[]<0.0>" => "nz-number", 19;
    "3501 §9 fetch-att","", "a FETCH 1 BODY[]<.5>" => "number", 17;
    "3501 §9 fetch-att","", "a FETCH 1 RFC822<0.5>" => "command", 16;
    "7162 §7",         "CONDSTORE", "a FETCH 1 FLAGS ()" => "fetch-modifier", 17;
    "7162 §7",         "CONDSTORE", "a FETCH 1 FLAGS (CHANGEDSINCE 0)" => "mod-sequence-value", 30;
    "7162 §7",         "CONDSTORE", "a FETCH 1 FLAGS (CHANGEDSINCE 9223372036854775808)" => "mod-sequence-value", 30;
    "7162 §3.2.6",     "QRESYNC", "a FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)" => "rexpunges-fetch-mod", 16;
    "7162 §3.2.6",     "QRESYNC", "a UID FETCH 1 FLAGS (VANISHED)" => "rexpunges-fetch-mod", 20;
    "3501 §9 store",   "", "a STORE 1 FLAGS" => "store-att-flags", 15;
    "3501 §9 store",   "", "a STORE 1 FLAGS " => "flag", 16;
    "3501 §9 store",   "", "a STORE 1 *FLAGS x" => "store-att-flags", 10;
    "3501 §9 store",   "", "a STORE 1 FLAGS.LOUD x" => "store-att-flags", 15;
    "3501 §9 store",   "", "a STORE 1 +FLAGS \\Seen (\\Draft)" => "flag", 23;
    "3501 §9 flag",    "", "a STORE 1 FLAGS \\Recent" => "flag", 16;
    "3501 §9 flag",    "", "a STORE 1 FLAGS (\\recent)" => "flag", 17;
    "3501 §9 flag",    "", "a STORE 1 FLAGS (a])" => "flag-list", 18;
    "7162 §7",         "CONDSTORE", "a STORE 1 (UNCHANGEDSINCE 00) FLAGS x" => "mod-sequence-valzer", 26;
    "7162 §7",         "CONDSTORE", "a STORE 1 () FLAGS x" => "store-modifier", 11;
    "7162 §7",         "CONDSTORE", "a STORE 1 (UNCHANGEDSINCE 1 UNCHANGEDSINCE 2) FLAGS x" => "store-modifier", 27;
} }

invalid! { search_keys_refused {
    "3501 §9 search",  "", "a SEARCH" => "search", 8;
    "3501 §9 search",  "", "a SEARCH " => "search-key", 9;
    "3501 §9 search",  "", "a SEARCH CHARSET UTF-8" => "search", 22;
    "3501 §9 search",  "", "a SEARCH ALL CHARSET UTF-8" => "search-key", 13;
    "3501 §9 search-key","", "a SEARCH FOO" => "search-key", 9;
    "3501 §9 search-key","", "a SEARCH ALLS" => "search-key", 9;
    "3501 §9 search-key","", "a SEARCH ()" => "search-key", 10;
    "3501 §9 search-key","", "a SEARCH (ALL" => "search-key", 13;
    "3501 §9 search-key","", "a SEARCH ALL)" => "command", 12;
    "3501 §9 search-key","", "a SEARCH NOT" => "search-key", 12;
    "3501 §9 search-key","", "a SEARCH OR ALL" => "search-key", 15;
    "3501 §9 search-key","", "a SEARCH FROM" => "search-key", 13;
    "3501 §9 search-key","", "a SEARCH HEADER x" => "search-key", 17;
    "3501 §9 flag-keyword","", "a SEARCH KEYWORD \\Seen" => "atom", 17;
    "3501 §9 flag-keyword","", "a SEARCH KEYWORD \"x\"" => "atom", 17;
    "3501 §9 number",  "", "a SEARCH LARGER -1" => "number", 16;
    "3501 §9 number",  "", "a SEARCH SMALLER 4294967296" => "number", 17;
    "3501 §9 date",    "", "a SEARCH ON 1-1-2020" => "date-month", 14;
    "3501 §9 date",    "", "a SEARCH ON 30-Feb-2020" => "date-day", 12;
    "3501 §9 date",    "", "a SEARCH ON 29-Feb-1900" => "date-day", 12;
    "3501 §9 date-day","", "a SEARCH ON 001-Jan-2020" => "date", 14;
    "3501 §9 date-day","", "a SEARCH ON \" 1-Jan-2020\"" => "date-day", 13;
    "3501 §9 date",    "", "a SEARCH ON \"1-Jan-2020" => "date", 23;
    "3501 §9 date-year","", "a SEARCH ON 1-Jan-20200" => "command", 22;
    "3501 §9 sequence-set","", "a SEARCH 1:" => "sequence-set", 11;
    "3501 §9 search-key","", "a SEARCH UID *:" => "sequence-set", 15;
    "4731 §4",         "ESEARCH", "a SEARCH RETURN MIN ALL" => "search-return-opts", 16;
    "4731 §4",         "ESEARCH", "a SEARCH RETURN (MIN)" => "search-return-opts", 21;
    "4731 §4",         "ESEARCH", "a SEARCH RETURN (FOO) ALL" => "search-return-opt", 17;
    "4466 §3",         "ESEARCH", "a SEARCH CHARSET UTF-8 RETURN (MIN) ALL" => "search-key", 23;
    "7162 §7",         "CONDSTORE", "a SEARCH MODSEQ x" => "search-modsequence", 16;
    "7162 §7",         "CONDSTORE", "a SEARCH MODSEQ \"/flags/\\draft\" all 1" => "entry-flag-name", 25;
    "7162 §7",         "CONDSTORE", r#"a SEARCH MODSEQ "/flags/\\Recent" all 1"# => "flag", 25;
    "7162 §7",         "CONDSTORE", r#"a SEARCH MODSEQ "/flags/x" both 1"# => "entry-type-req", 27;
    "7162 §7",         "CONDSTORE", r#"a SEARCH MODSEQ "/flags/x" 1"# => "entry-type-req", 27;
} }
