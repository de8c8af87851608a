/* surroundings: where and with what the grader was started, before it grades anything: the environment,
 * the tools that it calls, the paths it was given, the course's tree. */
#ifndef GRADER_SURROUNDINGS_H
#define GRADER_SURROUNDINGS_H

#include "grader/options.h"

/* What make was told to do when it called the grader is not for the makes that the grader calls. */
void surroundings_clean_environment(void);

/* Dies where a tool that these options need is not there, naming its package. */
void surroundings_require(const struct options *options);

/* Make paths absolute, before the grader goes to its root, and fill in the program's own. */
void surroundings_complete(struct options *options);

/* Go to the course's tree, and return its path: above this program, or else the folder that it was
 * called in. Dies where there is none. */
const char *surroundings_go_to_root(void);

#endif
