/* surroundings: see surroundings.h. */
#include "grader/surroundings.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"

static void require(const char *program, const char *package)
{
    if (!file_in_path(program))
        die_usage("%s is missing: install it with  apt install %s", program, package);
}

void surroundings_require(const struct options *options)
{
    const char *compiler = getenv("CC");
    bool clang = compiler != NULL && strstr(compiler, "clang") != NULL;
    require("make", "make");
    if (compiler != NULL && *compiler != '\0')
        require(keep_part(compiler, strcspn(compiler, " ")), clang ? "clang" : "gcc");
    else
        require("gcc", "gcc");
    if (options->class_source != NULL)
        require("parallel", "parallel");
    if (options->quick)
        return;
    require("valgrind", "valgrind");
    require("gcovr", "gcovr");
    require(clang ? "llvm-cov" : "gcov", clang ? "llvm" : "gcc");
}

static char *own_path(void)
{
    static char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    path[length < 0 ? 0 : length] = '\0';
    return keep_text(path);
}

const char *surroundings_go_to_root(void)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", own_path());
    char *slash = NULL;
    while ((slash = strrchr(path, '/')) != NULL) {
        *slash = '\0';
        if (file_exists(keep_format("%s/common/testing/plain_main.c", path)) && chdir(path) == 0)
            return path;
    }
    if (!file_exists("common/testing/plain_main.c") || getcwd(path, sizeof path) == NULL)
        die_usage(
            "this is not the course's tree, nor is it above the grader: go to the tree first");
    return path;
}

/* A path as the user meant it. */
static const char *absolute(const char *path)
{
    char here[PATH_MAX];
    if (path == NULL || path[0] == '/' || getcwd(here, sizeof here) == NULL)
        return path;
    return keep_format("%s/%s", here, path);
}

void surroundings_complete(struct options *options)
{
    options->submission = absolute(options->submission);
    for (enum output i = 0; i < OUTPUT_COUNT; i++)
        options->outputs[i] = absolute(options->outputs[i]);
    options->rubric = absolute(options->rubric);
    options->class_source = absolute(options->class_source);
    options->out = absolute(options->out);
    options->hidden = absolute(options->hidden);
    options->program = own_path();
}

void surroundings_clean_environment(void)
{
    static const char *const names[] = {"MAKEFLAGS",     "MFLAGS",       "MAKELEVEL",
                                        "MAKEOVERRIDES", "GNUMAKEFLAGS", "MAKEFILES"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
    setenv("LC_ALL", "C", 1);
}
