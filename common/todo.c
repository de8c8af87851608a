/* todo and debug_print for programs (benchmarks, the library); tests link stand-ins of them. */
#include "common/todo.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

void todo(const char *task)
{
    dprintf(STDERR_FILENO, "task %s is not done yet\n", task);
    _exit(TODO_EXIT_STATUS);
}

/* vdprintf formats in a buffer on the stack: it does not call the malloc that is being debugged. */
void debug_print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vdprintf(STDERR_FILENO, format, arguments);
    va_end(arguments);
}
