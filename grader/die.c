/* die: see die.h. Goes through exit(), so that the scratch folder is removed. */
#include "grader/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

_Noreturn static void die(int status, const char *format, va_list arguments)
{
    fflush(stdout);
    fprintf(stderr, "grade: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    exit(status);
}

_Noreturn void die_usage(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    die(EXIT_USAGE, format, arguments);
}

_Noreturn void die_broken(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    die(EXIT_BROKEN, format, arguments);
}
