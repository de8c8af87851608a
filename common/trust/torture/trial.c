/* trial: see trial.h. */
#include "common/trust/torture/trial.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/demo/scratch.h"

enum { MOST_TEXT = 4096, FIXED_VARIABLES = 8, OWN_VARIABLES = 6 };

static char folder[MOST_TEXT]; /* where this process works */

static char *const fixed_variables[FIXED_VARIABLES] = {
    "PATH=/usr/bin:/bin:/usr/sbin:/sbin",
    "LC_ALL=C.UTF-8",
    "TZ=UTC",
    "PYTHONMALLOC=malloc",
    "PERL_HASH_SEED=0",
    "GIT_CONFIG_GLOBAL=/dev/null",
    "GIT_AUTHOR_DATE=1800000000 +0000",
    "GIT_COMMITTER_DATE=1800000000 +0000",
};

struct environment {
    char *list[FIXED_VARIABLES + OWN_VARIABLES + 1];
    char texts[OWN_VARIABLES][MOST_TEXT + 100];
    size_t own_count;
};

static void add(struct environment *to, const char *name, const char *value, const char *rest)
{
    char *text = to->texts[to->own_count];
    snprintf(text, sizeof to->texts[0], "%s=%s%s", name, value, rest);
    to->list[FIXED_VARIABLES + to->own_count++] = text;
}

static void make_environment(struct environment *out, bool quick, bool with_library)
{
    memset(out, 0, sizeof *out);
    memcpy(out->list, fixed_variables, sizeof fixed_variables);
    add(out, "TORTURE", scratch_path(), "/programs");
    add(out, "INPUTS", scratch_path(), "/inputs");
    add(out, "HOME", folder[0] == '\0' ? scratch_path() : folder, "/run");
    add(out, "TMPDIR", folder[0] == '\0' ? scratch_path() : folder, "/run");
    add(out, "SIZE", quick ? "quick" : "full", "");
    if (with_library)
        add(out, "LD_PRELOAD", scratch_path(), "/libmempool.so");
}

bool trial_run(const char *command, unsigned seconds, bool quick, bool with_library,
               struct run *out)
{
    struct environment environment;
    make_environment(&environment, quick, with_library);
    return scratch_make_folder("run") && chmod("run", 0777) == 0 &&
           run_command(command, "run", environment.list, seconds, out);
}

bool trial_enter(const char *name)
{
    snprintf(folder, sizeof folder, "%s/%s", scratch_path(), name);
    return scratch_make_folder(name) && chdir(name) == 0;
}
