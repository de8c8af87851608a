/* class_csv: the results of a class as one table, written by libcsv:
 *
 *     student,total,of,stage 1,stage 2,stage 3,stage 4,unstable,flags,error
 *
 * A field that a spreadsheet would take for a formula is given a ' in front. */
#include <csv.h>
#include <string.h>

#include "grader/class.h"
#include "grader/keep.h"
#include "grader/text.h"

static void put(FILE *out, const char *text)
{
    const char *clean = text_clean(text);
    if (*clean != '\0' && strchr("=+-@\t", *clean) != NULL)
        clean = keep_format("'%s", clean);
    csv_fwrite(out, clean, strlen(clean));
}

static void put_number(FILE *out, const json_t *value)
{
    if (json_is_number(value))
        fprintf(out, ",%g", json_number_value(value));
    else
        fprintf(out, ",");
}

static unsigned count_unstable(const struct student *student)
{
    unsigned count = 0;
    for (unsigned number = 1; number <= STAGE_COUNT; number++) {
        size_t index = 0;
        json_t *test = NULL;
        json_array_foreach(json_object_get(class_stage(student, number), "tests"), index, test)
        {
            const char *status = json_string_value(json_object_get(test, "status"));
            count += status != NULL && strcmp(status, "UNSTABLE") == 0;
        }
    }
    return count;
}

static char *join_flags(const struct student *student)
{
    char *joined = keep_text("");
    size_t index = 0;
    json_t *flag = NULL;
    json_array_foreach(json_object_get(student->result, "flags"), index, flag)
    {
        joined = keep_format("%s%s%s", joined, index == 0 ? "" : "; ", json_string_value(flag));
    }
    return joined;
}

static void put_row(FILE *out, const struct student *student)
{
    put(out, student->name);
    put_number(out, json_object_get(student->result, "points"));
    put_number(out, json_object_get(student->result, "max_points"));
    for (unsigned number = 1; number <= STAGE_COUNT; number++)
        put_number(out, json_object_get(class_stage(student, number), "points"));
    fprintf(out, ",%u,", count_unstable(student));
    put(out, join_flags(student));
    fprintf(out, ",");
    put(out, student->error == NULL ? "" : student->error);
    fprintf(out, "\r\n");
}

void class_csv(const struct class *class, FILE *out)
{
    fprintf(out, "student,total,of,stage 1,stage 2,stage 3,stage 4,unstable,flags,error\r\n");
    for (size_t i = 0; i < class->count; i++)
        put_row(out, &class->students[i]);
}
