# What perl's own core tests exercise, in one script: prints digests, the same in every run.
use strict;
use warnings;
use threads;
use Thread::Queue;
use Digest::SHA qw(sha1_hex);
use List::Util qw(reduce shuffle sum);
use Storable qw(dclone freeze thaw);
use Encode qw(encode decode);

my ($scale) = @ARGV;
srand 42;

sub nest { my ($depth) = @_; return $depth ? { map { $_ => nest($depth - 1) } 'a' .. 'e' } : [ map { int rand 1000 } 1 .. 5 ] }
sub flatten { my ($t) = @_; return ref $t eq 'HASH' ? map { ($_, flatten($t->{$_})) } sort keys %$t : @$t }

for my $round (1 .. $scale) {
    my $tree = nest(5);
    print "tree ", sha1_hex(join ',', flatten(dclone $tree)), "\n";
    print "frozen ", sha1_hex(join ',', flatten(thaw freeze $tree)), "\n";

    my @words = map { join '', map { chr 97 + int rand 26 } 1 .. 1 + rand 40 } 1 .. 20000;
    print "sorted ", sha1_hex(join ' ', sort { length $a <=> length $b || $a cmp $b } @words), "\n";
    my $text = join ' ', @words;
    my $count = () = $text =~ /\b(\w)(\w*)\1\b/g;
    (my $swapped = $text) =~ s/(\w+) (\w+)/$2 $1/g;
    print "matched $count ", sha1_hex($swapped), "\n";
    my %seen;
    $seen{substr $_, 0, 3} .= $_ for @words;
    delete @seen{grep { /^[a-m]/ } keys %seen};
    print "kept ", scalar(keys %seen), ' ', sha1_hex(join ',', map { "$_$seen{$_}" } sort keys %seen), "\n";

    my @subs = map { eval "sub { my \$x = shift; return \$x * $_ + length('" . 'x' x ($_ % 50) . "') }" } 1 .. 3000;
    print "evals ", sum(map { $subs[$_]->($_) } 0 .. $#subs), "\n";
    my $utf8 = join '', map { chr 0x100 + int rand 0x2000 } 1 .. 20000;
    print "utf8 ", sha1_hex(encode('UTF-8', decode('UTF-16', encode('UTF-16', $utf8)))), "\n";
    print "packed ", sha1_hex(pack 'w*', map { int rand 2**30 } 1 .. 30000), "\n";

    my $jobs = Thread::Queue->new(1 .. 200);
    my $done = Thread::Queue->new;
    $jobs->end;
    my @threads = map { threads->create(sub {
        while (defined(my $job = $jobs->dequeue)) {
            my %copy = map { $_ => $words[$_ + $job] x 3 } 0 .. 200;
            $done->enqueue("$job " . sha1_hex(join ',', map { $copy{$_} } sort { $a <=> $b } keys %copy));
        }
    }) } 1 .. 4;
    $_->join for @threads;
    print "threads ", sha1_hex(join ',', sort map { $done->dequeue } 1 .. 200), "\n";

    my @pids = map { my $pid = fork; if (!$pid) { my @copy = shuffle @words; exit(@copy == @words ? 0 : 1) } $pid } 1 .. 10;
    my $failed = grep { waitpid $_, 0; $? != 0 } @pids;
    print "forks failed $failed\n";
}
