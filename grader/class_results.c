/* class_results: what came of a submission, as its result.json tells. */
#include <string.h>
#include <sys/stat.h>

#include "grader/class.h"
#include "grader/files.h"
#include "grader/keep.h"

enum { MOST_REPORT = 64 * 1024, MOST_PATH = 4096 };

double class_points(const json_t *value)
{
    return json_is_number(value) ? json_number_value(value) : -1;
}

json_t *class_stage(const struct student *student, unsigned number)
{
    size_t index = 0;
    json_t *stage = NULL;
    json_array_foreach(json_object_get(student->result, "stages"), index, stage)
    {
        if (json_integer_value(json_object_get(stage, "stage")) == (json_int_t)number)
            return stage;
    }
    return NULL;
}

/* Why there are no points: the first stage's reason, or the last line of what the grader said. */
static char *find_error(const struct class *class, const struct student *student)
{
    for (unsigned number = 1; number <= STAGE_COUNT; number++) {
        const char *error =
            json_string_value(json_object_get(class_stage(student, number), "error"));
        if (error != NULL)
            return keep_text(error);
    }
    if (student->result != NULL)
        return keep_text("GRADER_ERROR; see report.txt");
    const char *said =
        file_read(keep_format("%s/%s/report.txt", class->out, student->id), MOST_REPORT, NULL);
    size_t end = said == NULL ? 0 : strlen(said);
    while (end > 0 && said[end - 1] == '\n')
        end--;
    size_t start = end;
    while (start > 0 && said[start - 1] != '\n')
        start--;
    if (end == start)
        return keep_text("not graded yet");
    if (strncmp(said + start, "grade: ", strlen("grade: ")) == 0)
        start += strlen("grade: ");
    return keep_part(said + start, end - start);
}

static bool is_same_file(const char *left, const char *right)
{
    struct stat one;
    struct stat other;
    return strcmp(left, right) == 0 || (stat(left, &one) == 0 && stat(right, &other) == 0 &&
                                        one.st_dev == other.st_dev && one.st_ino == other.st_ino);
}

/* Who has an id depends on who else is in the class, so what lies in its folder may be another's. */
static bool is_own_folder(const struct class *class, const struct student *student)
{
    const char *graded =
        file_read(keep_format("%s/%s/submission", class->out, student->id), MOST_PATH, NULL);
    return graded != NULL && is_same_file(graded, student->submission);
}

bool class_load(const struct class *class, struct student *student)
{
    json_decref(student->result);
    student->result = NULL;
    student->error = keep_text("not graded yet");
    if (!is_own_folder(class, student))
        return false;
    student->result =
        json_load_file(keep_format("%s/%s/result.json", class->out, student->id), 0, NULL);
    student->error = NULL;
    if (class_points(json_object_get(student->result, "points")) >= 0)
        return true;
    student->error = find_error(class, student);
    return false;
}
