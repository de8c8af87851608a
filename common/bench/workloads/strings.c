/* strings: text that grows by realloc, most of it a little at a time, some of it by doubling.
 *
 * Stands for string builders, line readers, vectors and tables of interpreters. Whether an object
 * can grow where it is, and what moving it costs, is all that counts. */
#include "common/bench/workload.h"

enum {
    STRINGS = 200,
    LEAST_PIECE = 8,
    MOST_PIECE = 256,
    LEAST_END = 256,      /* a string is done at a length between these, */
    MOST_END = 64 * 1024, /* and the next one starts in its place */
    APPENDS = 2000000,
    VECTORS = 60,
    VECTOR_BYTES = 16 << 20,
};

struct string {
    char *text;
    size_t length;
    size_t end;
};

static struct string strings[STRINGS];

static void append(struct string *string, size_t bytes)
{
    string->text = realloc(string->text, string->length + bytes);
    if (string->text == NULL)
        exit(EXIT_FAILURE);
    memset(string->text + string->length, 'x', bytes);
    string->length += bytes;
}

static void append_pieces(size_t appends)
{
    struct random random = random_start(1);
    for (size_t i = 0; i < appends; i++) {
        struct string *string = &strings[random_below(&random, STRINGS)];
        if (string->length >= string->end) {
            free(string->text);
            *string = (struct string){.end = random_size(&random, LEAST_END, MOST_END)};
        }
        append(string, random_size(&random, LEAST_PIECE, MOST_PIECE));
    }
    for (size_t i = 0; i < STRINGS; i++)
        free(strings[i].text);
}

/* Returns how often it was made larger. */
static size_t double_vectors(size_t vectors)
{
    size_t steps = 0;
    for (size_t i = 0; i < vectors; i++) {
        struct string vector = {0};
        for (size_t bytes = 64; bytes <= VECTOR_BYTES; bytes *= 2, steps++)
            append(&vector, bytes - vector.length);
        free(vector.text);
    }
    return steps;
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    size_t appends = workload_times(APPENDS);
    append_pieces(appends);
    return workload_end(appends + double_vectors(workload_times(VECTORS)));
}
