/* handins: see handins.h. */
#include "grader/handins.h"

#include <string.h>

#include "grader/keep.h"
#include "grader/submission.h"

enum { MOST_PLACES = 64, MOST_PARTS = 4 };

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

struct handin *handins_at(struct handins *handins, const char *name)
{
    const char *parts[MOST_PARTS];
    size_t count = cut(name, parts);
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
                                 best->wrapper, place->wrapper);
            return NULL;
        }
        if (best == NULL || rank(place) < rank(best))
            best = place;
    }
    return best;
}
