# Perl: its interpreter cloned into threads, its regular expressions, sorts, closures and string evals.
exec perl "$TORTURE/perl.pl" "$([ "$SIZE" = quick ] && echo 1 || echo 6)"
