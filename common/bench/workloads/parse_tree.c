/* parse_tree: reads nested lists of names and numbers into a tree, adds it up, and drops it.
 *
 * Stands for compilers, interpreters and readers of JSON or XML: many small nodes of a few sizes,
 * short strings, arrays that grow by realloc; all freed together, along the tree. */
#include "common/bench/workload.h"

enum { TEXT_BYTES = 300000, MOST_DEPTH = 20, REPEATS = 200, FIRST_ROOM = 4 };

struct node {
    enum { NUMBER, NAME, LIST } kind;
    size_t count; /* of a list's items, or a name's length */
    size_t room;
    union {
        long number;
        char *name;
        struct node **items;
    } value;
};

static char text[TEXT_BYTES];
static size_t operations;

/* --- The text: ( name 123 ( … ) … ) --- */

static char *write_item(char *at, struct random *random)
{
    size_t length = 1 + random_below(random, 40);
    bool is_number = random_below(random, 2) == 0;
    for (size_t i = 0; i < (is_number ? length % 8 + 1 : length); i++)
        *at++ = (char)(is_number ? '1' + random_below(random, 9) : 'a' + random_below(random, 26));
    *at++ = ' ';
    return at;
}

static void write_text(void)
{
    struct random random = random_start(1);
    char *at = text;
    char *end = text + TEXT_BYTES - 2 * MOST_DEPTH - 64;
    size_t depth = 0;
    *at++ = '(';
    while (at < end) {
        size_t choice = random_below(&random, 8);
        if (choice == 0 && depth < MOST_DEPTH) {
            *at++ = '(';
            depth++;
        } else if (choice == 1 && depth > 0) {
            *at++ = ')';
            depth--;
        } else {
            at = write_item(at, &random);
        }
    }
    for (depth++; depth > 0; depth--)
        *at++ = ')';
    *at = '\0';
}

/* --- Reading --- */

static struct node *new_node(int kind)
{
    struct node *node = take(sizeof *node);
    *node = (struct node){.kind = kind};
    operations++;
    return node;
}

static void add_item(struct node *list, struct node *item)
{
    if (list->count == list->room) {
        list->room = list->room == 0 ? FIRST_ROOM : 2 * list->room;
        list->value.items = realloc(list->value.items, list->room * sizeof(struct node *));
        operations++;
        if (list->value.items == NULL)
            exit(EXIT_FAILURE);
    }
    list->value.items[list->count++] = item;
}

static struct node *read_atom(const char **at)
{
    struct node *node = new_node(**at <= '9' ? NUMBER : NAME);
    const char *end = strchr(*at, ' ');
    if (node->kind == NUMBER) {
        node->value.number = strtol(*at, NULL, 10);
    } else {
        node->count = (size_t)(end - *at);
        node->value.name = memcpy(take(node->count + 1), *at, node->count);
        node->value.name[node->count] = '\0';
        operations++;
    }
    *at = end + 1;
    return node;
}

static struct node *read_list(const char **at)
{
    struct node *list = new_node(LIST);
    for (++*at; **at != ')';)
        add_item(list, **at == '(' ? read_list(at) : read_atom(at));
    ++*at;
    return list;
}

/* --- Using and dropping --- */

static long add_up(const struct node *node)
{
    if (node->kind != LIST)
        return node->kind == NUMBER ? node->value.number : (long)node->count;
    long sum = 0;
    for (size_t i = 0; i < node->count; i++)
        sum += add_up(node->value.items[i]);
    return sum;
}

static void drop(struct node *node)
{
    if (node->kind == LIST) {
        for (size_t i = 0; i < node->count; i++)
            drop(node->value.items[i]);
        free(node->value.items);
    } else if (node->kind == NAME) {
        free(node->value.name);
    }
    free(node);
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    write_text();
    size_t repeats = workload_times(REPEATS);
    long sum = 0;
    for (size_t i = 0; i < repeats; i++) {
        const char *at = text;
        struct node *tree = read_list(&at);
        sum += add_up(tree);
        drop(tree);
    }
    return sum == 0 ? EXIT_FAILURE : workload_end(operations);
}
