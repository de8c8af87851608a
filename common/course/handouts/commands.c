/* commands: the commands in the handouts' blocks of code, and running them: see checks.h.
 *
 *   ```sh
 *   make check STAGE=1 TEST=freed_last      # one test                <- run
 *   sudo make install                       # by hand: needs root     <- not run
 *   ```
 *
 * Each different command runs once, in a copy of the tree whose student has finished. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/course/command.h"
#include "common/course/handouts/checks.h"
#include "common/course/handouts/names.h"
#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"

enum { MOST_COMMANDS = 200, WALL_SECONDS = 60 };

struct handout_command {
    const char *text;
    const char *path;
    int line;
    bool by_hand;
};

struct handout_commands {
    struct handout_command list[MOST_COMMANDS];
    size_t count;
};

/* A line that starts like a command of ours. */
static bool looks_like_command(const char *line)
{
    static const char *const starts[] = {"make\n", "make ", "gdb ",     "valgrind ",  "build/",
                                         "diff ",  "sudo ", "setarch ", "LD_PRELOAD="};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(line, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

unsigned check_command_blocks(const struct document *document)
{
    unsigned count = 0;
    for (size_t i = 0; i < document->count; i++) {
        const struct piece *piece = &document->pieces[i];
        if (piece->kind != PIECE_BLOCK || strcmp(piece->info, "sh") == 0)
            continue;
        int number = piece->line + 1;
        for (const char *line = piece->text; *line != '\0'; number++) {
            if (looks_like_command(line)) {
                printf("%s:%d: a command outside of a block that starts with ```sh\n",
                       document->path, number);
                count++;
            }
            line += strcspn(line, "\n");
            line += *line == '\n';
        }
    }
    return count;
}

/* --- Collecting --- */

static bool is_known(const struct handout_commands *commands, const char *text)
{
    for (size_t i = 0; i < commands->count; i++)
        if (strcmp(commands->list[i].text, text) == 0)
            return true;
    return false;
}

static void add_line(struct handout_commands *commands, const char *path, int number,
                     const char *line)
{
    const char *words = strstr(line, " #");
    size_t length = words == NULL ? strlen(line) : (size_t)(words - line);
    while (length > 0 && line[length - 1] == ' ')
        length--;
    const char *text = keep_part(line, length);
    if (length == 0 || *text == '#' || is_known(commands, text))
        return;
    if (commands->count == MOST_COMMANDS)
        die_broken("more than %d commands", MOST_COMMANDS);
    bool by_hand = words != NULL &&
                   (strstr(words, "by hand") != NULL || strstr(words, "\xe6\x89\x8b") != NULL);
    commands->list[commands->count++] = (struct handout_command){text, path, number, by_hand};
}

static void collect(struct handout_commands *commands, const struct document *document)
{
    for (size_t i = 0; i < document->count; i++) {
        const struct piece *piece = &document->pieces[i];
        if (piece->kind != PIECE_BLOCK || strcmp(piece->info, "sh") != 0)
            continue;
        int number = piece->line + 1;
        for (const char *line = piece->text; *line != '\0'; number++) {
            size_t length = strcspn(line, "\n");
            add_line(commands, document->path, number, keep_part(line, length));
            line += length + (line[length] == '\n');
        }
    }
}

/* --- Running --- */

static void copy_tree(const char *build, const char *tree)
{
    const char *script =
        keep_format("rm -rf %s && mkdir -p %s/build/debug %s/build/course && "
                    "cp -Rp Makefile README.md LICENSE .gitignore common grader stage[1-4]_* %s && "
                    "cp -Rp %s/debug/flags %s/debug/obj %s/build/debug && "
                    "for s in stage[1-4]_*; do rm -rf %s/$s/student/*; "
                    "cp common/course/skeletons/$s/* %s/$s/student/; done",
                    tree, tree, tree, tree, build, build, tree, tree, tree);
    const char *const arguments[] = {"sh", "-c", script, NULL};
    struct command copy = {.arguments = arguments};
    command_run(&copy);
    if (!command_succeeded(&copy))
        die_broken("cannot copy the tree: %s", copy.output);
}

static unsigned run_one(const struct handout_command *handout, const char *tree)
{
    /* Some commands change the student's files: each finds them finished. */
    static const char finish[] = "for s in stage[1-4]_*; do for f in $s/solution/*.c; do "
                                 "cmp -s $f $s/student/${f##*/} || cp $f $s/student/; done; done";
    const char *const arguments[] = {"sh", "-c", keep_format("%s\n%s", finish, handout->text),
                                     NULL};
    struct command run = {.arguments = arguments, .folder = tree, .wall_seconds = WALL_SECONDS};
    command_run(&run);
    bool succeeded = command_succeeded(&run);
    printf("  %-7s %s\n", succeeded ? "ok" : "FAILED", handout->text);
    fflush(stdout);
    if (succeeded)
        return 0;
    size_t length = strlen(run.output);
    printf(
        "%s:%d: this command failed (a command for a person says \"by hand\" behind its #):\n%s\n",
        handout->path, handout->line, run.output + (length > 2000 ? length - 2000 : 0));
    return 1;
}

unsigned check_commands_run(const struct document *documents, size_t count, const char *build)
{
    static struct handout_commands commands;
    unsigned broken = 0;
    for (size_t i = 0; i < count; i++)
        collect(&commands, &documents[i]);
    const char *tree = keep_format("%s/handouts/tree", build);
    copy_tree(build, tree);
    for (size_t i = 0; i < commands.count; i++) {
        const struct handout_command *command = &commands.list[i];
        if (!command->by_hand) {
            broken += run_one(command, tree);
            continue;
        }
        const char *at = strstr(command->text, "make ");
        const char *target = at == NULL ? "" : keep_part(at + 5, strcspn(at + 5, " "));
        bool exists = at == NULL || strchr(target, '=') != NULL || names_has_target(target);
        printf("  %-7s %s\n", exists ? "by hand" : "FAILED", command->text);
        broken += !exists;
    }
    return broken;
}
