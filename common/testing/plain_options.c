/* plain_options: see plain_options.h. */
#include "common/testing/plain_options.h"

#include <getopt.h>
#include <stdlib.h>

#include "common/testing/property/script.h"
#include "common/testing/test.h"

struct plain_options plain_options = {.report_fd = -1, .token_fd = -1};

static void skip_test(const char *name)
{
    if (plain_options.skip_count < PLAIN_MOST_SKIPPED)
        plain_options.skip[plain_options.skip_count++] = name;
}

static void replay_script(const char *file)
{
    static char name[256];
    test_set_replay(file);
    plain_options.run = script_test_name(file, name, sizeof name) ? name : file;
}

static bool take_option(int option)
{
    switch (option) {
    case 'l':
        plain_options.list = true;
        break;
    case 'r':
        plain_options.run = optarg;
        break;
    case 't':
        plain_options.threads_only = true;
        break;
    case 'n':
        plain_options.no_threads = true;
        break;
    case 'k':
        skip_test(optarg);
        break;
    case 'c':
        plain_options.cpu_limit = (unsigned)strtoul(optarg, NULL, 10);
        break;
    case 's':
        test_set_seed(strtoull(optarg, NULL, 10));
        break;
    case 'p':
        replay_script(optarg);
        break;
    case 'R':
        plain_options.report_fd = atoi(optarg);
        break;
    case 'T':
        plain_options.token_fd = atoi(optarg);
        break;
    default:
        return false;
    }
    return true;
}

bool plain_options_read(int count, char **arguments)
{
    static const struct option known[] = {
        {"list", no_argument, NULL, 'l'},
        {"run", required_argument, NULL, 'r'},
        {"threads-only", no_argument, NULL, 't'},
        {"no-threads", no_argument, NULL, 'n'},
        {"skip", required_argument, NULL, 'k'},
        {"cpu-limit", required_argument, NULL, 'c'},
        {"seed", required_argument, NULL, 's'},
        {"report-fd", required_argument, NULL, 'R'},
        {"token-fd", required_argument, NULL, 'T'},
        {"replay", required_argument, NULL, 'p'},
        {NULL, 0, NULL, 0},
    };
    int option = 0;
    while ((option = getopt_long(count, arguments, "", known, NULL)) != -1)
        if (!take_option(option))
            return false;
    plain_options.pattern = optind < count ? arguments[optind] : NULL;
    return true;
}
