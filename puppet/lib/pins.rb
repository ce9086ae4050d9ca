# frozen_string_literal: true

require 'digest'
require 'fileutils'
require 'yaml'

# The files from elsewhere that puppet/data/pins.yaml names: they are downloaded into cache/ on this host, or laid there by hand,
# and each has to have the SHA-256 that is written beside its name. The machine itself downloads nothing of them.
class Pins
  # What stops the run: a sentence for the user.
  class Problem < StandardError; end

  def initialize(root)
    @file = File.join(root, 'puppet/data/pins.yaml')
    @cache = File.join(root, 'cache')
  end

  def boxes
    data.fetch('chat::boxes')
  end

  # By name: file, url and sha256 of what a system (as CHAT_OS) needs.
  def needed(system)
    data.fetch('chat::pins').select { |_, pin| pin.fetch('for').include?(system) }
  end

  # The block downloads: it is given the address, the path to write, and the sum.
  def fetch(system)
    FileUtils.mkdir_p(@cache)
    needed(system).each_value do |pin|
      path = path_of(pin)
      raise Problem, "#{pin['file']} has no checksum in puppet/data/pins.yaml yet: run make pin" unless pin['sha256']

      download(pin, path) { |*where| yield(*where, pin['sha256']) } unless File.exist?(path)
      raise Problem, "cache/#{pin['file']} has another checksum than puppet/data/pins.yaml; remove it" unless sum(path) == pin['sha256']
    end
  end

  # Writes the sum of each file that has none yet; answers what it wrote, by file.
  def pin(&download)
    FileUtils.mkdir_p(@cache)
    missing = data.fetch('chat::pins').values.reject { |pin| pin['sha256'] }
    missing.to_h do |pin|
      download(pin, path_of(pin), &download) unless File.exist?(path_of(pin))
      write(pin, sum(path_of(pin)))
      [pin['file'], sum(path_of(pin))]
    end
  end

  private

  def data
    YAML.load_file(@file)
  end

  def path_of(pin)
    File.join(@cache, pin['file'])
  end

  def sum(path)
    Digest::SHA256.file(path).hexdigest
  end

  # A file that is there is whole.
  def download(pin, path)
    yield pin['url'], "#{path}.new"
    File.rename("#{path}.new", path)
  ensure
    FileUtils.rm_f("#{path}.new")
  end

  # As text, so that the comments stay.
  def write(pin, sum)
    text = File.read(@file).sub(%r{^(    file: #{Regexp.escape(pin['file'])}\n    url: .*\n    sha256:).*$}) { "#{Regexp.last_match(1)} #{sum}" }
    File.write("#{@file}.new", text)
    File.rename("#{@file}.new", @file)
  end
end
