# Memory against live objects: gnuplot -e "folder='…'" soak.gp
set datafile separator ','
set terminal svg size 900,420 font 'sans-serif,13' background '#ffffff'
set output folder.'/soak.svg'
set title 'Memory against live objects'
set xlabel 'seconds'
set ylabel 'MiB'
set yrange [0:*]
set grid ytics lc '#dddddd'
set key outside right top
plot folder.'/soak.csv' using 1:5 with lines lw 2 lc '#4477aa' title 'mapped', \
     '' using 1:4 with lines lw 2 lc '#ee6677' title 'resident', \
     '' using 1:3 with lines lw 2 lc '#228833' title 'asked for, live'
