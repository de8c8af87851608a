# Builds, sorts, searches and drops hashes, arrays and strings; prints checksums of them.
use strict;
use warnings;

my $count = shift @ARGV;
my $state = 12345;

sub next_number {
    my ($limit) = @_;
    $state = ($state * 1103515245 + 12345) & 0x7fffffff;
    return ($state >> 8) % $limit;
}

sub checksum {
    my $sum = 0;
    $sum = ($sum * 31 + unpack("%32C*", $_)) & 0x7fffffff for @_;
    return $sum;
}

# A record is a hash with an array in it: five or six objects each.
sub make_records {
    my @records;
    for my $index (1 .. $count) {
        my $word = sprintf("word%d", next_number(50000));
        push @records, { id => $index, word => $word, text => $word x (1 + next_number(9)),
                         list => [map { next_number(1000) } 1 .. next_number(8)] };
    }
    return \@records;
}

sub count_words {
    my ($records) = @_;
    my %seen;
    push @{ $seen{ $_->{word} } }, $_->{id} for @$records;
    my @common = sort { @{ $seen{$b} } <=> @{ $seen{$a} } || $a cmp $b } keys %seen;
    print scalar(@common), " words, $common[0] most often, checksum ", checksum(@common), "\n";
}

sub edit_text {
    my ($records) = @_;
    my $text = join(" ", map { $_->{text} } @$records);
    my $changed = ($text =~ s/word(\d)(\d*)/<$2$1>/g);
    my @parts = split(/[<> ]+/, $text);
    print "$changed changes, ", scalar(@parts), " parts, checksum ", checksum(@parts), "\n";
}

for my $round (1 .. 3) {
    my $records = make_records();
    count_words($records);
    edit_text($records);
    my @sorted = sort { $a->{word} cmp $b->{word} || $a->{id} <=> $b->{id} } @$records;
    splice(@sorted, 0, $count / 2);
    print "round $round ends with $sorted[0]{word} and $sorted[-1]{word}\n";
}
