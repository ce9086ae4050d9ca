//! A person's machine: its own home, its own session bus, no terminal. Nothing of the person who runs the tests is in it.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A home directory, and the session bus that is reachable from it, if any.
pub(crate) struct Home {
    directory: tempfile::TempDir,
    bus: Option<String>,
    daemon: Option<Child>,
}

impl Home {
    /// A home without a session bus, in which juliet@chat.example is set up with `settings`.
    pub(crate) fn new(settings: &str) -> Self {
        let home = Self { directory: tempfile::tempdir().expect("a temporary directory"), bus: None, daemon: None };
        let config = format!("[account.\"juliet@chat.example\"]\n{settings}\n");
        home.write(".config/chat/config.toml", 0o600, &config);
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, mode: u32, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file is in a directory")).expect("a directory");
        fs::write(&path, text).expect("a file");
        fs::set_permissions(&path, Permissions::from_mode(mode)).expect("our file");
        path
    }

    /// From now on this is the address of the session bus.
    pub(crate) fn with_bus(mut self, address: String) -> Self {
        self.bus = Some(address);
        self
    }

    /// Starts a session bus on which `command` is started when somebody asks for the Secret Service.
    pub(crate) fn start_bus(&mut self, command: Option<&str>) {
        self.stop_bus();
        let services = self.path("services");
        fs::create_dir_all(&services).expect("a directory");
        if let Some(command) = command {
            let service = format!("[D-BUS Service]\nName=org.freedesktop.secrets\nExec={command}\n");
            self.write("services/org.freedesktop.secrets.service", 0o644, &service);
        }
        let config = format!(
            "<busconfig><type>session</type><listen>unix:path={}</listen><servicedir>{}</servicedir>\
             <policy context='default'><allow send_destination='*' eavesdrop='true'/><allow receive_sender='*'/>\
             <allow eavesdrop='true'/><allow own='*'/></policy></busconfig>",
            self.path("bus").display(),
            services.display()
        );
        let config = self.write("bus.conf", 0o644, &config);
        let mut daemon = self
            .command(Path::new("dbus-daemon"))
            .args(["--nofork", "--print-address", "--config-file"])
            .arg(config)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon: testbed/deps check installs it");
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().expect("it is piped")).read_line(&mut address).expect("an address");
        self.bus = Some(address.trim().to_owned());
        self.daemon = Some(daemon);
    }

    /// A session bus with a gnome-keyring whose password is `password`.
    pub(crate) fn start_keyring(&mut self, password: &str) {
        let script =
            format!("printf %s '{password}' | gnome-keyring-daemon --foreground --unlock --components=secrets");
        let script = self.write("start-keyring", 0o700, &format!("#!/bin/sh\n{script}\n"));
        self.start_bus(Some(&script.display().to_string()));
        self.await_secret_service();
    }

    /// A session bus with a gnome-keyring that nobody has unlocked.
    pub(crate) fn start_locked_keyring(&mut self) {
        self.start_bus(Some("/usr/bin/gnome-keyring-daemon --foreground --components=secrets"));
        self.await_secret_service();
    }

    /// The bus answers when the service is there: its start is not what the tests measure.
    fn await_secret_service(&self) {
        let start = ["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"];
        let call = ["org.freedesktop.DBus.StartServiceByName", "string:org.freedesktop.secrets", "uint32:0"];
        let status = self.command(Path::new("dbus-send")).args(start).args(call).stdout(Stdio::null()).status();
        assert!(status.expect("dbus-send").success(), "the Secret Service does not start");
    }

    fn stop_bus(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            daemon.kill().expect("our process");
            daemon.wait().expect("our process");
        }
    }

    /// A program in this home, without a terminal.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("setsid");
        command.arg("--wait").arg(program).env_clear().current_dir(self.directory.path());
        command.env("PATH", "/usr/bin:/bin").env("HOME", self.directory.path()).env("LC_ALL", "C.UTF-8");
        command.env("XDG_RUNTIME_DIR", self.directory.path().join("run"));
        command.envs(self.bus.iter().map(|address| ("DBUS_SESSION_BUS_ADDRESS", address)));
        command
    }

    /// Gives an order to a new process (see `carry_out_an_order` in `main.rs`), and returns its answer.
    pub(crate) fn order(&self, order: &str) -> String {
        self.order_with(order, &[])
    }

    pub(crate) fn order_with(&self, order: &str, environment: &[(&str, &Path)]) -> String {
        let mut command = self.isolated_command(&std::env::current_exe().expect("this test"));
        command.envs(environment.iter().copied());
        ask(command, order)
    }

    /// A program in this home that cannot reach the kernel keyring of the person who runs the tests, where possible.
    pub(crate) fn isolated_command(&self, program: &Path) -> Command {
        if !namespaces_allowed() {
            return self.command(program);
        }
        let mut command = self.command(Path::new(OWN_KERNEL_KEYRING[0]));
        command.args(&OWN_KERNEL_KEYRING[1..]).arg(program);
        command
    }
}

/// The kernel has one persistent keyring for each user in each user namespace: in a new one it is empty, and the one of
/// the person who runs the tests is out of reach.
pub(crate) const OWN_KERNEL_KEYRING: &[&str] = &["unshare", "--user", "--map-current-user"];

/// Containers often forbid it.
pub(crate) fn namespaces_allowed() -> bool {
    let status = Command::new(OWN_KERNEL_KEYRING[0]).args(&OWN_KERNEL_KEYRING[1..]).arg("true").status();
    status.is_ok_and(|status| status.success())
}

/// Runs this test again to carry out an order, and returns what it answers.
pub(crate) fn ask(mut command: Command, order: &str) -> String {
    let mut process = command
        .args(["carry_out_an_order", "--exact", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this test starts");
    let mut input = process.stdin.take().expect("it is piped");
    writeln!(input, "{order}").expect("it reads its order");
    drop(input);
    let output = process.wait_with_output().expect("it ends");
    let text = String::from_utf8_lossy(&output.stdout);
    let answers: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("=> ")).collect();
    assert!(!answers.is_empty(), "no answer to {order}: {text}{}", String::from_utf8_lossy(&output.stderr));
    answers.join("\n")
}

impl Drop for Home {
    fn drop(&mut self) {
        self.stop_bus();
    }
}
