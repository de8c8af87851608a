/* Records what a test does: each call of a script that a property test runs again, and how the test
 * fails. Only in the stages' test programs. See record_program.c for how. */
#include "common/testing/property/script.h"
#include "common/testing/test.h"
#include "common/trace/recorder.h"

int __real_script_format_call(const struct property *property, const struct property_call *call,
                              char *text, size_t text_bytes);
_Noreturn void __real_test_end(enum test_outcome outcome, const char *message);

/* A script that is run again is printed call by call, each before it is made. */
int script_format_call(const struct property *property, const struct property_call *call,
                       char *text, size_t text_bytes)
{
    int length = __real_script_format_call(property, call, text, text_bytes);
    trace_note(text);
    return length;
}

_Noreturn void test_end(enum test_outcome outcome, const char *message)
{
    if (outcome == TEST_FAILED)
        recorder_put_text(TRACE_TEST_FAILS, message);
    __real_test_end(outcome, message);
}
