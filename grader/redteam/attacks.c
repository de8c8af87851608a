/* attacks: see attacks.h.
 *
 * HIDDEN(name, type) in a fixture is a function of the C library that the attacker has found although
 * the gate lets no one name it: it lies at a known distance from __errno_location, which the gate must
 * let through. So the jail is attacked as by somebody who got past the gate. */
#include "grader/redteam/attacks.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"

#define VICTIM "stage1_objectpool/solution/object_pool.c"

enum { MOST_BYTES = 1024 * 1024 };

void attacks_add(struct attacks *attacks, const struct attack *attack)
{
    attacks->items = keep_room(attacks->items, attacks->count, sizeof *attacks->items);
    attacks->items[attacks->count++] = *attack;
}

static char *replace(const char *text, const char *old, const char *new)
{
    char *result = keep_text("");
    for (const char *at = NULL; (at = strstr(text, old)) != NULL; text = at + strlen(old))
        result = keep_format("%s%.*s%s", result, (int)(at - text), text, new);
    return keep_format("%s%s", result, text);
}

static char *define_hidden(const char *source)
{
    static const char word[] = "HIDDEN(";
    char *defines = keep_text("");
    for (const char *at = source; (at = strstr(at, word)) != NULL;) {
        at += sizeof word - 1;
        char *name = keep_part(at, strcspn(at, ",)"));
        void *function = dlsym(RTLD_DEFAULT, name);
        const char *macro = keep_format("#define AT_%s ", name);
        if (function != NULL && strstr(defines, macro) == NULL)
            defines = keep_format("%s%s(%ld)\n", defines, macro,
                                  (long)((intptr_t)function - (intptr_t)__errno_location));
    }
    return keep_format("#include <errno.h>\n#include <stddef.h>\n#include <stdint.h>\n%s"
                       "#define HIDDEN(name, type) ((type)(uintptr_t)((intptr_t)__errno_location + "
                       "(intptr_t)AT_##name))\n",
                       defines);
}

/* The reference, with the attack at the start of object_pool_alloc. */
static char *spoil(const char *attack)
{
    static const char start[] = "void *object_pool_alloc(struct object_pool *pool)\n{\n";
    const char *victim = file_read(VICTIM, MOST_BYTES, NULL);
    const char *body = victim == NULL ? NULL : strstr(victim, start);
    if (body == NULL)
        die_broken("there is no place to attack in %s", VICTIM);
    body += sizeof start - 1;
    bool needs_functions = strstr(attack, "HIDDEN(") != NULL;
    return keep_format("%s%s\n%.*s    if (attack())\n        return NULL;\n%s",
                       needs_functions ? define_hidden(attack) : "", attack, (int)(body - victim),
                       victim, body);
}

static void write_submission(const char *folder, const char *name, const char *text)
{
    folder_make(folder);
    if (!file_write(keep_format("%s/%s", folder, name), text, strlen(text)))
        die_broken("cannot write into %s: %s", folder, strerror(errno));
}

/* "expect STATUS [slow] [open]: words" */
static void read_expectation(const char *text, struct attack *attack)
{
    const char *at = strstr(text, "expect ");
    const char *colon = at == NULL ? NULL : strchr(at, ':');
    if (colon == NULL)
        die_broken("%s does not say what is expected", attack->name);
    at += strlen("expect ");
    const char *words = colon + strspn(colon, ": ");
    attack->status = keep_part(at, strcspn(at, " :"));
    attack->is_slow = memmem(at, (size_t)(colon - at), "slow", 4) != NULL;
    attack->is_open = memmem(at, (size_t)(colon - at), "open", 4) != NULL;
    attack->words = keep_part(words, strcspn(words, "\n"));
}

/* The reference with the attack in it, or a skeleton with the attack as an own test. */
static void write_attack(const struct attack *attack, const char *text)
{
    static const char skeleton[] = "stage1_objectpool/student/object_pool.c";
    if (!attack->is_own_test) {
        write_submission(attack->path, "object_pool.c", spoil(text));
        return;
    }
    write_submission(attack->path, "object_pool.c", file_read(skeleton, MOST_BYTES, NULL));
    write_submission(keep_format("%s/tests", attack->path), "stage1_attack.c",
                     keep_format("%s%s", define_hidden(text), text));
}

void attacks_from_files(struct attacks *attacks, const char *from, const char *folder,
                        const char *tree, const char *results)
{
    struct dirent **entries = NULL;
    int count = scandir(from, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const char *file = entries[i]->d_name;
        size_t length = strlen(file);
        if (length > 2 && strcmp(file + length - 2, ".c") == 0) {
            struct attack attack = {.name = keep_part(file, length - 2),
                                    .is_own_test = strstr(from, "own_tests") != NULL};
            const char *text = file_read(keep_format("%s/%s", from, file), MOST_BYTES, NULL);
            read_expectation(text, &attack);
            attack.path = keep_format("%s/%s", folder, attack.name);
            text = replace(replace(text, "@TREE@", tree), "@RESULTS@", results);
            write_attack(&attack, text);
            attacks_add(attacks, &attack);
        }
        free(entries[i]);
    }
    free(entries);
}
