/* source_lines: which function, file and line an address of this program's code is from. */
#ifndef COMMON_TESTING_INTERLEAVE_SOURCE_LINES_H
#define COMMON_TESTING_INTERLEAVE_SOURCE_LINES_H

struct source_line {
    const void *pc;
    char function[80];
    char file[80]; /* without its folder */
    unsigned line;
    char text[100]; /* of the line, where its file can be read */
};

/* Of a return address; all empty where nothing is known. Good for the life of the program. */
const struct source_line *source_line_of(const void *pc);

#endif
