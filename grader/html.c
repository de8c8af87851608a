/* html: see html.h: what all pages share. */
#include "grader/html.h"

#include <stdarg.h>
#include <string.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/verdict.h"

enum { MOST_ASSET = 256 * 1024 };

void html_text(FILE *out, const char *text)
{
    for (const char *at = text_clean(text); *at != '\0'; at++)
        switch (*at) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\'':
            fputs("&#39;", out);
            break;
        default:
            fputc(*at, out);
        }
}

void html_format(FILE *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    for (const char *at = format; *at != '\0'; at++) {
        if (*at != '%') {
            fputc(*at, out);
            continue;
        }
        at++;
        if (*at == 's')
            html_text(out, va_arg(arguments, const char *));
        else if (*at == 'u')
            fprintf(out, "%u", va_arg(arguments, unsigned));
        else if (at[0] == 'z' && at[1] == 'u')
            at++, fprintf(out, "%zu", va_arg(arguments, size_t));
        else if (*at == '%')
            fputc('%', out);
        else
            die_broken("html_format does not know %%%c", *at);
    }
    va_end(arguments);
}

/* A file of the tree, from its root. */
static const char *asset(const char *file)
{
    const char *text = file_read(file, MOST_ASSET, NULL);
    if (text == NULL)
        die_broken("%s of the course's tree is missing", file);
    return text;
}

void html_start(FILE *out, const char *title, const char *script)
{
    const char *nonce = verdict_token();
    fprintf(out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
            "style-src 'nonce-%s'; script-src 'nonce-%s'; base-uri 'none'; form-action 'none'\"/>\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
            "<meta name=\"referrer\" content=\"no-referrer\"/>\n",
            nonce, nonce);
    html_format(out, "<title>%s</title>\n<style nonce=\"%s\">\n", title, nonce);
    fprintf(out, "%s</style>\n", asset("grader/html/page.css"));
    if (script != NULL)
        fprintf(out, "<script nonce=\"%s\">/*<![CDATA[*/\n%s/*]]>*/</script>\n", nonce,
                asset(script));
    fprintf(out, "</head>\n<body>\n");
}

void html_end(FILE *out)
{
    fprintf(out, "</body>\n</html>\n");
}

void html_bar(FILE *out, const char *label, double earned, double most)
{
    double share = most > 0 ? 100 * earned / most : 0;
    html_format(out,
                "<svg class=\"bar%s\" viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" "
                "role=\"img\" aria-label=\"%s\">",
                earned >= most ? " full" : "", label);
    fprintf(out,
            "<rect class=\"track\" width=\"100\" height=\"6\"/>"
            "<rect class=\"fill\" width=\"%.2f\" height=\"6\"/></svg>",
            share);
}

const char *html_class_of(enum status status)
{
    switch (report_color(status)) {
    case TEXT_GOOD:
        return "good";
    case TEXT_UNDONE:
        return "undone";
    default:
        return "bad";
    }
}
