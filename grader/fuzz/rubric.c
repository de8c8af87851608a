/* Fuzz target: a rubric. */
#include <stdlib.h>

#include "grader/fuzz/fuzz.h"
#include "grader/keep.h"
#include "grader/rubric.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct rubric rubric;
    const char *wrong = rubric_parse(&rubric, "fuzz.cfg", keep_part((const char *)bytes, count));
    /* A rubric that is taken has sums that make sense. */
    if (wrong == NULL && (rubric.unstable < 0 || rubric.unstable > 1))
        abort();
    keep_free_all();
    return 0;
}
