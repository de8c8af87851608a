/* property_threads: makes calls on other threads, one at a time.
 *
 *   engine       call on 1 ──▶ waits ······ call on 2 ──▶ waits
 *   thread 1                   runs it                        waits for the next
 *   thread 2                                               runs it
 *
 * Threads start when they are first called, and end when they are told to. Never two at a time: what
 * is looked for here is not a race but, for example, an object freed by another thread than took it. */
#ifndef COMMON_TESTING_PROPERTY_PROPERTY_THREADS_H
#define COMMON_TESTING_PROPERTY_PROPERTY_THREADS_H

/* Run body(argument) on that thread and return when it has; 0 is the caller itself. */
void property_threads_run(unsigned thread, void (*body)(const void *argument),
                          const void *argument);

/* Let that thread end, and wait until it has; nothing where it never started, or for 0. */
void property_threads_end(unsigned thread);

#endif
