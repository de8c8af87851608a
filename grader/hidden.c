/* hidden: see hidden.h. */
#include "grader/hidden.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grader/keep.h"

static const char *const visibilities[] = {"hidden", "after_due_date", "after_published",
                                           "visible"};
enum { VISIBILITY_COUNT = sizeof visibilities / sizeof *visibilities };

static int is_test_file(const struct dirent *entry)
{
    const char *name = entry->d_name;
    size_t length = strlen(name);
    return strncmp(name, "stage", 5) == 0 && name[5] >= '1' && name[5] <= '0' + STAGE_COUNT &&
           name[6] == '_' && length > 2 && strcmp(name + length - 2, ".c") == 0;
}

static size_t count_files(const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_test_file, NULL);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    return count < 0 ? 0 : (size_t)count;
}

/* Make splits its lists at spaces, and its shell reads the rest. */
static bool is_plain(const char *path)
{
    return path[strspn(
               path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-")] == '\0';
}

const char *hidden_check(const char *folder)
{
    size_t count = 0;
    if (!is_plain(folder))
        return keep_format("--hidden %s: its path may have letters, digits and / . _ - only",
                           folder);
    for (size_t i = 0; i < VISIBILITY_COUNT; i++)
        count += count_files(keep_format("%s/%s", folder, visibilities[i]));
    if (count == 0)
        return keep_format(
            "--hidden %s holds no tests: put them into %s/hidden/stage1_any_name.c, or "
            "after_due_date, after_published or visible in place of hidden",
            folder, folder);
    return NULL;
}

void hidden_mark(const char *folder, struct stage_result *result)
{
    size_t length = folder == NULL ? 0 : strlen(folder);
    for (size_t i = 0; folder != NULL && i < result->test_count; i++) {
        struct test_facts *facts = &result->tests[i].facts;
        if (strncmp(facts->file, folder, length) != 0 || facts->file[length] != '/')
            continue;
        const char *name = facts->file + length + 1;
        size_t word = strcspn(name, "/");
        facts->visibility = "hidden";
        for (size_t j = 0; j < VISIBILITY_COUNT; j++)
            if (strlen(visibilities[j]) == word && strncmp(visibilities[j], name, word) == 0)
                facts->visibility = visibilities[j];
        facts->file = keep_text(name);
    }
}
