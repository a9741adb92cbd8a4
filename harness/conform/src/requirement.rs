//! Requirements: the sentences of the RFCs that are checked, and the catalogue that lists them.

use std::{cmp::Ordering, collections::BTreeMap, fmt, io, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Library, nearest::nearest, scenario::LoadError};

/// The name of a requirement: `rfc3501/6.4.8-03` is the third of RFC 3501 section 6.4.8.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

    /// Whether it stands in that section or in one below it.
    pub fn is_within(&self, rfc: u16, section: &str) -> bool {
        let below = self.section.strip_prefix(section);
        self.rfc == rfc && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

impl Ord for RequirementId {
    /// As in the documents: section 6.3.2 stands before 6.3.10.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |id: &Self| {
            let part = |part: &str| (part.parse().unwrap_or(u32::MAX), part.to_owned());
            (id.rfc, id.section.split('.').map(part).collect::<Vec<_>>(), id.number)
        };
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for RequirementId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Its name.
    pub id: RequirementId,
    /// How binding it is.
    pub level: Level,
    /// What a server has to do, in one sentence.
    pub sentence: String,
    /// A few words of the RFC that say so.
    pub quote: String,
    /// Why no client can observe it; nothing where one can.
    pub unobservable: Option<String>,
    /// What changed or explained it since: an erratum, RFC 9051, RFC 2180.
    pub see: Vec<String>,
}

/// Every requirement that is known, by its id.
///
/// ```
/// use imap_conform::requirement::Catalogue;
/// let mut catalogue = Catalogue::default();
/// catalogue.add(r#"
///     rfc = 3501
///     [[requirement]]
///     id = "6.4.8-03"
///     level = "states"
///     sentence = "A UID command ignores a unique identifier that no message has."
///     quote = "A non-existent unique identifier is ignored without any error message generated."
/// "#)?;
/// assert!(catalogue.get(&"rfc3501/6.4.8-03".parse().unwrap()).is_some());
/// # Ok::<(), imap_conform::requirement::CatalogueError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Catalogue(BTreeMap<RequirementId, Requirement>);

/// A catalogue file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The library cannot be looked through.
    #[error(transparent)]
    List(LoadError),
    /// A file cannot be read.
    #[error("cannot read the requirements in {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// It is not TOML of the right form.
    #[error("a file of requirements is not understood: {0}")]
    Form(#[from] toml::de::Error),
    /// An id is not of the right form.
    #[error("{0}")]
    Id(String),
    /// An id is given twice.
    #[error("the requirement {0} is listed twice")]
    Twice(RequirementId),
}

/// A file of requirements.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogueFile {
    rfc: u16,
    #[serde(default, rename = "requirement")]
    requirements: Vec<Row>,
}

/// A requirement as the file has it: its id lacks the RFC.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    level: Level,
    sentence: String,
    quote: String,
    unobservable: Option<String>,
    #[serde(default)]
    see: Vec<String>,
}

impl Catalogue {
    /// Reads every `requirements/*.toml` of a library.
    ///
    /// # Errors
    /// Where one cannot be read, is not of the right form, or lists an id twice.
    pub fn load(library: &Library) -> Result<Self, CatalogueError> {
        let mut catalogue = Self::default();
        let names = library.files().map_err(CatalogueError::List)?;
        let is_wanted =
            |name: &&String| name.starts_with("requirements/") && name.ends_with(".toml");
        for name in names.iter().filter(is_wanted) {
            let octets = library.read(name).map_err(|source| CatalogueError::Read {
                path: library.path(name).display().to_string(),
                source,
            })?;
            catalogue.add(&String::from_utf8_lossy(&octets))?;
        }
        Ok(catalogue)
    }

    /// Adds the requirements of one file's text.
    ///
    /// # Errors
    /// Where it is not of the right form, or lists an id that is known already.
    pub fn add(&mut self, text: &str) -> Result<(), CatalogueError> {
        let file: CatalogueFile = toml::from_str(text)?;
        for row in file.requirements {
            let id: RequirementId =
                format!("rfc{}/{}", file.rfc, row.id).parse().map_err(CatalogueError::Id)?;
            let Row { level, sentence, quote, unobservable, see, .. } = row;
            let requirement =
                Requirement { id: id.clone(), level, sentence, quote, unobservable, see };
            if self.0.insert(id.clone(), requirement).is_some() {
                return Err(CatalogueError::Twice(id));
            }
        }
        Ok(())
    }

    /// The requirement of that id.
    pub fn get(&self, id: &RequirementId) -> Option<&Requirement> {
        self.0.get(id)
    }

    /// Every requirement, by RFC, section and number.
    pub fn iter(&self) -> impl Iterator<Item = &Requirement> {
        self.0.values()
    }

    /// The known id that is most like the given one, if one is like it at all.
    pub fn nearest(&self, id: &str) -> Option<RequirementId> {
        let known: Vec<String> = self.0.keys().map(ToString::to_string).collect();
        nearest(id, known.iter().map(String::as_str))?.parse().ok()
    }
}
