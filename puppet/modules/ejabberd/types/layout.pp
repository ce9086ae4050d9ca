# @summary Where a package of ejabberd keeps things
#
# In each value `VERSION` stands for the version of ejabberd.
type Ejabberd::Layout = Struct[{
    # The version that will be installed, as `23.01`.
    version      => Pattern[/\A\d\d\.\d\d\z/],
    # The packages, in the order of their installation.
    packages     => Array[String[1], 1],
    # Where ejabberd.yml is.
    config_dir   => Ejabberd::Path,
    # The home directory of ejabberd, with the Erlang cookie.
    home         => Ejabberd::Path,
    # The settings of ejabberdctl, and more of them.
    control_file => Ejabberd::Path,
    control      => Hash[String[1], String],
    # The tables, as they came with ejabberd; may be a shell pattern.
    schema_file  => Ejabberd::Path,
    # What is added to ejabberd.yml.
    config       => Hash[String[1], Data],
}]
