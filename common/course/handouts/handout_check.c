/* handout_check: holds the handouts to the tree that they describe.
 *
 *   handout_check [--build DIR] [--no-run]
 *
 *   --no-run   do not run the commands in them
 *
 * All README.md of the top and the stages; see checks.h for what is asked of them. */
#include <getopt.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/course/handouts/checks.h"
#include "common/course/handouts/names.h"
#include "grader/keep.h"

enum { MOST_DOCUMENTS = 64 };

static const char *const patterns[] = {"README.md", "stage*/README.md", "grader/*.md",
                                       "common/*.md", "common/*/*.md"};

static size_t read_documents(struct document documents[MOST_DOCUMENTS])
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        glob_t found;
        if (glob(patterns[i], 0, NULL, &found) != 0)
            continue;
        for (size_t f = 0; f < found.gl_pathc && count < MOST_DOCUMENTS; f++)
            if (strstr(found.gl_pathv[f], ".zh-CN.") == NULL) /* checked with its README.md */
                documents[count++] = document_read(keep_text(found.gl_pathv[f]));
        globfree(&found);
    }
    return count;
}

/* The handouts proper are translated, and have to be short; other pages are only held to the tree. */
static bool is_handout(const struct document *document)
{
    return document->folder[0] == '.' || document->folder[0] == 's';
}

int main(int count, char **arguments)
{
    static const struct option known[] = {{"build", required_argument, NULL, 'b'},
                                          {"no-run", no_argument, NULL, 'n'},
                                          {NULL, 0, NULL, 0}};
    static struct document documents[MOST_DOCUMENTS];
    const char *build = "build";
    bool runs = true;
    int option = 0;
    while ((option = getopt_long(count, arguments, "", known, NULL)) != -1) {
        if (option == '?')
            return EXIT_FAILURE;
        if (option == 'b')
            build = optarg;
        runs &= option != 'n';
    }
    atexit(keep_free_all);
    unsetenv("MAKEFLAGS");
    unsetenv("MAKELEVEL");
    names_read_tree();
    size_t document_count = read_documents(documents);
    size_t handout_count = 0; /* they come first */
    unsigned broken = 0;
    for (size_t i = 0; i < document_count; i++) {
        handout_count += is_handout(&documents[i]);
        broken += check_links(&documents[i]) + check_names(&documents[i]);
        if (is_handout(&documents[i]))
            broken += check_command_blocks(&documents[i]) + check_length(&documents[i]) +
                      check_translation(&documents[i]);
    }
    if (runs)
        broken += check_commands_run(documents, handout_count, build);
    printf("%zu pages, %u faults\n", document_count, broken);
    return broken == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
