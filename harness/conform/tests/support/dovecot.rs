//! A private Dovecot: its own directory, ports and users, gone when it is dropped.

use std::{
    fs, io,
    net::{TcpListener, TcpStream},
    os::unix::fs::{PermissionsExt, chown},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use imap_conform::target::{Secret, Security, Target, User};
use tempfile::TempDir;

/// How long Dovecot may take until it listens.
const PATIENCE: Duration = Duration::from_secs(20);
/// Debian's user without rights, who owns the mail where the tests run as root.
const NOBODY: u32 = 65534;

/// A Dovecot that is running.
pub struct Dovecot {
    process: Child,
    port: u16,
    _directory: TempDir,
}

impl Dovecot {
    /// Starts one; nothing where Dovecot is not installed.
    pub fn start() -> io::Result<Option<Self>> {
        if !installed() {
            return Ok(None);
        }
        let directory = tempfile::Builder::new().prefix("imap-conform-dovecot-").tempdir()?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let path = directory.path();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
        for name in ["run", "mail"] {
            fs::create_dir(path.join(name))?;
        }
        let as_root = id("-u")? == "0";
        if as_root {
            chown(path.join("mail"), Some(NOBODY), Some(NOBODY))?;
        }
        let file = path.join("dovecot.conf");
        fs::write(&file, configuration(path, port, as_root)?)?;
        let process = Command::new("dovecot")
            .arg("-F")
            .arg("-c")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut dovecot = Self { process, port, _directory: directory };
        dovecot.wait(&file.with_file_name("log"))?;
        Ok(Some(dovecot))
    }

    /// The target it is for a pair of users of their own, who see no mail of another pair.
    pub fn target(&self, pair: usize) -> Target {
        let address = format!("127.0.0.1:{}", self.port);
        let mut target = Target::new(address.parse().expect("a numeric address is one"));
        target.security = Security::None;
        target.changes_inbox = true;
        target.users = ["alice", "bob"]
            .map(|name| User {
                name: format!("{name}{pair}"),
                password: Secret::new("secret").expect("a word is a password"),
            })
            .into();
        target
    }

    /// Waits until it listens. There is no other sign of it than that it does.
    fn wait(&mut self, log: &Path) -> io::Result<()> {
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.process.try_wait()?;
            if ended.is_some() || began.elapsed() > PATIENCE {
                let log = fs::read_to_string(log).unwrap_or_default();
                return Err(io::Error::other(format!("Dovecot does not listen: {log}")));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // SIGTERM lets the master end its children; a kill would leave them behind.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

fn installed() -> bool {
    let version = Command::new("dovecot").arg("--version").output();
    version.is_ok_and(|output| output.status.success())
}

/// What `id` says of who runs the tests.
fn id(option: &str) -> io::Result<String> {
    let output = Command::new("id").arg(option).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn configuration(path: &Path, port: u16, as_root: bool) -> io::Result<String> {
    let path = path.display();
    let (users, owner) = match as_root {
        true => (String::new(), format!("uid={NOBODY} gid={NOBODY}")),
        // Without root no process can become another user, nor be locked into a directory.
        false => {
            let name = id("-un")?;
            let users = format!(
                "default_internal_user = {name}
default_login_user = {name}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"
            );
            (users, format!("uid={} gid={}", id("-u")?, id("-g")?))
        }
    };
    Ok(format!(
        "base_dir = {path}/run
state_dir = {path}/run
log_path = {path}/log
protocols = imap
listen = 127.0.0.1
{users}service imap-login {{
  chroot =
  process_limit = 500
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
auth_failure_delay = 0
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = {owner} home={path}/mail/%u
}}
mail_location = maildir:~/Maildir
mail_max_userip_connections = 500
first_valid_uid = 0
namespace inbox {{
  inbox = yes
  separator = /
}}
"
    ))
}
