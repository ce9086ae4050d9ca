require 'open3'

# Asks the running ejabberd through Erlang's own remote calls.
#
# Not with `ejabberdctl register`: everybody on the machine could read the password in the process list. Here the program is
# an argument, and what it is about comes line by line on its standard input.
Puppet::Type.type(:ejabberd_account).provide(:erlang) do
  desc 'Accounts by remote calls to the running ejabberd.'

  def exists?
    ask('user_exists')
  end

  def create
    order('try_register', resource[:password])
  end

  def destroy
    order('remove_user')
  end

  def password
    ask('check_password', resource[:password]) ? :right : :wrong
  end

  def password=(value)
    order('set_password', value)
  end

  private

  def ask(call, password = nil)
    case (answer = call_ejabberd(call, password))
    when 'yes' then true
    when 'no' then false
    else raise Puppet::Error, "ejabberd, #{call}: #{answer}"
    end
  end

  def order(call, password = nil)
    answer = call_ejabberd(call, password)
    raise Puppet::Error, "ejabberd, #{call}: #{answer}" unless answer == 'yes'
  end

  def call_ejabberd(call, password)
    name, host = resource[:jid].split('@', 2)
    input = [resource[:node], call, name, host, password].map { |line| "#{line}\n" }.join
    output, errors, = Open3.capture3(*command, stdin_data: input)
    answer = output.lines.last.to_s.chomp
    return answer unless answer.empty?

    # What Erlang says when it dies may quote what it was given.
    "no answer from the Erlang machine #{errors.lines.first(3).join.strip unless password}".strip
  end

  # As the user of ejabberd, in its home, because there is the cookie.
  def command
    names = resource[:node].split('@').last.include?('.') ? '-name' : '-sname'
    erlang = [resource[:erl], '-noshell', '-hidden', names, "puppet-#{Process.pid}@#{resource[:node].split('@').last}",
              *way, '-env', 'ERL_CRASH_DUMP_BYTES', '0', '-eval', program]
    ['su', '-s', '/bin/sh', '-c', 'cd && exec "$0" "$@"', resource[:user], '--', *erlang]
  end

  # With a fixed port nobody listens here: the port is taken by ejabberd.
  def way
    return ['-kernel', 'inet_dist_use_interface', '{127,0,0,1}'] unless resource[:port]

    ['-erl_epmd_port', resource[:port].to_s, '-start_epmd', 'false', '-dist_listen', 'false']
  end

  # Prints one word. Never what ejabberd answered: an Erlang error may quote its arguments, and so the password.
  def program
    <<~'ERLANG'.tr("\n", ' ')
      io:setopts([binary, {encoding, unicode}]),
      Read = fun() -> string:trim(io:get_line(""), trailing, [10]) end,
      [Node, Call, User, Host, Password] = [Read() || _ <- [node, call, user, host, password]],
      Arguments = case Call of
        <<"user_exists">> -> [User, Host];
        <<"remove_user">> -> [User, Host];
        <<"check_password">> -> [User, <<>>, Host, Password];
        _ -> [User, Host, Password]
      end,
      Answer = rpc:call(binary_to_atom(Node), ejabberd_auth, binary_to_atom(Call), Arguments, 30000),
      Word = case Answer of
        true -> "yes";
        ok -> "yes";
        false -> "no";
        {error, Reason} when is_atom(Reason) -> atom_to_list(Reason);
        {badrpc, nodedown} -> "not running, or another cookie";
        _ -> "no clear answer, see the log of ejabberd"
      end,
      io:put_chars([Word, 10]),
      erlang:halt(0).
    ERLANG
  end
end
