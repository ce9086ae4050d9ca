# chat: what there is to do. The work is done by the scripts named here.

.DEFAULT_GOAL := help
.PHONY: help deps build check test test-matrix soak test-logins test-packages test-windows test-provision test-vagrant deb repo up demo server pin backup restore down clean

help: ## this list
	@sed -n 's/^\([a-z-]*\): .*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 24

deps: ## install what building and testing needs (Debian packages)
	@testbed/deps all

build: ## compile chat for this machine: target/release/chat
	@testbed/deps build
	cargo build --locked --release

check: ## the quick checks: format, lints, unit tests
	@tests/run quick

test-provision: repo ## the server on other systems, in trouble, and as a cluster (slow, not in test)
	@testbed/deps all
	@tests/provision/run

test-vagrant: repo ## a real `vagrant up`, with containers in place of VirtualBox (slow, not in test)
	@testbed/deps vagrant
	@tests/vagrant/run

test-matrix: ## chat unread on sixteen kinds of server (test has four of them)
	@testbed/deps all
	@tests/server/matrix

soak: ## six senders at once against chat unread -m, 4 runs of 900 messages (not in test)
	@testbed/deps all
	@tests/server/soak

test-packages: repo ## the package on each release of Debian, with systemd and without (slow, not in test)
	@testbed/deps all
	@tests/package/all
	@tests/package/reproducible
	@tests/gates/workflow

test-windows: ## chat.exe under wine, with a real server (slow, not in test)
	@testbed/deps server
	@tests/windows/run

test-logins: ## each way to log in, on four servers, with TLS 1.2 and 1.3; tokens (slow, not in test)
	@testbed/deps all
	@tests/logins/run
	@tests/server/tokens trixie
	@tests/server/tokens sid

test: ## every test there is, with its counts at the end
	@tests/run

deb: ## build the package: dist/chat_VERSION_amd64.deb (make deb ARCH=arm64: the one for arm64)
	@testbed/deps build
	@debian/build $(ARCH)

repo: deb ## make apt repositories of it: dist/repo for one machine, dist/apt signed, to publish
	@debian/repository dist/repo
	@debian/signed-repository dist/apt

up: repo ## provision a throw-away chat server
	@testbed/deps server
	@testbed/machine up server
	@testbed/provision server --packages dist

demo: repo ## the same, and on it: two accounts, send, unread
	@testbed/deps server
	@testbed/demo

server: repo ## make this very machine the chat server, without Vagrant; asks first
	@puppet/bin/server

pin: ## write the checksums of files from elsewhere that have none yet
	@puppet/bin/pin

backup: ## the installation in one file: make backup FILE=… (of `vagrant up`; others: puppet/bin/backup)
	@puppet/bin/backup "$(FILE)"

restore: ## bring up a new machine of a backup: make restore FILE=…
	@puppet/bin/restore "$(FILE)"
	@vagrant up
	@puppet/bin/restore "$(FILE)" vagrant ssh -- -T sudo

down: ## remove what up, demo and the tests left
	@testbed/machine down --all

clean: down ## remove what was built, too
	rm -rf target dist
