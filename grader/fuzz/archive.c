/* Fuzz target: a submission that is an archive, and what is taken from it. */
#include <stdlib.h>
#include <string.h>

#include "grader/fuzz/fuzz.h"
#include "grader/handins.h"
#include "grader/submission.h"

/* Whatever the archive: what is taken is text of a size that is allowed. */
static void check(const struct handin *handin)
{
    if (handin->bytes != NULL &&
        (handin->length > MOST_HANDIN_BYTES || memchr(handin->bytes, 0, handin->length) != NULL ||
         handin->bytes[handin->length] != '\0'))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct handins handins = {.places = NULL};
    const char *wrong = NULL;
    int file = fuzz_file_open(bytes, count);
    handins_read_archive(&handins, file);
    const struct handin_place *place = handins_choose(&handins, &wrong);
    for (size_t i = 0; place != NULL && i < STAGE_COUNT; i++)
        for (size_t at = 0; at < MOST_HANDIN; at++)
            check(&place->files[i][at]);
    fuzz_file_close(file);
    return 0;
}
