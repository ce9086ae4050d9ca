# frozen_string_literal: true

require 'spec_helper'

describe 'chat::away' do
  let(:params) { { server: 'db' } }
  let(:access) { content_of('/root/.chat-database.cnf') }

  it 'asks with MariaDB\'s client, which tells nobody the password' do
    is_expected.to contain_package('mariadb-client').that_comes_before('Exec[the database on db]')
    is_expected.to contain_file('/root/.chat-database.cnf').with(mode: '0600', owner: 'root', show_diff: false, backup: false)
    expect(access).to eq("[client]\nhost=db\nuser=ejabberd\npassword=\"#{SECRETS['chat::database_password']}\"\n")
  end

  context 'with a database that is MySQL 8 or newer' do
    let(:params) { super().merge(packages: ['mysql-client'], options: { 'ssl-mode' => 'REQUIRED' }) }

    it 'asks with its client, and as that one needs it' do
      is_expected.to contain_package('mysql-client').that_comes_before('Exec[the database on db]')
      is_expected.not_to contain_package('mariadb-client')
      expect(access.lines.last).to eq("ssl-mode=REQUIRED\n")
    end
  end
end
