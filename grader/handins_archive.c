/* handins_archive: looks for hand-in files in a .tar, .tar.gz or .zip, read by libarchive.
 *
 * Nothing is unpacked: an entry whose name is a hand-in file's is read into memory, all others are
 * passed over. So there is no way out of a folder, since there is no folder. What an honest archive
 * does not hold (a link, a device, a way up) is said in a note that names it, and not taken. */
#include <archive.h>
#include <archive_entry.h>
#include <string.h>
#include <sys/stat.h>

#include "grader/handins.h"
#include "grader/keep.h"
#include "grader/submission.h"
#include "grader/text.h"

/* A few kilobytes of archive can be made to unpack to terabytes, and to millions of entries. */
enum { MOST_ENTRIES = 10000, MOST_UNPACKED = 64 * 1024 * 1024, BLOCK = 10240 };

static bool leads_out(const char *name)
{
    if (name[0] == '/')
        return true;
    for (; *name != '\0'; name += strcspn(name, "/"), name += *name == '/')
        if (strncmp(name, "..", 2) == 0 && (name[2] == '/' || name[2] == '\0'))
            return true;
    return false;
}

/* Why an entry is not taken, or NULL. */
static const char *refuse(struct archive_entry *entry, const char *name)
{
    if (leads_out(name))
        return "leads out of the archive";
    if (archive_entry_hardlink(entry) != NULL)
        return "is a hard link";
    if (archive_entry_filetype(entry) == AE_IFLNK)
        return "is a symbolic link";
    if (archive_entry_filetype(entry) == AE_IFREG || archive_entry_filetype(entry) == AE_IFDIR)
        return NULL;
    return "is not a regular file";
}

/* Reads an entry to its end, for the archive cannot go on before, and keeps the start of it: the
 * blocks of a sparse file say where they belong. Returns false when all that may be unpacked is. */
static bool read_entry(struct archive *archive, size_t *unpacked, char *bytes, size_t *length)
{
    const void *block = NULL;
    size_t size = 0;
    la_int64_t offset = 0;
    *length = 0;
    while (archive_read_data_block(archive, &block, &size, &offset) == ARCHIVE_OK) {
        size_t start = offset > MOST_HANDIN_BYTES ? MOST_HANDIN_BYTES + 1 : (size_t)offset;
        size_t room = MOST_HANDIN_BYTES + 1 - start;
        size_t taken = size < room ? size : room;
        if (taken > 0)
            memcpy(bytes + start, block, taken);
        *length = start + taken;
        *unpacked += size;
        if (*unpacked > MOST_UNPACKED)
            return false;
    }
    return true;
}

static bool take_entry(struct handins *handins, struct archive *archive,
                       struct archive_entry *entry, size_t *unpacked, char *bytes)
{
    const char *name = archive_entry_pathname(entry);
    if (name == NULL)
        name = "(a name that cannot be read)";
    size_t length = 0;
    const char *why = refuse(entry, name);
    struct handin *handin = leads_out(name) ? NULL : handins_at(handins, name);
    memset(bytes, 0, MOST_HANDIN_BYTES + 1);
    bool all_read = read_entry(archive, unpacked, bytes, &length);
    if (handin != NULL && why == NULL && archive_entry_filetype(entry) == AE_IFDIR)
        why = "is a folder";
    if (handin != NULL && why == NULL && archive_entry_size(entry) > (la_int64_t)length)
        length = (size_t)MOST_HANDIN_BYTES + 1; /* a sparse file that ends in a hole */
    if (handin != NULL && why != NULL)
        *handin = (struct handin){NULL, 0, why};
    else if (handin != NULL)
        handin_take(handin, bytes, length);
    else if (why != NULL)
        handins_note(handins,
                     keep_format("%s %s: it is not taken", text_start(name, MOST_SHOWN_NAME), why));
    return all_read;
}

static struct archive *open_archive(int fd)
{
    struct archive *archive = archive_read_new();
    if (archive == NULL)
        return NULL;
    archive_read_support_filter_gzip(archive);
    archive_read_support_format_tar(archive);
    archive_read_support_format_zip(archive);
    archive_read_open_fd(archive, fd, BLOCK); /* a failure shows at the first header */
    return archive;
}

static const char *read_entries(struct handins *handins, struct archive *archive)
{
    char *bytes = keep_bytes(MOST_HANDIN_BYTES + 1);
    struct archive_entry *entry = NULL;
    size_t unpacked = 0;
    int status = ARCHIVE_OK;
    for (unsigned entries = 0; entries < MOST_ENTRIES; entries++) {
        status = archive_read_next_header(archive, &entry);
        if (status == ARCHIVE_EOF)
            return NULL;
        if (status < ARCHIVE_WARN)
            return keep_format("cannot be read as a .tar, .tar.gz or .zip: %s",
                               text_start(archive_error_string(archive), MOST_SHOWN_NAME));
        bool is_much = archive_filter_bytes(archive, 0) > MOST_UNPACKED; /* heads, too */
        if (is_much || !take_entry(handins, archive, entry, &unpacked, bytes))
            return keep_format("unpacks to more than %d MiB", MOST_UNPACKED / 1024 / 1024);
    }
    return keep_format("has more than %d entries", MOST_ENTRIES);
}

const char *handins_read_archive(struct handins *handins, int fd)
{
    struct archive *archive = open_archive(fd);
    const char *wrong = archive == NULL ? "cannot be read: out of memory" : NULL;
    if (wrong == NULL)
        wrong = read_entries(handins, archive);
    archive_read_free(archive);
    return wrong;
}
