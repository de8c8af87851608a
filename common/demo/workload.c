/* workload: see workload.h. The programs' versions differ from machine to machine; what is compared
 * is each program with itself. */
#include "common/demo/workload.h"

#include <stdio.h>
#include <unistd.h>

/* `exec` lets the program take the shell's place: one process less to measure. gcc's random seed
 * would otherwise come from the clock. */
const struct workload workloads[] = {
    {
        .name = "python3",
        .command = "exec python3 \"$DEMO/python3.py\" \"$SIZE\"",
        .programs = {"python3"},
        .package = "python3",
        .full_size = "9000",
        .quick_size = "3000",
        .least_processes = 1,
    },
    {
        .name = "sqlite3",
        .command = "exec sqlite3 -bail :memory: -cmd \".parameter set :rows $SIZE\" "
                   "< \"$DEMO/sqlite3.sql\"",
        .programs = {"sqlite3"},
        .package = "sqlite3",
        .full_size = "1000000",
        .quick_size = "200000",
        .least_processes = 1,
    },
    {
        .name = "gcc",
        .command = "gcc -O1 -frandom-seed=demo -c \"$INPUTS/source.c\" -o source.o && cat source.o",
        .programs = {"gcc"},
        .package = "gcc",
        .full_size = "",
        .quick_size = "",
        .least_processes = 3, /* gcc, cc1, as */
    },
    {
        .name = "g++",
        .command = "g++ -std=c++17 -O1 -frandom-seed=demo -DCOPIES=\"$SIZE\" -c \"$DEMO/g++.cpp\" "
                   "-o object.o && cat object.o",
        .programs = {"g++"},
        .package = "g++",
        .full_size = "1",
        .quick_size = "0",
        .least_processes = 3,
    },
    {
        .name = "git",
        .command = "exec sh \"$DEMO/git.sh\"",
        .programs = {"git"},
        .package = "git",
        .full_size = "",
        .quick_size = "",
        .least_processes = 10,
    },
    {
        .name = "perl",
        .command = "exec perl \"$DEMO/perl.pl\" \"$SIZE\"",
        .programs = {"perl"},
        .package = "perl",
        .full_size = "60000",
        .quick_size = "15000",
        .least_processes = 1,
    },
    {
        .name = "lua",
        .command = "exec lua5.4 \"$DEMO/lua.lua\" \"$SIZE\"",
        .programs = {"lua5.4"},
        .package = "lua5.4",
        .full_size = "140000",
        .quick_size = "30000",
        .least_processes = 1,
    },
    {
        .name = "redis",
        .command = "exec sh \"$DEMO/redis.sh\"",
        .programs = {"redis-server", "redis-benchmark", "redis-cli"},
        .package = "redis-server",
        .full_size = "60000",
        .quick_size = "10000",
        .least_processes = 5,
        .has_own_malloc = true, /* Debian links it to jemalloc */
    },
    {.name = NULL},
};

struct input_sizes input_sizes(bool quick)
{
    if (quick)
        return (struct input_sizes){.functions = 100, .commits = 300, .commands = 30000};
    return (struct input_sizes){.functions = 450, .commits = 1500, .commands = 120000};
}

/* The demo's own PATH: /usr/bin and /bin, which are one on Debian. */
const char *workload_missing_program(const struct workload *workload)
{
    for (const char *const *program = workload->programs; *program != NULL; program++) {
        char path[64];
        snprintf(path, sizeof path, "/usr/bin/%s", *program);
        if (access(path, X_OK) != 0)
            return *program;
    }
    return NULL;
}
