/* process: what process.c does at the start of a process, for those that see to it that it is the first. */
#ifndef STAGE4_PAGECACHE_PROCESS_H
#define STAGE4_PAGECACHE_PROCESS_H

/* A constructor, so called with the arguments of main, where the C library gives those to constructors. The
 * first call counts. */
void process_start(int count, char **arguments, char **environment);

#endif
