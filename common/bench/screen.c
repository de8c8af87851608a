/* screen: see screen.h. */
#include "common/bench/screen.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

const char *screen_colour(const char *code)
{
    const char *no_color = getenv("NO_COLOR");
    bool is_unwanted = no_color != NULL && no_color[0] != '\0';
    return is_unwanted || !isatty(STDOUT_FILENO) ? "" : code;
}
