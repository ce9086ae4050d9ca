# The chat packages that were laid into this machine, by file name. Without any, the chat command is not installed.
Facter.add(:chat_packages) do
  setcode { Dir.glob('/srv/chat/packages/chat_*.deb').map { |path| File.basename(path) }.sort }
end
