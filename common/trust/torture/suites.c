/* suites: see suites.h. */
#include "common/trust/torture/suites.h"

#include <glob.h>
#include <stddef.h>

/* The longest first: so no core is idle at the end. */
const struct suite suites[] = {
    {"python", "/usr/lib/python3.11/test/test_json", "libpython3.11-testsuite", 0, 540},
    {"java", "/usr/share/java/eclipse-jdt-core.jar", "ecj and default-jre-headless", 0, 200},
    {"perl", "/usr/bin/perl", "perl", 200, 120},
    {"stress", "/usr/bin/stress-ng", "stress-ng", 0, 200},
    {"compilers", "/usr/bin/g++", "g++", 0, 200},
    {"git", "/usr/bin/git", "git", 200, 150},
    {"postgres", "/usr/lib/postgresql/*/bin/postgres", "postgresql", 0, 150},
    {"redis", "/usr/bin/redis-server", "redis-server", 200, 120},
    {"sqlite", "/usr/bin/sqlite3", "sqlite3", 200, 120},
    {"node", "/usr/bin/node", "nodejs", 0, 120},
};

const struct suite *suites_end(void)
{
    return suites + sizeof suites / sizeof *suites;
}

bool suite_is_installed(const struct suite *suite)
{
    glob_t found;
    bool is_there = glob(suite->file, GLOB_NOSORT, NULL, &found) == 0;
    if (is_there)
        globfree(&found);
    return is_there;
}
