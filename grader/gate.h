/* gate: looks at hand-in code before any of it runs, and refuses what no solution needs and an attack
 * on the grader would.
 *
 *   source ──▶ gate_directives ──▶ compiler ──▶ gate_words ──▶ gate_object ──▶ linker
 *              #include, #line                  what is left     names that it calls,
 *                                               of the source    sections, instructions
 *
 * Each returns NULL, or one line (kept) that names the place, what is wrong, and what to do instead.
 * The gate raises the price of an attack, and names honest mistakes, such as a printf left over; what
 * keeps an attack from doing harm is the jail (jail.h). */
#ifndef GRADER_GATE_H
#define GRADER_GATE_H

#include <stdbool.h>
#include <stddef.h>

/* A hand-in file on its way. */
struct gate_file {
    const char *name;    /* as shown: "stage1_objectpool/student/object_pool.c" */
    const char *source;  /* its text */
    const char *path;    /* as the compiler was told it */
    const char *headers; /* the folder with the course's own headers, as told to the compiler */
    bool is_test;        /* a test of the student's own: those register themselves before main */
};

/* gate_directives.c: what the preprocessor is told to do. */
char *gate_directives(const struct gate_file *file);

/* gate_words.c: `text` is what the preprocessor made of it. `own` is set to the part of it that comes
 * from the file itself, not from headers (kept). */
char *gate_words(const struct gate_file *file, const char *text, char **own);

/* The same, of the text in the file at `path`: one that cannot be read to its end is refused. */
char *gate_text(const struct gate_file *file, const char *path, char **own);

/* The code must be the same in each variant of the build, whatever tool it is built for. */
char *gate_same(const struct gate_file *file, const char *own, const char *own_elsewhere);

/* gate_object.c: the names in an object file. */
struct gate_names {
    const char **items;
    size_t count;
};
bool gate_names_have(const struct gate_names *names, const char *name);
void gate_names_add(struct gate_names *names, const char *name);

struct gate_object {
    struct gate_names calls;   /* undefined in it */
    struct gate_names defines; /* seen by other files */
};

/* Looks at sections and instructions, and reads the names. `instrumented`: built for a tool, which adds
 * constructors of its own. */
char *gate_object(const struct gate_file *file, const char *object_path, bool instrumented,
                  struct gate_object *object);

/* gate_calls.c: every name that the file calls must be given: declared in a header of the course, one
 * of a few of the C library, in `siblings` (what other files of the stage define), or, where
 * instrumented, one of the tool's own. */
char *gate_calls(const struct gate_file *file, const struct gate_object *object,
                 const struct gate_names *contracts, const struct gate_names *siblings,
                 bool instrumented);

/* All words of the headers (not of comments in them) in a folder: the contracts are among them. */
void gate_read_headers(const char *folder, struct gate_names *names);

#endif
