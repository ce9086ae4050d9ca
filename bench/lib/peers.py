"""Where the peers come from: the installed package of go-sendxmpp, and the one of Debian sid, unpacked in .work."""

import os
import shutil
from pathlib import Path

from lib.clients import GoSendxmpp
from lib.run import Failed, run

WORK = Path(__file__).resolve().parents[1] / ".work"

QUIET = "--suppress-root-warning"
# 0.17 ends with "Invalid channel binding" at ejabberd 23.01, and with Prosody 0.12, unless it is told to do without. A server
# that says what it can bind to is none of these, and there it refuses to do without.
WITHOUT_CHANNEL_BINDING = "--scram-mech-pinning=SCRAM-SHA-256"


def peers(server):
    """Those that can be had. At least the first is needed, and testbed/deps installs it."""
    program = shutil.which("go-sendxmpp")
    if not program:
        raise Failed("go-sendxmpp is not installed; run: testbed/deps check")
    found = [GoSendxmpp(program, server, package_version("go-sendxmpp"))]
    try:
        options = [QUIET] if server.gives_tokens else [QUIET, WITHOUT_CHANNEL_BINDING]
        newer = GoSendxmpp(from_sid(), server, (WORK / "sid/version").read_text(), options)
        if not server.gives_tokens:
            newer.note = "without channel binding: with it, its login is refused"
        found.append(newer)
    except Failed as failure:
        print(f"only {found[0].name} {found[0].version} to compare with; sid's cannot be had: {failure}")
    return found


def package_version(package):
    version = run(["dpkg-query", "--show", "--showformat=${Version}", package]).output
    return upstream(version)


def upstream(version):
    return version.split("+")[0].rsplit("-", 1)[0]


def from_sid():
    """The program of sid's package. apt fetches and verifies it in a folder of its own; this system stays as it is."""
    folder = WORK / "sid"
    program = folder / "root/usr/bin/go-sendxmpp"
    if not program.exists():
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "lists/partial").mkdir(parents=True)
        (folder / "sources.list").write_text(f"deb {mirror()} sid main\n")
        (folder / "status").touch()
        apt(folder, "update")
        apt(folder, "download", "go-sendxmpp")
        package = next(folder.glob("*.deb"))
        (folder / "version").write_text(upstream(run(["dpkg-deb", "--field", str(package), "Version"]).output.strip()))
        run(["dpkg-deb", "--extract", str(package), str(folder / "root")])
        shutil.rmtree(folder / "lists")
    return program


def mirror():
    """Where this system gets Debian from."""
    wanted = "$(ORIGIN) $(COMPONENT) $(SUITE) $(REPO_URI)"
    lines = run(["apt-get", "indextargets", "--format", wanted, "Created-By: Packages"]).output.splitlines()
    found = [line.split()[-1] for line in lines if line.startswith("Debian main") and "-security" not in line]
    if not found:
        raise Failed("apt knows no Debian source")
    return found[0]


def apt(folder, *command):
    places = {
        "Dir::Etc::SourceList": folder / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State": folder,
        "Dir::State::Lists": folder / "lists",
        "Dir::State::status": folder / "status",
        "Dir::Cache": folder,
        "Acquire::Check-Valid-Until": "false",  # mirrors of sid are often some days behind
        "Acquire::Languages": "none",
        "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
        "APT::Sandbox::User": "root",
    }
    options = [part for name, value in places.items() for part in ("-o", f"{name}={value}")]
    here = ["env", f"--chdir={folder}"]
    run([*here, "apt-get", "--quiet", *options, *command], dict(os.environ), limit=300)
