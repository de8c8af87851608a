/* plugin: a library that allocates at every moment of its life: when it is loaded, in each thread that calls
 * it, and when it is unloaded. plugins.c loads it over and over. */
#include <stdlib.h>
#include <string.h>

char *plugin_greet(const char *name);

static char *at_start[100];
static __thread char *newest; /* of the thread: it is found by the loader, which allocates too */

__attribute__((constructor)) static void start(void)
{
    for (size_t i = 0; i < 100; i++)
        at_start[i] = calloc(1, i * 100 + 1);
}

__attribute__((destructor)) static void end(void)
{
    for (size_t i = 0; i < 100; i++)
        free(at_start[i]);
}

/* The caller frees the greeting. */
char *plugin_greet(const char *name)
{
    newest = malloc(strlen(name) + 7);
    strcpy(newest, "hello ");
    strcat(newest, name);
    return newest;
}
