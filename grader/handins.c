/* handins: see handins.h. */
#include "grader/handins.h"

#include <string.h>

#include "grader/keep.h"
#include "grader/submission.h"
#include "grader/text.h"

enum { MOST_PLACES = 64, MOST_PARTS = 5, MOST_TEST_NAME = 64 };

/* Cuts a name at its slashes, without empty parts and single dots. Returns the count of parts, or 0
 * for more than a hand-in file's name can have. */
static size_t cut(const char *name, const char *parts[MOST_PARTS])
{
    size_t count = 0;
    while (*name != '\0') {
        size_t length = strcspn(name, "/");
        if (length != 0 && !(length == 1 && name[0] == '.')) {
            if (count == MOST_PARTS)
                return 0;
            parts[count++] = keep_part(name, length);
        }
        name += length + (name[length] == '/');
    }
    return count;
}

/* Sets where in a place the file is; returns false if it is no hand-in file. `folder` NULL: of any
 * stage. */
static bool find_file(const char *folder, const char *file, size_t *stage, size_t *at)
{
    for (*stage = 0; *stage < STAGE_COUNT; ++*stage) {
        if (folder != NULL && strcmp(folder, all_stages[*stage].folder) != 0)
            continue;
        for (*at = 0; all_stages[*stage].handin[*at] != NULL; ++*at)
            if (strcmp(file, all_stages[*stage].handin[*at]) == 0)
                return true;
    }
    return false;
}

/* What a file manager or a version control system adds is no wrapper. */
static bool is_wrapper(const char *name)
{
    return name[0] != '.' && strcmp(name, "__MACOSX") != 0;
}

static struct handin_place *place_of(struct handins *handins, const char *wrapper,
                                     enum handin_layout layout)
{
    for (size_t i = 0; i < handins->count; i++)
        if (handins->places[i].layout == layout && strcmp(handins->places[i].wrapper, wrapper) == 0)
            return &handins->places[i];
    if (handins->count == MOST_PLACES)
        return NULL;
    handins->places = keep_room(handins->places, handins->count, sizeof *handins->places);
    handins->places[handins->count] = (struct handin_place){.wrapper = wrapper, .layout = layout};
    return &handins->places[handins->count++];
}

/* --- Tests of the student's own --- */

static bool is_test_name(const char *name)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    size_t length = strspn(name, letters);
    return length > 0 && length <= MOST_TEST_NAME && strcmp(name + length, ".c") == 0;
}

/* Sets the stage of a test: by its folder, or by the start of its name where all lie in one. Returns
 * the count of parts that its layout has, 0 where it is no test. */
static size_t find_test(const char *const *parts, size_t count, size_t *stage)
{
    bool is_tree = count >= 4 && strcmp(parts[count - 3], "student") == 0;
    if (count < 2 || strcmp(parts[count - 2], "tests") != 0 || !is_test_name(parts[count - 1]))
        return 0;
    for (*stage = 0; *stage < STAGE_COUNT; ++*stage) {
        const char *start = keep_format("stage%u_", all_stages[*stage].number);
        if (is_tree ? strcmp(parts[count - 4], all_stages[*stage].folder) == 0
                    : strncmp(parts[count - 1], start, strlen(start)) == 0)
            return is_tree ? 4 : 2;
    }
    return 0;
}

static struct handin *test_at(struct handins *handins, const char *const *parts, size_t count)
{
    size_t stage = 0;
    size_t of_layout = find_test(parts, count, &stage);
    if (of_layout == 0 || count > of_layout + 1 || (count > of_layout && !is_wrapper(parts[0])))
        return NULL;
    struct handin_place *place = place_of(handins, count > of_layout ? parts[0] : "",
                                          of_layout == 4 ? LAYOUT_TREE : LAYOUT_FLAT);
    if (place == NULL)
        return NULL;
    const char *name = parts[count - 1];
    struct handin_test *tests = place->tests[stage];
    for (size_t i = 0; i < place->test_count[stage]; i++)
        if (tests[i].name != NULL && strcmp(tests[i].name, name) == 0)
            return &tests[i].file;
    if (place->test_count[stage] == MOST_OWN_FILES) {
        handins_note(handins, keep_format("%s is not taken: %d files of own tests are enough", name,
                                          MOST_OWN_FILES));
        return NULL;
    }
    struct handin_test *test = &tests[place->test_count[stage]++];
    *test = (struct handin_test){.name = name};
    return &test->file;
}

/* --- All files --- */

struct handin *handins_at(struct handins *handins, const char *name)
{
    const char *parts[MOST_PARTS];
    size_t count = cut(name, parts);
    struct handin *test = test_at(handins, parts, count);
    if (test != NULL)
        return test;
    bool is_tree = count >= 3 && strcmp(parts[count - 2], "student") == 0;
    size_t of_layout = is_tree ? 3 : 1;
    size_t stage = 0;
    size_t at = 0;
    if (count == 0 || count > of_layout + 1 || (count > of_layout && !is_wrapper(parts[0])))
        return NULL;
    if (!find_file(is_tree ? parts[count - 3] : NULL, parts[count - 1], &stage, &at))
        return NULL;
    struct handin_place *place =
        place_of(handins, count > of_layout ? parts[0] : "", is_tree ? LAYOUT_TREE : LAYOUT_FLAT);
    return place == NULL ? NULL : &place->files[stage][at];
}

void handin_take(struct handin *handin, const char *bytes, size_t length)
{
    *handin = (struct handin){NULL, 0, NULL};
    if (length > MOST_HANDIN_BYTES)
        handin->why = keep_format("is larger than %d KiB", MOST_HANDIN_BYTES / 1024);
    else if (memchr(bytes, '\0', length) != NULL)
        handin->why = "is not a text";
    else {
        handin->bytes = keep_part(bytes, length);
        handin->length = length;
    }
}

void handins_note(struct handins *handins, char *note)
{
    enum { MOST_NOTES = 10 };
    if (handins->note_count == MOST_NOTES)
        return;
    handins->notes = keep_room(handins->notes, handins->note_count, sizeof *handins->notes);
    handins->notes[handins->note_count++] = note;
}

static unsigned rank(const struct handin_place *place)
{
    return (*place->wrapper == '\0' ? 0 : 2) + place->layout;
}

static bool has_files(const struct handin_place *place)
{
    for (size_t i = 0; i < STAGE_COUNT; i++)
        for (size_t at = 0; at < MOST_HANDIN; at++)
            if (place->files[i][at].bytes != NULL || place->files[i][at].why != NULL)
                return true;
    return false;
}

const struct handin_place *handins_choose(const struct handins *handins, const char **wrong)
{
    const struct handin_place *best = NULL;
    *wrong =
        "holds none of the hand-in files: put object_pool.c and the others side by side in it, "
        "or in folders as in stage1_objectpool/student/object_pool.c";
    for (size_t i = 0; i < handins->count; i++) {
        const struct handin_place *place = &handins->places[i];
        if (!has_files(place))
            continue;
        if (best != NULL && rank(best) == rank(place)) {
            *wrong = keep_format("holds hand-in files in two folders, %s and %s: hand in one",
                                 text_start(best->wrapper, MOST_SHOWN_NAME),
                                 text_start(place->wrapper, MOST_SHOWN_NAME));
            return NULL;
        }
        if (best == NULL || rank(place) < rank(best))
            best = place;
    }
    return best;
}
