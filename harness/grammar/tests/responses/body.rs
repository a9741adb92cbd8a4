//! `body`, in BODY and BODYSTRUCTURE alike.

use imap_grammar::{
    Body, BodyExtension, BodyFields, BodyLanguage, BodyParameters, Disposition, Envelope, Grammar,
    ImapString, Language, Location, Media, MessageAttribute, MultiPart, MultiPartExtension,
    SinglePart, SinglePartExtension, Untagged,
};

use crate::Legal::{self, *};
use crate::{check_illegal, check_legal, nz, s};

/// BODYSTRUCTURE of message 1.
fn structure(body: Body<'static>) -> Legal {
    let items = vec![MessageAttribute::BodyStructure(body)];
    Untagged(Untagged::Fetch { number: nz(1), items })
}

fn parameters(pairs: &[(&'static str, &'static str)]) -> BodyParameters<'static> {
    pairs.iter().map(|(name, value)| (s(name), s(value))).collect()
}

fn fields(encoding: &'static str, octets: u32) -> BodyFields<'static> {
    BodyFields { parameters: vec![], id: None, description: None, encoding: s(encoding), octets }
}

fn single(media: Media<'static>, extension: Option<SinglePartExtension<'static>>) -> Body<'static> {
    Body::Single(Box::new(SinglePart { media, fields: fields("7BIT", 5), extension }))
}

fn plain(extension: Option<SinglePartExtension<'static>>) -> Body<'static> {
    single(Media::Text { subtype: s("PLAIN"), lines: 1 }, extension)
}

fn image(extension: Option<SinglePartExtension<'static>>) -> Body<'static> {
    single(Media::Basic { media_type: s("IMAGE"), subtype: s("PNG") }, extension)
}

fn multi(
    parts: Vec<Body<'static>>,
    subtype: &'static str,
    extension: Option<MultiPartExtension<'static>>,
) -> Body<'static> {
    Body::Multi(Box::new(MultiPart { parts, subtype: s(subtype), extension }))
}

fn md5(
    md5: Option<ImapString<'static>>,
    tail: Option<Disposition<'static>>,
) -> Option<SinglePartExtension<'static>> {
    Some(SinglePartExtension { md5, tail })
}

#[test]
fn legal_single_parts() {
    check_legal(vec![
        (
            "3501 §8",
            "",
            "* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3028 92))",
            {
                let fields = BodyFields {
                    parameters: parameters(&[("CHARSET", "US-ASCII")]),
                    ..fields("7BIT", 3028)
                };
                let media = Media::Text { subtype: s("PLAIN"), lines: 92 };
                let body = Body::Single(Box::new(SinglePart { media, fields, extension: None }));
                Untagged(Untagged::Fetch {
                    number: nz(1),
                    items: vec![MessageAttribute::Body(body)],
                })
            },
        ),
        (
            "3501 §9 body-type-basic",
            "",
            "* 1 FETCH (BODYSTRUCTURE (\"IMAGE\" \"PNG\" (\"A\" \"b\" \"C\" {1}\r\nd) \"<x>\" \"\" \
             \"base64\" 4294967295))",
            {
                let fields = BodyFields {
                    parameters: parameters(&[("A", "b"), ("C", "d")]),
                    id: Some(s("<x>")),
                    description: Some(s("")),
                    ..fields("base64", u32::MAX)
                };
                let media = Media::Basic { media_type: s("IMAGE"), subtype: s("PNG") };
                structure(Body::Single(Box::new(SinglePart { media, fields, extension: None })))
            },
        ),
        (
            "3501 §9 body-type-text",
            "",
            "* 1 FETCH (BODYSTRUCTURE (\"text\" \"PLAIN\" NIL NIL NIL \"7BIT\" 5 1))",
            { structure(plain(None)) },
        ),
        (
            "3501 §9 body-type-basic",
            "",
            "* 1 FETCH (BODYSTRUCTURE (\"MESSAGE\" \"PARTIAL\" NIL NIL NIL \"7BIT\" 5))",
            {
                structure(single(
                    Media::Basic { media_type: s("MESSAGE"), subtype: s("PARTIAL") },
                    None,
                ))
            },
        ),
        (
            "3501 §9 media-basic",
            "",
            "* 1 FETCH (BODYSTRUCTURE ({1}\r\nx \"\" NIL NIL NIL \"7BIT\" 5))",
            { structure(single(Media::Basic { media_type: s("x"), subtype: s("") }, None)) },
        ),
        (
            "3501 §9 media-text",
            "",
            "* 1 FETCH (BODYSTRUCTURE ({4}\r\nText \"PLAIN\" NIL NIL NIL \"7BIT\" 5))",
            {
                structure(single(Media::Basic { media_type: s("Text"), subtype: s("PLAIN") }, None))
            },
        ),
        (
            "3501 §9 body-type-msg",
            "",
            "* 1 FETCH (BODYSTRUCTURE (\"Message\" \"rfc822\" NIL NIL NIL \"7BIT\" 5 \
            (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) (\"IMAGE\" \"PNG\" NIL NIL NIL \"7BIT\" 5) 7 NIL))",
            {
                let envelope = Box::new(Envelope::default());
                let media = Media::Message { envelope, body: image(None), lines: 7 };
                structure(single(media, md5(None, None)))
            },
        ),
        (
            "3501 §9 body-ext-1part",
            "",
            "* 1 FETCH (BODYSTRUCTURE (\"IMAGE\" \"PNG\" NIL NIL NIL \"7BIT\" 5 \"x\"))",
            { structure(image(md5(Some(s("x")), None))) },
        ),
        (
            "3501 §9 body-fld-dsp",
            "",
            "* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 5 1 NIL \
            (\"INLINE\" NIL)))",
            {
                let disposition = Some((s("INLINE"), vec![]));
                structure(plain(md5(None, Some(Disposition { disposition, tail: None }))))
            },
        ),
        (
            "3501 §9 body-fld-lang",
            "",
            "* 1 FETCH (BODYSTRUCTURE (\"IMAGE\" \"PNG\" NIL NIL NIL \"7BIT\" 5 NIL NIL \
            \"en\"))",
            {
                let language = BodyLanguage::Single(Some(s("en")));
                let tail = Some(Language { language, tail: None });
                structure(image(md5(None, Some(Disposition { disposition: None, tail }))))
            },
        ),
        (
            "3501 §9 body-fld-lang",
            "",
            "* 1 FETCH (BODYSTRUCTURE (\"IMAGE\" \"PNG\" NIL NIL NIL \"7BIT\" 5 NIL NIL \
            (\"en\" \"de\") NIL))",
            {
                let language = BodyLanguage::List(vec![s("en"), s("de")]);
                let tail = Some(Location { location: None, extensions: vec![] });
                let tail = Some(Language { language, tail });
                structure(image(md5(None, Some(Disposition { disposition: None, tail }))))
            },
        ),
        (
            "3501 §9 body-extension",
            "",
            "* 1 FETCH (BODYSTRUCTURE (\"IMAGE\" \"PNG\" NIL NIL NIL \"7BIT\" 5 NIL \
            (\"x\" (\"filename\" \"y\")) NIL \"loc\" 5 NIL (\"a\" (007 NIL))))",
            {
                let list = |items| BodyExtension::List(items);
                let inner = list(vec![BodyExtension::Number(7), BodyExtension::NString(None)]);
                let extensions = vec![
                    BodyExtension::Number(5),
                    BodyExtension::NString(None),
                    list(vec![BodyExtension::NString(Some(s("a"))), inner]),
                ];
                let tail = Some(Location { location: Some(s("loc")), extensions });
                let tail = Some(Language { language: BodyLanguage::Single(None), tail });
                let disposition = Some((s("x"), parameters(&[("filename", "y")])));
                structure(image(md5(None, Some(Disposition { disposition, tail }))))
            },
        ),
    ]);
}

#[test]
fn legal_multiparts() {
    let one = "(\"IMAGE\" \"PNG\" NIL NIL NIL \"7BIT\" 5)";
    // A row's message is a literal of the source; these are checked for the value alone.
    let parse = |body: String| {
        let message = format!("* 1 FETCH (BODYSTRUCTURE {body})\r\n").into_bytes();
        let response = Grammar::rfc3501().response(&message).unwrap().into_owned();
        assert_eq!(response.to_bytes(), message);
        match response {
            imap_grammar::Response::Untagged(Untagged::Fetch { mut items, .. }) => items.remove(0),
            other => panic!("{other:?}"),
        }
    };
    let is = |written: String, body| {
        assert_eq!(parse(written), MessageAttribute::BodyStructure(body));
    };
    is(format!("({one} \"MIXED\")"), multi(vec![image(None)], "MIXED", None));
    is(format!("({one}{one} \"x\")"), multi(vec![image(None), image(None)], "x", None));
    is(
        format!("((({one} \"a\") \"b\"){one} \"c\")"),
        multi(
            vec![multi(vec![multi(vec![image(None)], "a", None)], "b", None), image(None)],
            "c",
            None,
        ),
    );
    let extension = |parameters, tail| Some(MultiPartExtension { parameters, tail });
    is(format!("({one} \"x\" NIL)"), multi(vec![image(None)], "x", extension(vec![], None)));
    is(
        format!("({one} \"x\" (\"BOUNDARY\" \"y\") NIL (\"en\") \"l\" 1)"),
        multi(vec![image(None)], "x", {
            let location = Some(s("l"));
            let extensions = vec![BodyExtension::Number(1)];
            let tail = Some(Location { location, extensions });
            let tail = Some(Language { language: BodyLanguage::List(vec![s("en")]), tail });
            let tail = Some(Disposition { disposition: None, tail });
            extension(parameters(&[("BOUNDARY", "y")]), tail)
        }),
    );
}

#[test]
fn illegal_bodies() {
    check_illegal(vec![
        ("3501 §9 body", "", "* 1 FETCH (BODY NIL)", ("body", 16)),
        ("3501 §9 body", "", "* 1 FETCH (BODY ())", ("string", 17)),
        ("3501 §9 media-basic", "", "* 1 FETCH (BODY (NIL \"x\" ", ("string", 17)),
        ("3501 §9 media-basic", "", "* 1 FETCH (BODY (TEXT \"PLAIN\" ", ("string", 17)),
        ("3501 §9 media-subtype", "", "* 1 FETCH (BODY (\"x\" NIL ", ("string", 21)),
        ("3501 §9 media-subtype", "", "* 1 FETCH (BODY (\"x\") ", ("body", 20)),
        ("3501 §9 body-fld-param", "", "* 1 FETCH (BODY (\"x\" \"y\" () ", ("string", 26)),
        (
            "3501 §9 body-fld-param",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" (\"a\") ",
            ("body-fld-param", 29),
        ),
        ("3501 §9 body-fld-param", "", "* 1 FETCH (BODY (\"x\" \"y\" (\"a\" NIL) ", ("string", 30)),
        ("3501 §9 body-fld-param", "", "* 1 FETCH (BODY (\"x\" \"y\" (\"a\" \"b\" \"c\") ", {
            ("body-fld-param", 37)
        }),
        (
            "3501 §9 body-fld-param",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" \"a\" ",
            ("body-fld-param", 25),
        ),
        ("3501 §9 body-fld-id", "", "* 1 FETCH (BODY (\"x\" \"y\" NIL 5 ", ("nstring", 29)),
        (
            "3501 §9 body-fld-enc",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL NIL 5))",
            ("string", 37),
        ),
        (
            "3501 §9 body-fld-enc",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL 7BIT 5))",
            ("string", 37),
        ),
        (
            "3501 §9 body-fld-octets",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" NIL))",
            ("number", 41),
        ),
        (
            "3501 §9 body-fld-octets",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" -1))",
            ("number", 41),
        ),
        (
            "3501 §9 body-fld-octets",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" 4294967296))",
            { ("number", 41) },
        ),
        (
            "3501 §9 body-type-basic",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\"))",
            ("body-fields", 40),
        ),
        (
            "3501 §9 body-type-basic",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" 5 7))",
            ("nstring", 43),
        ),
        ("3501 §7.4.2", "", "* 1 FETCH (BODY (\"TEXT\" \"y\" NIL NIL NIL \"z\" 5))", {
            ("body-type-text", 45)
        }),
        (
            "3501 §9 body-fld-lines",
            "",
            "* 1 FETCH (BODY (\"TEXT\" \"y\" NIL NIL NIL \"z\" 5 NIL))",
            { ("body-fld-lines", 46) },
        ),
        (
            "3501 §9 media-text",
            "",
            "* 1 FETCH (BODY ({4}\r\nTEXT \"y\" NIL NIL NIL \"z\" 5 7))",
            ("nstring", 49),
        ),
        (
            "3501 §9 body-type-basic",
            "",
            "* 1 FETCH (BODY (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"z\" 5))",
            { ("body-type-msg", 53) },
        ),
        (
            "3501 §9 media-message",
            "",
            "* 1 FETCH (BODY ({7}\r\nMESSAGE \"RFC822\" NIL NIL NIL \"z\" 5))",
            { ("media-message", 17) },
        ),
        (
            "3501 §9 media-message",
            "",
            "* 1 FETCH (BODY (\"MESSAGE\" {6}\r\nRFC822 NIL NIL NIL \"z\" 5))",
            { ("media-message", 17) },
        ),
        (
            "3501 §9 body-type-msg",
            "",
            "* 1 FETCH (BODY (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"z\" 5 NIL",
            { ("envelope", 54) },
        ),
        (
            "3501 §9 body-type-msg",
            "",
            "* 1 FETCH (BODY (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"z\" 5 \
            (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) (\"x\" \"y\" NIL NIL NIL \"z\" 5)))",
            { ("body-type-msg", 123) },
        ),
        ("3501 §9 body-type-mpart", "", "* 1 FETCH (BODY ((\"x\" \"y\" NIL NIL NIL \"z\" 5)))", {
            ("body-type-mpart", 44)
        }),
        (
            "3501 §9 body-type-mpart",
            "",
            "* 1 FETCH (BODY ((\"x\" \"y\" NIL NIL NIL \"z\" 5) (\"x\" ",
            { ("string", 45) },
        ),
        (
            "3501 §9 body-type-mpart",
            "",
            "* 1 FETCH (BODY ((\"x\" \"y\" NIL NIL NIL \"z\" 5) NIL))",
            { ("string", 45) },
        ),
        (
            "3501 §9 body-ext-mpart",
            "",
            "* 1 FETCH (BODY ((\"x\" \"y\" NIL NIL NIL \"z\" 5) \"m\" ()))",
            { ("string", 50) },
        ),
        (
            "3501 §9 body-ext-mpart",
            "",
            "* 1 FETCH (BODY ((\"x\" \"y\" NIL NIL NIL \"z\" 5) \"m\" \"b\"))",
            { ("body-fld-param", 49) },
        ),
        (
            "3501 §9 body-fld-dsp",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" 5 NIL \"inline\"))",
            { ("body-fld-dsp", 47) },
        ),
        (
            "3501 §9 body-fld-dsp",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" 5 NIL (\"inline\")))",
            { ("body-fld-dsp", 56) },
        ),
        (
            "3501 §9 body-fld-dsp",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" 5 NIL (NIL NIL)))",
            { ("string", 48) },
        ),
        (
            "3501 §9 body-fld-lang",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" 5 NIL NIL ()))",
            { ("string", 52) },
        ),
        (
            "3501 §9 body-fld-lang",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" 5 NIL NIL (NIL)))",
            { ("string", 52) },
        ),
        (
            "3501 §9 body-fld-lang",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" 5 NIL NIL 5))",
            { ("body-fld-lang", 51) },
        ),
        (
            "3501 §9 body-fld-loc",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" 5 NIL NIL NIL 5))",
            { ("nstring", 55) },
        ),
        (
            "3501 §9 body-extension",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" 5 NIL NIL NIL NIL x))",
            { ("body-extension", 59) },
        ),
        (
            "3501 §9 body-extension",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" 5 NIL NIL NIL NIL ()))",
            { ("body-extension", 60) },
        ),
        (
            "3501 §9 body",
            "",
            "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" 5 ))",
            ("nstring", 43),
        ),
        ("3501 §9 body", "", "* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" 5", ("body", 42)),
    ]);
}
