//! Servers that are started for a run and are gone after it: `docker:NAME` and `exec:NAME`.

use std::{
    env, fmt, fs, io,
    io::Read,
    net::{Ipv4Addr, TcpStream, ToSocketAddrs},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tempfile::TempDir;

#[cfg(feature = "docker")]
use super::container::Container;
use super::{
    Address, Security, Target, Trust,
    process::Process,
    recipe::{Ports, Recipe, RecipeError},
};

/// How long a server may take until it greets.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a connection may stay silent before it is tried anew.
const SILENCE: Duration = Duration::from_secs(5);
/// How much of what a server wrote is told where it does not greet: the end says why.
const LAST_WORDS: usize = 4 << 10;

/// How a server is started, and which.
///
/// ```
/// use imap_conform::target::Launch;
/// assert_eq!(Launch::named("docker:cyrus").unwrap().to_string(), "docker:cyrus");
/// assert_eq!(Launch::named("imap://alice@localhost"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Launch {
    /// In a container: a server with a recipe, or an image.
    Docker(String),
    /// As a process of its own: a server with a recipe and a program.
    Exec(String),
}

/// Why a server is not there.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// There is no such recipe.
    #[error("there is no server `{name}`: {directory} has no target.toml")]
    Unknown {
        /// What was asked for.
        name: String,
        /// Where its recipe would be.
        directory: PathBuf,
    },
    /// The recipe is wrong.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// It runs only in a container.
    #[error("`{0}` has no program in its recipe and runs only in a container: use docker:{0}")]
    OnlyInContainer(String),
    /// The program is not installed.
    #[error("`{0}` is not installed on this machine")]
    NotInstalled(String),
    /// Something of this machine is in the way.
    #[error("the server cannot be started: {0}")]
    Machine(#[from] io::Error),
    /// The engine does not make the container.
    #[error("no container of the image {image}: {problem} (`ci/servers/build` makes the images)")]
    Container {
        /// The image.
        image: String,
        /// What the engine says.
        problem: String,
    },
    /// This program was built without containers.
    #[error("this program was built without the feature `docker`")]
    NoContainers,
    /// It ended before it greeted.
    #[error("the server ended before it greeted: {0}")]
    Ended(String),
    /// It did not greet in time.
    #[error("the server did not greet within {PATIENCE:?}: {0}")]
    Silent(String),
}

impl Launch {
    /// What `docker:NAME` or `exec:NAME` means; nothing for other targets.
    pub fn named(target: &str) -> Option<Self> {
        match target.split_once(':')? {
            ("docker", name) => Some(Self::Docker(name.to_owned())),
            ("exec", name) => Some(Self::Exec(name.to_owned())),
            _ => None,
        }
    }

    /// Starts the server and waits until it greets, as [`begin`](Self::begin) and
    /// [`Launched::await_greeting`] do one after the other.
    ///
    /// # Errors
    /// Where the recipe is wrong, something needed is missing, or the server does not greet.
    pub fn start(&self, servers: &Path) -> Result<Launched, LaunchError> {
        let launched = Mutex::new(self.begin(servers)?);
        Launched::await_greeting(&launched)?;
        Ok(launched.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// Starts the server. `servers` is where the recipes are, each in a directory of its name.
    /// `docker:NAME` is taken for an image where there is no such recipe; `IMAP_CONFORM_NAME_IMAGE`
    /// is the image of the server `name` where that is set.
    ///
    /// # Errors
    /// Where the recipe is wrong, or something needed is missing.
    pub fn begin(&self, servers: &Path) -> Result<Launched, LaunchError> {
        let (Self::Docker(name) | Self::Exec(name)) = self;
        let directory = servers.join(name);
        let has_recipe = directory.join(Recipe::FILE).is_file();
        match self {
            Self::Docker(image) if !has_recipe => Launched::docker(Recipe::of_image(image)),
            _ if !has_recipe => Err(LaunchError::Unknown { name: name.clone(), directory }),
            Self::Docker(name) => {
                let mut recipe = Recipe::read(&directory)?;
                if let Ok(image) = env::var(image_variable(name)) {
                    recipe.image = image;
                }
                Launched::docker(recipe)
            }
            Self::Exec(name) => {
                let recipe = Recipe::read(&directory)?;
                let program = recipe.program.as_deref();
                let program = program.ok_or(LaunchError::OnlyInContainer(name.clone()))?;
                Launched::exec(&recipe, program)
            }
        }
    }
}

impl fmt::Display for Launch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Docker(name) => write!(f, "docker:{name}"),
            Self::Exec(name) => write!(f, "exec:{name}"),
        }
    }
}

/// A server that was started, and that goes with this value.
pub struct Launched {
    recipe: Recipe,
    /// Where it is reached.
    host: String,
    ports: Ports,
    life: Life,
    /// What it was started from, with its certificate.
    directory: TempDir,
}

/// What ends when a server goes.
enum Life {
    Process(Process),
    #[cfg(feature = "docker")]
    Container(Box<Container>),
}

impl Launched {
    /// The target it is: by STARTTLS where it offers that, or as `security` says.
    ///
    /// # Errors
    /// Where the recipe names users without a password.
    pub fn target(&self, security: Option<Security>) -> Result<Target, LaunchError> {
        let port = match security {
            Some(Security::Implicit) => self.ports.imaps,
            _ => self.ports.imap,
        };
        let address: Result<Address, _> = format!("{}:{port}", self.host).parse();
        let address = address.map_err(|error| LaunchError::Machine(io::Error::other(error)))?;
        let mut target = Target::new(address);
        target.security = security.unwrap_or(Security::StartTlsWhenOffered);
        // An image of which nothing is known has a certificate of its own.
        target.trust = match self.recipe.files.is_empty() {
            true => Trust::System,
            false => Trust::Authorities(self.directory.path().join(CERTIFICATE)),
        };
        target.server_name = Some(Ipv4Addr::LOCALHOST.to_string());
        target.users = self.recipe.users()?;
        target.lanes = self.recipe.lanes;
        target.changes_inbox = self.recipe.changes_inbox;
        target.risks_lockout = true;
        Ok(target)
    }

    /// What it was started by.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Waits for the greeting: there is no other sign that a server is there, and in front of a
    /// container something listens that is not the server. Meanwhile who is interrupted can stop
    /// the server, which is free but for moments.
    ///
    /// # Errors
    /// Where it ends, or does not greet in time.
    pub fn await_greeting(launched: &Mutex<Self>) -> Result<(), LaunchError> {
        let own = || launched.lock().unwrap_or_else(PoisonError::into_inner);
        let (host, port) = {
            let own = own();
            (own.host.clone(), own.ports.imap)
        };
        let began = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(began.elapsed());
            // A connection has to be given some time.
            let silence = SILENCE.min(left).max(Duration::from_millis(50));
            if greeting_comes(&host, port, silence) {
                return Ok(());
            }
            let mut own = own();
            if own.has_ended()? {
                return Err(LaunchError::Ended(own.last_words()));
            }
            if left.is_zero() {
                return Err(LaunchError::Silent(own.last_words()));
            }
            drop(own);
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Ends the server before this value goes, and removes its directory. Once more does nothing.
    pub fn stop(&mut self) {
        match &mut self.life {
            Life::Process(process) => process.stop(),
            #[cfg(feature = "docker")]
            Life::Container(container) => container.stop(),
        }
        // What is left of it goes with the machine's other temporary files.
        let _ = fs::remove_dir_all(self.directory.path());
    }

    fn exec(recipe: &Recipe, program: &str) -> Result<Self, LaunchError> {
        let directory = certified_directory()?;
        let (process, ports) = Process::start(recipe, program, directory.path())?;
        Ok(Self {
            recipe: recipe.clone(),
            host: Ipv4Addr::LOCALHOST.to_string(),
            ports,
            life: Life::Process(process),
            directory,
        })
    }

    #[cfg(feature = "docker")]
    fn docker(recipe: Recipe) -> Result<Self, LaunchError> {
        let directory = certified_directory()?;
        let (container, host, ports) = Container::start(&recipe, directory.path())?;
        Ok(Self { recipe, host, ports, life: Life::Container(Box::new(container)), directory })
    }

    #[cfg(not(feature = "docker"))]
    fn docker(_: Recipe) -> Result<Self, LaunchError> {
        Err(LaunchError::NoContainers)
    }

    fn has_ended(&mut self) -> io::Result<bool> {
        match &mut self.life {
            Life::Process(process) => process.has_ended(),
            #[cfg(feature = "docker")]
            Life::Container(container) => Ok(container.has_ended()),
        }
    }

    fn last_words(&self) -> String {
        last_words(&match &self.life {
            Life::Process(process) => process.output(),
            #[cfg(feature = "docker")]
            Life::Container(container) => container.output(),
        })
    }
}

/// The names of the certificate and its key in a server's directory.
pub(super) const CERTIFICATE: &str = "certificate.pem";
pub(super) const KEY: &str = "key.pem";

/// A directory with a certificate of this machine's own.
fn certified_directory() -> io::Result<TempDir> {
    let directory = tempfile::Builder::new().prefix("imap-conform-server-").tempdir()?;
    let names = ["localhost".to_owned(), Ipv4Addr::LOCALHOST.to_string()];
    let signed = rcgen::generate_simple_self_signed(names).map_err(io::Error::other)?;
    fs::write(directory.path().join(CERTIFICATE), signed.cert.pem())?;
    fs::write(directory.path().join(KEY), signed.signing_key.serialize_pem())?;
    Ok(directory)
}

/// Whether a greeting comes from there. Neither the connection nor silence takes longer.
fn greeting_comes(host: &str, port: u16, silence: Duration) -> bool {
    let greets = |address| {
        let stream = TcpStream::connect_timeout(&address, silence)?;
        stream.set_read_timeout(Some(silence))?;
        let mut start = [0; 2];
        (&stream).read_exact(&mut start)?;
        io::Result::Ok(start == *b"* ")
    };
    let mut addresses = (host, port).to_socket_addrs().into_iter().flatten();
    addresses.any(|address| greets(address).unwrap_or(false))
}

/// The end of what a server wrote, fit to be read: no octet of it controls a terminal.
fn last_words(output: &[u8]) -> String {
    let end = &output[output.len().saturating_sub(LAST_WORDS)..];
    let readable = |character: char| match character {
        '\n' | '\t' => character,
        _ if character.is_control() => ' ',
        _ => character,
    };
    String::from_utf8_lossy(end).trim().chars().map(readable).collect()
}

/// The variable that names another image for a server.
fn image_variable(name: &str) -> String {
    let upper = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("IMAP_CONFORM_{}_IMAGE", name.chars().map(upper).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_to_be_started_is_a_launch() {
        for (text, expected) in [
            ("docker:dovecot", Some(Launch::Docker("dovecot".to_owned()))),
            (
                "docker:dovecot/dovecot:2.4.1",
                Some(Launch::Docker("dovecot/dovecot:2.4.1".to_owned())),
            ),
            ("exec:dovecot", Some(Launch::Exec("dovecot".to_owned()))),
            ("localhost:143", None),
            ("imap://docker:143", None),
            ("docker", None),
        ] {
            assert_eq!(Launch::named(text), expected, "{text}");
        }
    }

    #[test]
    fn a_server_has_a_variable_for_its_image() {
        assert_eq!(image_variable("dovecot"), "IMAP_CONFORM_DOVECOT_IMAGE");
        assert_eq!(image_variable("cyrus-3.10"), "IMAP_CONFORM_CYRUS_3_10_IMAGE");
    }

    #[test]
    fn last_words_that_are_no_text_are_told_all_the_same() {
        assert_eq!(last_words(b"caf\xe9 is \x1b[2Jfull\r\nbye\n"), "caf\u{fffd} is  [2Jfull \nbye");
        assert_eq!(last_words(&b"x".repeat(10_000)).len(), LAST_WORDS);
    }

    #[test]
    fn a_name_without_recipe_is_said_to_be_unknown() {
        let nowhere = Path::new("/nowhere");
        let error = Launch::Exec("dovecot".to_owned()).start(nowhere).err().expect("no recipe");
        assert!(error.to_string().contains("no server `dovecot`"), "{error}");
    }
}
