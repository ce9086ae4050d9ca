# An account of a running ejabberd.
Puppet::Type.newtype(:ejabberd_account) do
  @doc = <<~DOC
    @summary An account of a running ejabberd.

    The password goes to ejabberd over a pipe: it is in no command line, no log and no report.

    @example
      ejabberd_account { 'alice@chat.example':
        password => Sensitive('…'),
      }
  DOC

  ensurable do
    defaultvalues
    defaultto :present
  end

  newparam(:jid, namevar: true) do
    desc 'The address of the account, user@domain.'
    validate do |value|
      raise ArgumentError, "#{value} is not of the form user@domain" unless value.match?(%r{\A[^@/\s"'&:<>]+@[^@/\s]+\z})
    end
  end

  # Its current value cannot be read, only tried. So what is kept of it, here and in Puppet's state files, is a word.
  newproperty(:password) do
    desc 'The password. A changed one is set on the next run.'

    validate do |value|
      raise ArgumentError, 'the password must be one line that is not empty' unless value.is_a?(String) && value.match?(%r{\A[^\r\n]+\z})
    end

    def insync?(is)
      is == :right
    end

    def is_to_s(_value)
      '[old password]'
    end

    def should_to_s(_value)
      '[new password]'
    end

    def change_to_s(_is, _should)
      'changed the password'
    end
  end

  newparam(:node) do
    desc 'The Erlang name of the ejabberd to talk to.'
    defaultto 'ejabberd@localhost'
    newvalues(%r{\A[\w-]+@[\w.-]+\z})
  end

  newparam(:port) do
    desc 'The port of Erlang on that node, where it is fixed (`distribution`); else the port mapper is asked.'
    newvalues(%r{\A\d+\z})
  end

  newparam(:user) do
    desc 'The unix user that ejabberd runs as: its home holds the Erlang cookie.'
    defaultto 'ejabberd'
  end

  newparam(:erl) do
    desc 'The Erlang machine with the libraries of ejabberd; the class installs it.'
    defaultto '/usr/local/sbin/ejabberd-erl'
  end

  autorequire(:service) { 'ejabberd' }
end
