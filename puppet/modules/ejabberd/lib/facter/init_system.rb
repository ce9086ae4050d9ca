# What starts the services of this machine, as sd_booted(3) tells: systemd, or something that runs SysV init scripts.
Facter.add(:init_system) do
  setcode { File.directory?('/run/systemd/system') ? 'systemd' : 'sysvinit' }
end
