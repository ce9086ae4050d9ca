# frozen_string_literal: true

require 'spec_helper'

describe 'ejabberd::to_yaml' do
  it 'writes a list out each time it is used' do
    list = %w[one two]
    is_expected.to run.with_params('some' => list, 'others' => list).and_return("---\nsome:\n- one\n- two\nothers:\n- one\n- two\n")
  end
end
