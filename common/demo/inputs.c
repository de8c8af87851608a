/* inputs: see inputs.h. Read order: write_source, write_history, write_commands; each with the
 * pieces it is made of before it. */
#include "common/demo/inputs.h"

#include <stdint.h>
#include <stdio.h>

struct writer {
    FILE *file;
    uint32_t state; /* of the number generator */
};

static struct writer open_writer(const char *name)
{
    return (struct writer){.file = fopen(name, "w"), .state = 1};
}

static bool close_writer(struct writer *to)
{
    bool written = ferror(to->file) == 0;
    return fclose(to->file) == 0 && written;
}

/* A number below `limit`; the same sequence in every run. */
static unsigned next_number(struct writer *to, unsigned limit)
{
    to->state = to->state * 1664525u + 1013904223u;
    return (to->state >> 8) % limit;
}

/* --- A source for gcc --- */

static const char source_head[] = "#include <stddef.h>\n"
                                  "#include <stdint.h>\n"
                                  "#include <stdio.h>\n"
                                  "#include <string.h>\n"
                                  "\n"
                                  "struct node {\n"
                                  "    struct node *next;\n"
                                  "    uint32_t values[16];\n"
                                  "    char name[32];\n"
                                  "    double weight;\n"
                                  "};\n";

static void write_expression(struct writer *to, unsigned depth)
{
    static const char *const operands[] = {"a", "b", "sum", "node->values[a & 15]",
                                           "(uint32_t)node->weight"};
    static const char *const operators[] = {"+", "-", "*", "^", "&", "|", ">>", "=="};
    if (depth == 0) {
        fputs(operands[next_number(to, 5)], to->file);
        return;
    }
    fputc('(', to->file);
    write_expression(to, next_number(to, depth));
    const char *sign = operators[next_number(to, 8)];
    fprintf(to->file, " %s ", sign);
    if (sign[0] == '>')
        fprintf(to->file, "%u", next_number(to, 31));
    else
        write_expression(to, depth - 1);
    fputc(')', to->file);
}

static void write_switch(struct writer *to)
{
    fputs("        switch (i % 7) {\n", to->file);
    for (unsigned label = 0; label < 5; label++) {
        fprintf(to->file, "        case %u:\n            sum += ", label);
        write_expression(to, 1);
        fputs(";\n            break;\n", to->file);
    }
    fputs("        default:\n"
          "            node->weight += sum * 0.5;\n"
          "            snprintf(node->name, sizeof node->name, \"%u of %u\", sum, i);\n"
          "        }\n",
          to->file);
}

static void write_table(struct writer *to, unsigned number)
{
    fprintf(to->file, "\nstatic uint32_t table_%u[64] = {\n", number);
    for (unsigned line = 0; line < 16; line++)
        fprintf(to->file, "    %u, %u, %u, %u,\n", next_number(to, 1u << 24),
                next_number(to, 1u << 24), next_number(to, 1u << 24), next_number(to, 1u << 24));
    fputs("};\n\n", to->file);
}

static void write_function(struct writer *to, unsigned number)
{
    write_table(to, number);
    fprintf(to->file,
            "uint32_t function_%u(struct node *node, uint32_t a, uint32_t b)\n"
            "{\n"
            "    uint32_t sum = %u;\n"
            "    for (uint32_t i = 0; i < b %% 100; i++) {\n",
            number, next_number(to, 1000));
    write_switch(to);
    fprintf(to->file, "        table_%u[(sum + i) & 63] ^= ", number);
    write_expression(to, 2);
    fputs(";\n    }\n    if (", to->file);
    write_expression(to, 2);
    fputs(" > 100 && node->next != NULL)\n        sum ^= ", to->file);
    if (number == 0)
        write_expression(to, 2);
    else
        fprintf(to->file, "function_%u(node->next, b, sum)", next_number(to, number));
    fprintf(to->file, ";\n    return sum + table_%u[a & 63];\n}\n", number);
}

bool write_source(size_t function_count)
{
    struct writer to = open_writer("source.c");
    if (to.file == NULL)
        return false;
    fputs(source_head, to.file);
    for (unsigned number = 0; number < function_count; number++)
        write_function(&to, number);
    return close_writer(&to);
}

/* --- A history for git --- */

enum { FILE_COUNT = 240, FOLDER_COUNT = 8, LINE_COUNT = 80, CHANGED_FILES = 3, CHANGED_LINES = 4 };

/* A line of text is a number, which says its words. */
static unsigned texts[FILE_COUNT][LINE_COUNT];

static void write_line(struct writer *to, unsigned text)
{
    static const char *const words[] = {"span", "page",  "object", "batch", "thread", "cache",
                                        "lock", "class", "list",   "tree",  "leaf",   "root"};
    fprintf(to->file, "%05u", text % 100000);
    for (unsigned rest = text; rest != 0; rest /= 12)
        fprintf(to->file, " %s", words[rest % 12]);
    fputc('\n', to->file);
}

static void write_file(struct writer *to, unsigned file)
{
    fprintf(to->file, "M 100644 inline folder-%u/file-%u.txt\ndata <<END\n", file % FOLDER_COUNT,
            file);
    for (size_t line = 0; line < LINE_COUNT; line++)
        write_line(to, texts[file][line]);
    fputs("END\n\n", to->file);
}

static void write_commit(struct writer *to, size_t number)
{
    fprintf(to->file,
            "commit refs/heads/main\n"
            "committer Writer %u <writer%u@example.org> %zu +0000\n"
            "data <<END\nChange number %zu\n\nIt touches a few files.\nEND\n",
            next_number(to, 9), next_number(to, 9), 1700000000 + number * 600, number);
    for (size_t i = 0; i < CHANGED_FILES; i++) {
        unsigned file = next_number(to, FILE_COUNT);
        for (size_t j = 0; j < CHANGED_LINES; j++)
            texts[file][next_number(to, LINE_COUNT)] = next_number(to, 1u << 24);
        write_file(to, file);
    }
    fputc('\n', to->file);
}

bool write_history(size_t commit_count)
{
    struct writer to = open_writer("history");
    if (to.file == NULL)
        return false;
    for (size_t file = 0; file < FILE_COUNT; file++)
        for (size_t line = 0; line < LINE_COUNT; line++)
            texts[file][line] = next_number(&to, 1u << 24);
    for (size_t number = 0; number < commit_count; number++)
        write_commit(&to, number);
    return close_writer(&to);
}

/* --- Commands for redis --- */

bool write_commands(size_t command_count)
{
    struct writer to = open_writer("commands");
    if (to.file == NULL)
        return false;
    for (size_t i = 0; i < command_count; i++) {
        unsigned key = next_number(&to, (unsigned)command_count / 20 + 1);
        unsigned value = next_number(&to, 1000000);
        switch (i % 6) {
        case 0:
            fprintf(to.file, "SET string:%u value-%0*u\r\n", key, 1 + (int)(value % 200), value);
            break;
        case 1:
            fprintf(to.file, "RPUSH list:%u %u\r\n", key % 500, value);
            break;
        case 2:
            fprintf(to.file, "SADD set:%u member-%u\r\n", key % 700, value);
            break;
        case 3:
            fprintf(to.file, "HSET hash:%u field-%u %u\r\n", key % 300, value % 400, value);
            break;
        case 4:
            fprintf(to.file, "ZADD zset:%u %u member-%u\r\n", key % 200, value, value % 5000);
            break;
        default:
            fprintf(to.file, "APPEND string:%u tail-%u\r\n", key, value);
        }
    }
    return close_writer(&to);
}
