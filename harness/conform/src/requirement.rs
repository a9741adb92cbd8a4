//! Requirements: the sentences of the RFCs that are checked, and the catalogue that lists them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The name of a requirement: `rfc3501/6.4.8-03` is the third of RFC 3501 section 6.4.8.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RequirementId {
    rfc: u16,
    section: String,
    number: u16,
}

impl RequirementId {
    /// The RFC's number.
    pub fn rfc(&self) -> u16 {
        self.rfc
    }

    /// The section, without the word.
    pub fn section(&self) -> &str {
        &self.section
    }
}

impl fmt::Display for RequirementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rfc{}/{}-{:02}", self.rfc, self.section, self.number)
    }
}

impl FromStr for RequirementId {
    type Err = String;

    fn from_str(id: &str) -> Result<Self, String> {
        let parts = || {
            let (rfc, rest) = id.strip_prefix("rfc")?.split_once('/')?;
            let (section, number) = rest.rsplit_once('-')?;
            let named =
                |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphanumeric());
            (number.len() >= 2 && section.split('.').all(named)).then_some(())?;
            Some(Self {
                rfc: rfc.parse().ok()?,
                section: section.to_owned(),
                number: number.parse().ok()?,
            })
        };
        parts().ok_or_else(|| format!("`{id}` is not a requirement id such as `rfc3501/6.4.8-03`"))
    }
}

impl TryFrom<String> for RequirementId {
    type Error = String;

    fn try_from(id: String) -> Result<Self, String> {
        id.parse()
    }
}

impl From<RequirementId> for String {
    fn from(id: RequirementId) -> Self {
        id.to_string()
    }
}

/// How binding a requirement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// MUST, REQUIRED, SHALL.
    Must,
    /// MUST NOT, SHALL NOT.
    MustNot,
    /// SHOULD, RECOMMENDED.
    Should,
    /// SHOULD NOT.
    ShouldNot,
    /// MAY, OPTIONAL.
    May,
    /// The text states behaviour without a keyword of RFC 2119.
    States,
    /// The ABNF says so.
    Syntax,
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Requirement {
    /// Its name, without the RFC in the file.
    pub id: RequirementId,
    /// How binding it is.
    pub level: Level,
    /// What a server has to do, in one sentence.
    pub sentence: String,
    /// A few words of the RFC that say so.
    pub quote: String,
    /// Why no client can observe it; nothing where one can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unobservable: Option<String>,
    /// What changed or explained it since: an erratum, RFC 9051, RFC 2180.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub see: Vec<String>,
}
