/* recorder_file: the file that the recorder writes to. See recorder.h for the settings. */
#ifndef COMMON_TRACE_RECORDER_FILE_H
#define COMMON_TRACE_RECORDER_FILE_H

#include "common/trace/trace_format.h"

/* Map the file that MEMPOOL_TRACE names, with its header filled in; NULL where it names none, or none
 * that can be written (which is said on stderr) or that is free. Allocates nothing. */
struct trace_header *recorder_open_file(void);

#endif
