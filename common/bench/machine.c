/* machine: see machine.h. */
#include "common/bench/machine.h"

#include <gnu/libc-version.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The first line that a command prints. */
static void ask(const char *command, char *text)
{
    text[0] = '\0';
    FILE *output = popen(command, "r");
    if (output == NULL)
        return;
    if (fgets(text, MACHINE_TEXT_BYTES, output) == NULL)
        text[0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    pclose(output);
}

void machine_describe(struct fact facts[MACHINE_FACTS])
{
    struct utsname system;
    facts[0].name = "processor";
    ask("sed -n 's/^model name[^:]*: //p' /proc/cpuinfo", facts[0].text);
    facts[1].name = "processors";
    snprintf(facts[1].text, MACHINE_TEXT_BYTES, "%ld", sysconf(_SC_NPROCESSORS_ONLN));
    facts[2].name = "memory";
    snprintf(facts[2].text, MACHINE_TEXT_BYTES, "%ld MiB",
             (sysconf(_SC_PHYS_PAGES) >> 10) * (sysconf(_SC_PAGESIZE) >> 10));
    facts[3].name = "system";
    facts[3].text[0] = '\0';
    if (uname(&system) == 0)
        snprintf(facts[3].text, MACHINE_TEXT_BYTES, "%.30s %.40s %.20s", system.sysname,
                 system.release, system.machine);
    facts[4].name = "compiler";
    snprintf(facts[4].text, MACHINE_TEXT_BYTES, "%.100s", __VERSION__);
}

/* The list of packages knows a library by the path that it has there, not by every link to it. */
static void ask_packages(const char *library, char *text)
{
    char command[5000];
    const char *file = strrchr(library, '/');
    if (strchr(library, '\'') != NULL)
        return;
    snprintf(command, sizeof command,
             "package=$(dpkg-query -S '*/%s' 2>/dev/null | head -n 1 | cut -d: -f1) && "
             "dpkg-query -W -f='${Version}' \"$package\" 2>/dev/null",
             file == NULL ? library : file + 1);
    ask(command, text);
}

void machine_version(const struct allocator *allocator, char text[MACHINE_TEXT_BYTES])
{
    text[0] = '\0';
    if (strcmp(allocator->name, "mempool") == 0)
        ask("git rev-parse --short HEAD 2>/dev/null", text);
    else if (strcmp(allocator->name, "glibc") == 0)
        snprintf(text, MACHINE_TEXT_BYTES, "%s", gnu_get_libc_version());
    else
        ask_packages(allocator->library, text);
}
