/* process_first: has process_start called before all constructors, in a program that the archive was linked
 * into. There -z initfirst is not to be had: the constructors of the program's libraries run before its own.
 * What is listed in .preinit_array runs before any of them, but only a program may have that section, so the
 * shared library is linked without this file. Given; not edited. */
#include "stage4_pagecache/process.h"

__attribute__((section(".preinit_array"), used)) static void (*first)(int, char **,
                                                                      char **) = process_start;
