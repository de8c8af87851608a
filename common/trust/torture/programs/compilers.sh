# gcc and g++ build 50,000 lines that were written by rule, with their own garbage collector set to run often, and ld links them.
set -e
wc -l < "$INPUTS/source.c"
gcc -w -O1 -g -frandom-seed=torture -c "$INPUTS/source.c" -o c.o
gcc -w -O0 -frandom-seed=torture --param ggc-min-expand=5 --param ggc-min-heapsize=8192 -c "$INPUTS/source.c" -o small.o
g++ -w -O1 -frandom-seed=torture -x c++ -c "$INPUTS/source.c" -o cc.o
printf 'int main(void) { return 0; }\n' > main.c
gcc -O2 -flto -frandom-seed=torture -o linked main.c c.o
./linked
sha256sum c.o small.o cc.o
