# make help: lines "name TAB text", sorted, as a list in 80 columns; what the labs need comes first, and
# what is withheld in this tree does not come.
BEGIN {
    split(withheld, withheld_names, " ")
    for (i in withheld_names)
        is_withheld[withheld_names[i]] = 1
}
$1 in is_withheld { next }
{ text[$1] = $2; name[++known] = $1 }

function show(target,    words, count, i, line) {
    count = split(text[target], words, " ")
    line = sprintf("  %-16s", target)
    for (i = 1; i <= count; i++) {
        if (length(line) + 1 + length(words[i]) > 80) {
            print line
            line = sprintf("  %-16s", "")
        }
        line = line " " words[i]
    }
    print line
}

END {
    print "\nFor the labs:"
    count = split(labs, lab, " ")
    for (i = 1; i <= count; i++) {
        if (lab[i] in text)
            show(lab[i])
        is_lab[lab[i]] = 1
    }
    print "\nAll others:"
    for (i = 1; i <= known; i++)
        if (!(name[i] in is_lab))
            show(name[i])
}
