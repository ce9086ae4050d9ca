# frozen_string_literal: true

require 'spec_helper'

describe 'ejabberd::config_for' do
  let(:before) { { '25.03' => { 'format' => 'scram' } } }
  let(:since) { { '26.07' => { 'modules' => { 'fast' => 'sql' } }, '24.12' => { 'modules' => { 'fast' => 'mnesia' } }, '3.0' => { 'old' => true } } }

  it 'adds what the version knows, and leaves out what it has forgotten' do
    is_expected.to run.with_params('25.03', { 'modules' => {} }, before, since).and_return('modules' => { 'fast' => 'mnesia' }, 'old' => true)
  end

  it 'takes the newest form that the version knows, whatever the order of the data' do
    is_expected.to run.with_params('26.07', {}, before, since).and_return('modules' => { 'fast' => 'sql' }, 'old' => true)
  end

  it 'compares versions as numbers' do
    is_expected.to run.with_params('21.12', { 'kept' => 1 }, before, since).and_return('kept' => 1, 'format' => 'scram', 'old' => true)
  end
end
