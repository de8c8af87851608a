/* die: see die.h. Goes through exit(), so that the scratch folder is removed. */
#include "grader/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void say(const char *format, va_list arguments)
{
    fflush(stdout);
    fprintf(stderr, "grade: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
}

_Noreturn void die_usage(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
    exit(EXIT_USAGE);
}

_Noreturn void die_broken(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
    exit(EXIT_BROKEN);
}
