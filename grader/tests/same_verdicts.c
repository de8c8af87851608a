/* same_verdicts: proves that both builds of a stage's tests, Criterion and plain, have the same
 * tests with the same verdicts.
 *
 *   same_verdicts PLAIN-PROGRAM CRITERION-PROGRAM
 *
 * Status 0: all the same; 1: it says which differ. */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grader/die.h"
#include "grader/keep.h"
#include "grader/process.h"
#include "grader/scratch.h"
#include "grader/test_list.h"
#include "grader/verdict.h"

enum { WALL_SECONDS = 300 };

/* What each build says of one test; NULL where it does not have it. */
struct pair {
    const char *name;
    const char *plain;
    const char *criterion;
};

struct pairs {
    struct pair *items;
    size_t count;
};

static struct pair *find(struct pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (strcmp(pairs->items[i].name, name) == 0)
            return &pairs->items[i];
    pairs->items = keep_room(pairs->items, pairs->count, sizeof *pairs->items);
    pairs->items[pairs->count] = (struct pair){.name = name};
    return &pairs->items[pairs->count++];
}

static void run_plain(const char *program, struct pairs *pairs)
{
    static const char *const names[] = {"CRASH", "PASSED", "FAILED", "NOT_DONE"};
    const char *arguments[] = {program, "--report-fd", "3", "--token-fd", "4", NULL};
    struct process process = {
        .arguments = arguments, .token = verdict_token(), .wall_seconds = WALL_SECONDS};
    struct verdict *verdicts = NULL;
    process_run(&process);
    size_t count = verdict_parse(process.report.bytes, process.token, &verdicts);
    for (size_t i = 0; i < count; i++)
        find(pairs, verdicts[i].name)->plain = names[verdicts[i].kind];
}

/* In our words. */
static const char *criterion_verdict(const char *status)
{
    if (strcmp(status, "SKIPPED") == 0)
        return "NOT_DONE";
    return strcmp(status, "ERRORED") == 0 ? "CRASH" : keep_text(status);
}

static char *attribute(xmlNode *node, const char *name)
{
    xmlChar *value = xmlGetProp(node, (const xmlChar *)name);
    char *kept = keep_text(value == NULL ? "" : (const char *)value);
    xmlFree(value);
    return kept;
}

static void read_suite(xmlNode *suite, struct pairs *pairs)
{
    for (xmlNode *node = suite->children; node != NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, "testcase") != 0)
            continue;
        const char *name = keep_format("%s/%s", attribute(suite, "name"), attribute(node, "name"));
        find(pairs, name)->criterion = criterion_verdict(attribute(node, "status"));
    }
}

static void run_criterion(const char *program, struct pairs *pairs)
{
    const char *file = scratch_path("criterion.xml");
    const char *arguments[] = {program, "--jobs", "2", keep_format("--xml=%s", file), NULL};
    struct process process = {.arguments = arguments, .wall_seconds = WALL_SECONDS};
    process_run(&process);
    xmlDoc *document = xmlReadFile(file, NULL, XML_PARSE_NONET);
    if (document == NULL)
        die_broken("%s wrote no XML", program);
    for (xmlNode *node = xmlDocGetRootElement(document)->children; node != NULL; node = node->next)
        if (node->type == XML_ELEMENT_NODE)
            read_suite(node, pairs);
    xmlFreeDoc(document);
}

static unsigned count_differences(const struct pairs *pairs)
{
    unsigned differences = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        const struct pair *pair = &pairs->items[i];
        if (pair->plain != NULL && pair->criterion != NULL &&
            strcmp(pair->plain, pair->criterion) == 0)
            continue;
        differences++;
        printf("%s: %s in the plain build, %s in the Criterion build\n", pair->name,
               pair->plain == NULL ? "missing" : pair->plain,
               pair->criterion == NULL ? "missing" : pair->criterion);
    }
    return differences;
}

int main(int count, char **arguments)
{
    atexit(keep_free_all);
    if (count != 3)
        die_usage("usage: same_verdicts PLAIN-PROGRAM CRITERION-PROGRAM");
    struct pairs pairs = {NULL, 0};
    scratch_make();
    process_prepare();
    run_plain(arguments[1], &pairs);
    run_criterion(arguments[2], &pairs);
    if (pairs.count == 0)
        die_broken("%s has no tests", arguments[1]);
    unsigned differences = count_differences(&pairs);
    printf("%s: %zu tests, %u of them differ between the plain and the Criterion build\n",
           arguments[1], pairs.count, differences);
    return differences == 0 ? 0 : 1;
}
