/* Fuzz target: the parts of the gate that read source, as written and as preprocessed. */
#include <stdlib.h>
#include <string.h>

#include "grader/c_text.h"
#include "grader/fuzz/fuzz.h"
#include "grader/gate.h"
#include "grader/keep.h"

/* Tokens go forward, and lie in the text. */
static void read_tokens(const char *source)
{
    struct c_text text = c_text_start(source);
    const char *end = text.at + strlen(text.at);
    for (struct c_token token = c_text_next(&text); token.kind != C_END; token = c_text_next(&text))
        if (text.at > end || (token.kind != C_SIGN && token.start + token.length > end))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    const char *source = keep_part((const char *)bytes, count);
    struct gate_file file = {"x.c", source, "/x.c", "/headers", false};
    char *own = NULL;
    read_tokens(source);
    gate_directives(&file);
    gate_words(&file, source, &own);
    keep_free_all();
    return 0;
}
