//! A server as a process of its own, beside whatever server the machine has.

use std::{
    fs::{self, File},
    io,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{
    launch::LaunchError,
    recipe::{Filled, Owner, Place, Ports, Recipe},
};

/// How long the server may take to end when it is asked to.
const FAREWELL: Duration = Duration::from_secs(5);

/// A server that is running.
pub(super) struct Process {
    child: Child,
    output: PathBuf,
}

impl Process {
    /// Starts the server of a recipe in the directory, on ports that are free.
    pub(super) fn start(
        recipe: &Recipe,
        program: &str,
        directory: &Path,
    ) -> Result<(Self, Ports), LaunchError> {
        if !is_installed(program) {
            return Err(LaunchError::NotInstalled(program.to_owned()));
        }
        let ports = free_ports()?;
        let place = Place {
            directory: directory.display().to_string(),
            listen: "127.0.0.1",
            ports,
            owner: owner()?,
        };
        let Filled { command, files } = recipe.filled(&place)?;
        for (name, text) in files {
            fs::write(directory.join(name), text)?;
        }
        let (first, arguments) = command.split_first().ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "its recipe has no command")
        })?;
        let output = directory.join("output");
        let sink = File::create(&output)?;
        let mut command = Command::new(first);
        command.args(arguments).stdin(Stdio::null()).stdout(sink.try_clone()?).stderr(sink);
        // An interrupt at the terminal is for us: the server has to outlive the cleaning up.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Ok((Self { child: command.spawn()?, output }, ports))
    }

    pub(super) fn has_ended(&mut self) -> io::Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// What it has written.
    pub(super) fn output(&self) -> Vec<u8> {
        let log = self.output.with_file_name("log");
        [&self.output, &log].map(|file| fs::read(file).unwrap_or_default()).concat()
    }

    /// Ends it: SIGTERM lets a server end its children; a kill would leave them behind.
    pub(super) fn stop(&mut self) {
        if self.has_ended().unwrap_or(true) {
            return;
        }
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let began = Instant::now();
        while began.elapsed() < FAREWELL {
            if self.has_ended().unwrap_or(true) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

fn is_installed(program: &str) -> bool {
    let version = Command::new(program).arg("--version").stdin(Stdio::null()).output();
    version.is_ok_and(|output| output.status.success())
}

/// Two ports that nobody has, found together so that they differ.
fn free_ports() -> io::Result<Ports> {
    let listeners = [TcpListener::bind(("127.0.0.1", 0))?, TcpListener::bind(("127.0.0.1", 0))?];
    let [imap, imaps] = listeners.map(|listener| listener.local_addr());
    Ok(Ports { imap: imap?.port(), imaps: imaps?.port() })
}

/// Who we are; nobody in place of root, as whom no server handles mail.
fn owner() -> io::Result<Owner> {
    let (name, uid, gid) = (id("-un")?, id("-u")?, id("-g")?);
    Ok(if uid == "0" { Owner::nobody() } else { Owner { name, uid, gid } })
}

fn id(option: &str) -> io::Result<String> {
    let output = Command::new("id").arg(option).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
