#!/usr/bin/perl
# Somebody who opens connections, begins to speak on each, and never ends the sentence.
# usage: half-open.pl ADDRESS PORT COUNT [FROM]      prints how many were taken, and, when the server has ended them all, "ended"
use strict;
use warnings;
use IO::Select;
use Socket qw(:DEFAULT SOCK_NONBLOCK);

my ($address, $port, $count, $from) = @ARGV;
my ($asked, $open) = (IO::Select->new, IO::Select->new);
for (1 .. $count) {
    socket my $socket, PF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0 or die $!;
    bind $socket, sockaddr_in(0, inet_aton($from)) or die $! if $from;
    connect $socket, sockaddr_in($port, inet_aton($address));
    $asked->add($socket);
}
while ($asked->count and my @answered = $asked->can_write(60)) {
    for my $socket (@answered) {
        $asked->remove($socket);
        $open->add($socket) if getpeername $socket and syswrite $socket, "<stream:stream to='chat.example' xmlns='jabber:client' ";
    }
}
$| = 1;
print $open->count, "\n";
while ($open->count) {
    for my $socket ($open->can_read) {
        $open->remove($socket) unless sysread $socket, my $said, 65_536;
    }
}
print "ended\n";
