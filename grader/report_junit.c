/* report_junit: the report as JUnit's XML, which continuous integration shows: a test suite for each
 * suite of tests, of the tools and of the counts. Written by libxml2, which escapes. */
#include <libxml/xmlwriter.h>
#include <string.h>

#include "grader/die.h"
#include "grader/keep.h"
#include "grader/report.h"
#include "grader/report_rows.h"

static const xmlChar *xml(const char *text)
{
    return (const xmlChar *)text;
}

static void attribute(xmlTextWriterPtr out, const char *name, const char *value)
{
    xmlTextWriterWriteAttribute(out, xml(name), xml(value));
}

/* <failure>, <error> or <skipped>, or nothing for a row that passed. */
static void write_outcome(xmlTextWriterPtr out, const struct report_row *row)
{
    static const char *const elements[] = {
        [OUTCOME_FAILED] = "failure", [OUTCOME_SKIPPED] = "skipped", [OUTCOME_ERROR] = "error"};
    if (row->outcome == OUTCOME_PASSED)
        return;
    xmlTextWriterStartElement(out, xml(elements[row->outcome]));
    if (row->outcome != OUTCOME_SKIPPED)
        attribute(out, "type", row->reason);
    attribute(out, "message", keep_part(row->message, strcspn(row->message, "\n")));
    if (row->outcome != OUTCOME_SKIPPED)
        xmlTextWriterWriteString(out, xml(row->message));
    xmlTextWriterEndElement(out);
}

static void write_row(xmlTextWriterPtr out, const struct report_row *row)
{
    xmlTextWriterStartElement(out, xml("testcase"));
    attribute(out, "classname", row->suite);
    attribute(out, "name", row->name);
    attribute(out, "time", keep_format("%.3f", row->seconds));
    write_outcome(out, row);
    xmlTextWriterEndElement(out);
}

static size_t count_outcomes(const struct report_row *rows, size_t count, enum outcome outcome)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += rows[i].outcome == outcome;
    return found;
}

/* Rows of one suite lie side by side. */
static size_t suite_end(const struct report_row *rows, size_t start, size_t count)
{
    size_t end = start + 1;
    while (end < count && strcmp(rows[end].suite, rows[start].suite) == 0)
        end++;
    return end;
}

static void write_suite(xmlTextWriterPtr out, const struct report_row *rows, size_t count)
{
    double seconds = 0;
    for (size_t i = 0; i < count; i++)
        seconds += rows[i].seconds;
    xmlTextWriterStartElement(out, xml("testsuite"));
    attribute(out, "name", rows->suite);
    attribute(out, "tests", keep_format("%zu", count));
    attribute(out, "failures", keep_format("%zu", count_outcomes(rows, count, OUTCOME_FAILED)));
    attribute(out, "errors", keep_format("%zu", count_outcomes(rows, count, OUTCOME_ERROR)));
    attribute(out, "skipped", keep_format("%zu", count_outcomes(rows, count, OUTCOME_SKIPPED)));
    attribute(out, "time", keep_format("%.3f", seconds));
    for (size_t i = 0; i < count; i++)
        write_row(out, &rows[i]);
    xmlTextWriterEndElement(out);
}

/* A stage that could not be graded may have no tests: then that is what is told. */
static void write_stage(xmlTextWriterPtr out, const struct stage_result *result)
{
    size_t count = 0;
    const struct report_row *rows = report_rows(result, &count);
    for (size_t start = 0; start < count; start = suite_end(rows, start, count))
        write_suite(out, &rows[start], suite_end(rows, start, count) - start);
    if (result->broken != NULL) {
        struct report_row row = {.suite = keep_format("stage%u", result->stage->number),
                                 .name = "grading",
                                 .outcome = OUTCOME_ERROR,
                                 .reason = "GRADER_ERROR",
                                 .message = text_clean(result->broken)};
        write_suite(out, &row, 1);
    }
}

char *report_junit(const struct report *report)
{
    xmlBufferPtr buffer = xmlBufferCreate();
    xmlTextWriterPtr out = buffer == NULL ? NULL : xmlNewTextWriterMemory(buffer, 0);
    if (out == NULL)
        die_broken("the JUnit report cannot be made");
    xmlTextWriterSetIndent(out, 1);
    xmlTextWriterStartDocument(out, NULL, "UTF-8", NULL);
    xmlTextWriterStartElement(out, xml("testsuites"));
    attribute(out, "name", "grade");
    for (size_t i = 0; i < report->count; i++)
        write_stage(out, &report->stages[i]);
    xmlTextWriterEndDocument(out);
    xmlFreeTextWriter(out);
    char *text = keep_text((const char *)xmlBufferContent(buffer));
    xmlBufferFree(buffer);
    return text;
}
