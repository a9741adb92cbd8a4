//! A server in a container of the Docker engine.
//!
//! Every container names the process that has started it. What a process leaves that was killed,
//! the next one removes before it starts its own.

use std::{fs, path::Path, process, process::Command, thread};

use testcontainers::{
    Container as Running, GenericImage, ImageExt, TestcontainersError,
    core::{ContainerPort, IntoContainerPort, Mount},
    runners::SyncRunner,
};

use super::{
    launch::{CERTIFICATE, KEY, LaunchError},
    recipe::{Filled, Owner, Place, Ports, Recipe},
};

/// Where the server's files are in its container.
const DIRECTORY: &str = "/srv/imap-conform";

/// What of it is held in memory: mail that nobody needs, on a file system that may be slow.
const MAIL: &str = "mail";

/// The label with the process that has started a container, and the machine it runs on.
const OWNER: &str = "imap-conform.owner";

/// A server that is running in a container.
pub(super) struct Container(Option<Running<GenericImage>>);

impl Container {
    /// Starts the server of a recipe, and says where its ports are found. The certificate is in
    /// the directory.
    pub(super) fn start(
        recipe: &Recipe,
        directory: &Path,
    ) -> Result<(Self, String, Ports), LaunchError> {
        let machine = machine();
        if let Some(machine) = &machine {
            remove_orphans(machine);
        }
        let place = Place {
            directory: DIRECTORY.to_owned(),
            listen: "0.0.0.0",
            ports: recipe.ports,
            owner: Owner::nobody(),
        };
        let Filled { command, files } = recipe.filled(&place)?;
        let (imap, imaps) = (recipe.ports.imap.tcp(), recipe.ports.imaps.tcp());
        let (name, tag) = name_and_tag(&recipe.image);
        let image = GenericImage::new(name, tag).with_exposed_port(imap).with_exposed_port(imaps);
        let mail = Mount::tmpfs_mount(format!("{DIRECTORY}/{MAIL}"));
        let mut request = image.with_cmd(command).with_mount(mail);
        if let Some(machine) = machine {
            request = request.with_label(OWNER, format!("{machine} {}", process::id()));
        }
        for name in [CERTIFICATE, KEY] {
            let octets = fs::read(directory.join(name))?;
            request = request.with_copy_to(format!("{DIRECTORY}/{name}"), octets);
        }
        for (name, text) in files {
            request = request.with_copy_to(format!("{DIRECTORY}/{name}"), text.into_bytes());
        }
        let refused = |error: TestcontainersError| LaunchError::Container {
            image: recipe.image.clone(),
            problem: error.to_string(),
        };
        let running = apart(|| request.start()).map_err(refused)?;
        let found: Result<_, TestcontainersError> = apart(|| {
            let port = |port: ContainerPort| running.get_host_port_ipv4(port);
            let host = running.get_host()?.to_string();
            Ok((host, Ports { imap: port(imap)?, imaps: port(imaps)? }))
        });
        // Also a container that has ended already, and has no ports, goes in a thread of its own.
        let container = Self(Some(running));
        let (host, ports) = found.map_err(refused)?;
        Ok((container, host, ports))
    }

    pub(super) fn has_ended(&self) -> bool {
        let is_running = |container| apart(|| Running::is_running(container).unwrap_or(false));
        !self.0.as_ref().is_some_and(is_running)
    }

    /// What the server has written.
    pub(super) fn output(&self) -> Vec<u8> {
        let Some(container) = &self.0 else { return Vec::new() };
        apart(|| {
            let out = container.stdout_to_vec().unwrap_or_default();
            [out, container.stderr_to_vec().unwrap_or_default()].concat()
        })
    }

    /// Ends and removes it.
    pub(super) fn stop(&mut self) {
        if let Some(container) = self.0.take() {
            apart(|| drop(container));
        }
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What tells where a process's number counts from all other places that share the engine: this
/// machine since it was started, and this container of it. Nothing where no name is known.
fn machine() -> Option<String> {
    let name = said(Command::new("hostname"))?.trim().to_owned();
    // Two machines can have one name, but not what the kernel has marked them with.
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let is_known = !name.is_empty();
    is_known.then(|| format!("{name}/{}/{}", boot.trim(), namespace.display()))
}

/// Removes the containers of this machine whose process is gone. Where nobody can say whether it
/// is, they stay: a run that lives loses nothing.
fn remove_orphans(machine: &str) {
    let mut list = Command::new("docker");
    list.args(["ps", "--all", "--quiet", "--no-trunc", "--filter", &format!("label={OWNER}")]);
    for container in said(list).unwrap_or_default().lines() {
        let mut inspect = Command::new("docker");
        let format = format!("{{{{index .Config.Labels \"{OWNER}\"}}}}");
        inspect.args(["inspect", "--format", &format, container]);
        let owner = said(inspect).unwrap_or_default();
        if orphaned_by(&owner, machine).is_some_and(has_ended) {
            let _ = Command::new("docker").args(["rm", "--force", "--volumes", container]).output();
        }
    }
}

/// The process that a container names, where it is one of this machine.
fn orphaned_by<'a>(owner: &'a str, machine: &str) -> Option<&'a str> {
    let (of, process) = owner.trim().rsplit_once(' ')?;
    let is_number = !process.is_empty() && process.bytes().all(|octet| octet.is_ascii_digit());
    (of == machine && is_number).then_some(process)
}

/// Whether there is no such process: `ps` ends with 1 then.
fn has_ended(process: &str) -> bool {
    let listed = Command::new("ps").args(["-p", process]).output();
    listed.is_ok_and(|output| output.status.code() == Some(1))
}

/// What a command says, where it succeeds.
fn said(mut command: Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// In a thread of its own: who talks to the engine waits, which no task of a runtime may.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let done = thread::scope(|scope| scope.spawn(work).join());
    done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// `localhost:5000/a/b:tag` has a port and a tag, and only one of them is at the end.
fn name_and_tag(image: &str) -> (&str, &str) {
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (image, "latest"),
    }
}

#[cfg(test)]
mod tests {
    use std::process;

    use super::{has_ended, name_and_tag, orphaned_by};

    #[test]
    fn only_what_this_machine_has_left_is_an_orphan() {
        assert_eq!(orphaned_by("here 17\n", "here"), Some("17"));
        for owner in ["there 17", "here", "here ", "here 1 7x", "", "here -1"] {
            assert_eq!(orphaned_by(owner, "here"), None, "{owner}");
        }
        assert!(!has_ended(&process::id().to_string()));
    }

    #[test]
    fn an_image_without_tag_is_the_latest() {
        for (image, expected) in [
            ("dovecot/dovecot", ("dovecot/dovecot", "latest")),
            ("dovecot/dovecot:2.4.1", ("dovecot/dovecot", "2.4.1")),
            ("localhost:5000/dovecot", ("localhost:5000/dovecot", "latest")),
            ("localhost:5000/dovecot:2", ("localhost:5000/dovecot", "2")),
        ] {
            assert_eq!(name_and_tag(image), expected, "{image}");
        }
    }
}
