/* class_settings: one OUT, one way of grading. What decides points and reports is written down in OUT
 * when the first submission is about to be graded:
 *
 *     --stage 1 --seed 1 --quick       the options
 *     version = 1; …                   and the rubric
 *
 * A run that would grade otherwise is refused: what is finished would be neither what was asked for
 * nor to be had again. Where and how fast it is graded (--jobs, --sshlogin, --jail) may change. */
#include <errno.h>
#include <string.h>

#include "grader/class.h"
#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"
#include "grader/rubric.h"

enum { MOST_SETTINGS = 256 * 1024 };

static const char *settings_file(const struct class *class)
{
    return keep_format("%s/settings", class->out);
}

static const char *describe(const struct options *options)
{
    const char *stage = options->stage == 0 ? "" : keep_format("--stage %u ", options->stage);
    const char *hidden =
        options->hidden == NULL ? "" : keep_format(" --hidden %s", options->hidden);
    return keep_format("%s--seed %s%s%s%s%s", stage, options->seed,
                       options->quick ? " --quick" : "", options->matrix ? " --matrix" : "",
                       options->own_layers ? " --own-layers" : "", hidden);
}

static const char *settings_of(const struct options *options)
{
    const char *file = options->rubric == NULL ? rubric_default : options->rubric;
    const char *rubric = file_read(file, MOST_SETTINGS, NULL);
    if (rubric == NULL)
        die_usage("cannot read the rubric %s: %s", file, strerror(errno));
    return keep_format("%s\n%s", describe(options), rubric);
}

void class_check_settings(const struct class *class, const struct options *options)
{
    const char *before = file_read(settings_file(class), MOST_SETTINGS, NULL);
    const char *now = settings_of(options);
    if (before == NULL || strcmp(before, now) == 0)
        return;
    size_t length = strcspn(before, "\n");
    if (length == strcspn(now, "\n") && strncmp(before, now, length) == 0)
        die_usage("%s holds grades by another rubric: give that one, or a new folder to --out",
                  class->out);
    die_usage("%s holds grades made with  %.*s: give the same options, or a new folder to --out",
              class->out, (int)length, before);
}

void class_keep_settings(const struct class *class, const struct options *options)
{
    const char *settings = settings_of(options);
    if (!file_write(settings_file(class), settings, strlen(settings)))
        die_broken("cannot write %s: %s", settings_file(class), strerror(errno));
}
