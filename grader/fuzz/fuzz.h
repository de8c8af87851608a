/* fuzz: what the fuzz targets of the grader's parsers share: libFuzzer calls each target with bytes of
 * its own making, and AddressSanitizer and UBSan watch. Seeds are in seeds/. */
#ifndef GRADER_FUZZ_FUZZ_H
#define GRADER_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* A file with these bytes, of a name (parsers open no links): its descriptor, and its path, until
 * fuzz_file_close. */
int fuzz_file_open(const uint8_t *bytes, size_t count);
const char *fuzz_file_path(int file);
void fuzz_file_close(int file);

#endif
