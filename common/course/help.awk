# make help: lines "name TAB text", sorted, as a list in 80 columns; what the labs need comes first.
{ text[$1] = $2; name[NR] = $1 }

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
    for (i = 1; i <= NR; i++)
        if (!(name[i] in is_lab))
            show(name[i])
}
