/* archive_maker: see archive_maker.h. */
#include "grader/tests/archive_maker.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "grader/die.h"
#include "grader/keep.h"

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static void write_hole(struct archive *archive, size_t bytes)
{
    static const char zeros[64 * 1024];
    for (size_t part = 0; bytes > 0; bytes -= part) {
        part = bytes < sizeof zeros ? bytes : sizeof zeros;
        archive_write_data(archive, zeros, part);
    }
}

static void write_item(struct archive *archive, const struct archive_item *item)
{
    struct archive_entry *entry = archive_entry_new();
    const char *text = item->text == NULL ? "" : item->text;
    bool is_file = (item->kind == 0 || item->kind == S_IFREG) && !item->hard_link;
    archive_entry_set_pathname(entry, item->name);
    archive_entry_set_filetype(entry, item->kind == 0 ? AE_IFREG : item->kind);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, is_file ? (la_int64_t)(item->hole + strlen(text)) : 0);
    if (item->kind == S_IFLNK)
        archive_entry_set_symlink(entry, text);
    if (item->hard_link)
        archive_entry_set_hardlink(entry, text);
    if (archive_write_header(archive, entry) < ARCHIVE_WARN)
        die_broken("%s: %s", item->name, archive_error_string(archive));
    if (is_file) {
        write_hole(archive, item->hole);
        archive_write_data(archive, text, strlen(text));
    }
    archive_entry_free(entry);
}

void archive_make(const char *path, const struct archive_item *items)
{
    struct archive *archive = archive_write_new();
    if (ends_with(path, ".zip"))
        archive_write_set_format_zip(archive);
    else
        archive_write_set_format_pax_restricted(archive);
    if (ends_with(path, "gz"))
        archive_write_add_filter_gzip(archive);
    if (archive_write_open_filename(archive, path) != ARCHIVE_OK)
        die_broken("%s: %s", path, archive_error_string(archive));
    for (; items->name != NULL; items++)
        write_item(archive, items);
    archive_write_close(archive);
    archive_write_free(archive);
}
