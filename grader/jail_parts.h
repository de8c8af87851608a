/* jail_parts: what the files of the jail have from each other. */
#ifndef GRADER_JAIL_PARTS_H
#define GRADER_JAIL_PARTS_H

#include "grader/jail.h"

/* System folders that compilers, loaders and tools need, NULL last. All may be read; some may be
 * missing. */
extern const char *const jail_system_paths[];

/* jail_bubblewrap.c: becomes bubblewrap, which becomes the program. Returns with errno. */
void jail_enter_bubblewrap(const struct jail_start *start);

/* jail_limits.c: becomes the program behind what needs no namespaces. Returns with errno. */
void jail_enter_limits(const struct jail_start *start);

/* jail_landlock.c: whether the kernel has it; and shut all files but those. */
bool landlock_is_there(void);
bool landlock_enter(const struct jail *jail, const char *folder);

/* jail_filter.c: make the filter; open it for bubblewrap as that descriptor; apply it to this
 * process. */
void filter_make(bool has_namespaces);
bool filter_open(int as);
bool filter_enter(void);

#endif
