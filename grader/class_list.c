/* class_list: the submissions of a class: each entry of a folder, or each row of a CSV roster
 *
 *     student,submission
 *     Ada Lovelace,handed-in/ada.tar.gz
 *
 * with paths as seen from the roster's own folder, read by libcsv. A header, empty rows and the byte
 * order mark that a spreadsheet writes in front are passed over. */
#include <csv.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "grader/class.h"
#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"
#include "grader/text.h"

enum { MOST_ROSTER_BYTES = 16 * 1024 * 1024, MOST_ID = 60 };

/* --- Names of folders --- */

static void cut_ending(char *name)
{
    static const char *const endings[] = {".tar.gz", ".tgz", ".tar", ".zip"};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t ending = strlen(endings[i]);
        if (length > ending && strcmp(name + length - ending, endings[i]) == 0) {
            name[length - ending] = '\0';
            return;
        }
    }
}

static bool is_taken(const struct class *class, const char *id)
{
    for (size_t i = 0; i < class->count; i++)
        if (strcmp(class->students[i].id, id) == 0)
            return true;
    return false;
}

/* What the class itself writes into OUT: files of these names, or with an ending behind them. */
static bool is_own(const char *id)
{
    static const char *const names[] = {"lock",       "jobs",     "results.csv", "summary.txt",
                                        "index.html", "prepared", "reference",   "settings"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length = strlen(names[i]);
        if (strncmp(id, names[i], length) == 0 && (id[length] == '\0' || id[length] == '.'))
            return true;
    }
    return false;
}

/* A name that is safe in every shell, page and file system, and nothing else's in OUT. Letters of all
 * languages stay: without them, names would be alike, and who has which would depend on the order. */
static char *make_id(const struct class *class, const char *name)
{
    char *id = text_cut(text_clean(name), MOST_ID);
    for (char *at = id; *at != '\0'; at++)
        if (isascii((unsigned char)*at) && !isalnum((unsigned char)*at) &&
            strchr("._-", *at) == NULL)
            *at = '_';
    if (*id == '.' || *id == '-')
        *id = '_';
    if (*id == '\0' || is_own(id))
        id = keep_format("_%s", id);
    char *unique = id;
    for (unsigned i = 2; is_taken(class, unique); i++)
        unique = keep_format("%s_%u", id, i);
    return unique;
}

static void add_student(struct class *class, const char *name, const char *submission)
{
    class->students = keep_room(class->students, class->count, sizeof *class->students);
    class->students[class->count] = (struct student){
        .id = make_id(class, name), .name = keep_text(name), .submission = keep_text(submission)};
    class->count++;
}

/* --- A folder --- */

static void list_folder(struct class *class, const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        if (name[0] != '.') {
            char *shown = keep_text(name);
            cut_ending(shown);
            add_student(class, shown, keep_format("%s/%s", folder, name));
        }
        free(entries[i]);
    }
    free(entries);
}

/* --- A roster --- */

struct roster {
    struct class *class;
    const char *file;
    const char *folder;
    unsigned row;
    unsigned column;
    size_t bytes; /* of the row's fields */
    char *name;
    char *submission;
};

static void take_field(void *text, size_t length, void *context)
{
    struct roster *roster = context;
    if (roster->column == 0)
        roster->name = keep_part(text == NULL ? "" : text, length);
    else if (roster->column == 1)
        roster->submission = keep_part(text == NULL ? "" : text, length);
    roster->column++;
    roster->bytes += length;
}

static bool is_header(const struct roster *roster)
{
    return roster->row == 1 && strcasecmp(roster->name, "student") == 0 &&
           strcasecmp(roster->submission, "submission") == 0;
}

static void take_student(const struct roster *roster)
{
    if (roster->column < 2 || *roster->name == '\0' || *roster->submission == '\0')
        die_usage("%s, row %u: it must have a student and a submission, as in  ada,handed-in/ada",
                  roster->file, roster->row);
    if (!is_header(roster))
        add_student(roster->class, roster->name,
                    roster->submission[0] == '/'
                        ? roster->submission
                        : keep_format("%s/%s", roster->folder, roster->submission));
}

static void take_row(int end, void *context)
{
    (void)end;
    struct roster *roster = context;
    roster->row++;
    if (roster->bytes > 0)
        take_student(roster);
    roster->column = 0;
    roster->bytes = 0;
}

static const char *read_roster(const char *file, size_t *length)
{
    const char *text = file_read(file, MOST_ROSTER_BYTES, length);
    if (text == NULL)
        die_usage("cannot read %s: %s", file, strerror(errno));
    const char *rows = text_behind_mark(text);
    *length -= (size_t)(rows - text);
    return rows;
}

static void list_roster(struct class *class, const char *file)
{
    size_t length = 0;
    const char *text = read_roster(file, &length);
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        die_broken("no memory for %s", file);
    const char *slash = strrchr(file, '/');
    struct roster roster = {.class = class,
                            .file = file,
                            .folder =
                                slash == NULL ? "." : keep_part(file, (size_t)(slash - file))};
    bool good = csv_parse(&parser, text, length, take_field, take_row, &roster) == length &&
                csv_fini(&parser, take_field, take_row, &roster) == 0;
    if (!good)
        die_usage("%s, row %u: %s", file, roster.row + 1, csv_strerror(csv_error(&parser)));
    csv_free(&parser);
}

void class_list(struct class *class, const char *source)
{
    struct stat facts;
    if (stat(source, &facts) != 0)
        die_usage("cannot read %s: %s: name a folder of submissions or a CSV roster", source,
                  strerror(errno));
    if (S_ISDIR(facts.st_mode))
        list_folder(class, source);
    else
        list_roster(class, source);
    if (class->count == 0)
        die_usage("%s holds no submissions: each entry of the folder, or row of the roster, is one",
                  source);
}
