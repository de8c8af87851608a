/* tables: thousands of tables that grow by doubling, entry by entry, with short strings in between.
 *
 * Stands for interpreters of languages whose every object is a table (Lua, JavaScript, Python): an
 * array grows by realloc; a table of hashes is taken anew and the old one dropped after all was put
 * over. Each leaves holes behind of half the size of what comes next. */
#include "common/bench/workload.h"

enum {
    TABLES = 2000,
    LEAST_ENTRIES = 4,
    MOST_ENTRIES = 1024,
    FIRST_ROOM = 4,
    ENTRY_BYTES = 16,
    ENTRIES_A_STRING = 4,
    LEAST_STRING = 20,
    MOST_STRING = 80,
    REPLACED = 60000, /* tables, over the whole run */
};

struct entry {
    void *string; /* or NULL */
    size_t number;
};

struct table {
    struct entry *entries;
    size_t count;
    size_t room;
};

static struct table tables[TABLES];
static size_t operations;

static void grow_array(struct table *table)
{
    table->room = table->room == 0 ? FIRST_ROOM : 2 * table->room;
    table->entries = realloc(table->entries, table->room * ENTRY_BYTES);
    if (table->entries == NULL)
        exit(EXIT_FAILURE);
}

static void grow_hashes(struct table *table)
{
    size_t room = table->room == 0 ? FIRST_ROOM : 2 * table->room;
    struct entry *entries = take(room * ENTRY_BYTES);
    if (table->count != 0)
        memcpy(entries, table->entries, table->count * ENTRY_BYTES);
    free(table->entries);
    table->entries = entries;
    table->room = room;
}

static void add(struct table *table, bool is_array, struct random *random)
{
    if (table->count == table->room) {
        (is_array ? grow_array : grow_hashes)(table);
        operations++;
    }
    struct entry *entry = &table->entries[table->count++];
    *entry = (struct entry){.number = table->count};
    if (table->count % ENTRIES_A_STRING != 0)
        return;
    entry->string = take(random_size(random, LEAST_STRING, MOST_STRING));
    operations++;
}

static void drop(struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->entries[i].string);
    free(table->entries);
    *table = (struct table){0};
}

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    struct random random = random_start(1);
    size_t replaced = workload_times(REPLACED);
    for (size_t i = 0; i < replaced; i++) {
        struct table *table = &tables[random_below(&random, TABLES)];
        drop(table);
        size_t entries = random_size(&random, LEAST_ENTRIES, MOST_ENTRIES);
        for (size_t j = 0; j < entries; j++)
            add(table, i % 2 == 0, &random);
    }
    for (size_t i = 0; i < TABLES; i++)
        drop(&tables[i]);
    return workload_end(operations);
}
