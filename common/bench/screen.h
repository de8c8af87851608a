/* screen: colour where somebody looks: on a terminal, unless NO_COLOR is set. */
#ifndef COMMON_BENCH_SCREEN_H
#define COMMON_BENCH_SCREEN_H

#define SCREEN_GREEN "\033[32m"
#define SCREEN_YELLOW "\033[33m"
#define SCREEN_RED "\033[31m"
#define SCREEN_PLAIN "\033[0m"

/* `code` where stdout takes colour, else "". */
const char *screen_colour(const char *code);

#endif
