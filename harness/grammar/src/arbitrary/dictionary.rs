//! The words of the language, which octets by chance do not hit upon.

use std::collections::BTreeSet;

use crate::code::CodeName;
use crate::keyword::Keyword;
use crate::{
    EntryType, Extension, GreetingKind, Rfc5530Code, SearchReturnOption, Status, StatusAttribute,
    command, extension, fetch, message_attribute, response, search,
};

/// Every keyword of the grammar's tables, and the names of capabilities and codes: what a fuzzer's
/// dictionary is made of.
pub fn dictionary() -> BTreeSet<&'static str> {
    let tables = [
        names::<command::parse::Name>(),
        names::<command::parse::UidName>(),
        names::<command::select::Name>(),
        names::<CodeName>(),
        names::<EntryType>(),
        names::<extension::esearch::DataName>(),
        names::<fetch::ModifierName>(),
        names::<fetch::Name>(),
        names::<GreetingKind>(),
        names::<message_attribute::Name>(),
        names::<response::parse::Name>(),
        names::<response::parse::NumberedName>(),
        names::<search::Name>(),
        names::<SearchReturnOption>(),
        names::<Status>(),
        names::<StatusAttribute>(),
        Rfc5530Code::ALL.iter().map(|code| code.name()).collect(),
        Extension::ALL.iter().map(|extension| extension.capability()).collect(),
    ];
    tables.into_iter().flatten().collect()
}

fn names<K: Keyword>() -> Vec<&'static str> {
    let name = |keyword: &K| std::str::from_utf8(keyword.name()).expect("a keyword is ASCII");
    K::ALL.iter().map(name).collect()
}
