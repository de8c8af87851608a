/* suites: see suites.h. */
#include "common/trust/torture/suites.h"

#include <glob.h>
#include <stddef.h>

const struct suite suites[] = {
    {"python", "/usr/lib/python3.11/test/test_json", "libpython3.11-testsuite", 0, 400},
    {"perl", "/usr/bin/perl", "perl", 200, 120},
    {"stress", "/usr/bin/stress-ng", "stress-ng", 0, 200},
    {"redis", "/usr/bin/redis-server", "redis-server", 200, 120},
    {"postgres", "/usr/lib/postgresql/*/bin/postgres", "postgresql", 0, 150},
    {"sqlite", "/usr/bin/sqlite3", "sqlite3", 200, 120},
    {"compilers", "/usr/bin/g++", "g++", 0, 200},
    {"git", "/usr/bin/git", "git", 200, 150},
    {"node", "/usr/bin/node", "nodejs", 0, 120},
    {"java", "/usr/share/java/eclipse-jdt-core.jar", "ecj and default-jre-headless", 0, 200},
    {NULL, NULL, NULL, 0, 0},
};

bool suite_is_installed(const struct suite *suite)
{
    glob_t found;
    bool is_there = glob(suite->file, GLOB_NOSORT, NULL, &found) == 0;
    if (is_there)
        globfree(&found);
    return is_there;
}
