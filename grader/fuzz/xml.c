/* Fuzz target: Valgrind's XML, which a process in the jail wrote. */
#include <libxml/xmlerror.h>

#include "grader/fuzz/fuzz.h"
#include "grader/valgrind_xml.h"

static void be_silent(void *context, const char *message, ...)
{
    (void)context;
    (void)message;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct tool_result tool = {.state = TOOL_RUN};
    struct finding place;
    int file = fuzz_file_open(bytes, count);
    const char *path = fuzz_file_path(file);
    xmlSetGenericErrorFunc(NULL, be_silent);
    valgrind_xml_read(path, SUBJECT_STUDENT, "suite/test", valgrind_counts_memcheck, &tool);
    valgrind_xml_crash(path, SUBJECT_STUDENT, &place);
    fuzz_file_close(file);
    return 0;
}
