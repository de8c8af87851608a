/* gate_calls: see gate.h. */
#include <dirent.h>
#include <string.h>

#include "grader/c_text.h"
#include "grader/files.h"
#include "grader/gate.h"
#include "grader/keep.h"

enum { MOST_HEADER_BYTES = 1024 * 1024 };

/* What the compiler makes calls of by itself, and what a pool may need of the C library. One that ends
 * with * stands for all that start so. */
static const char *const library[] = {
    "memcpy",
    "memmove",
    "memset",
    "memcmp",
    "memchr",
    "bcmp",
    "strlen",
    "ffs",
    "ffsl",
    "pthread_once",
    "pthread_key_create",
    "pthread_key_delete",
    "pthread_setspecific",
    "pthread_getspecific",
    "pthread_self",
    "pthread_equal",
    "sched_yield",
    "__errno_location",
    "__tls_get_addr",
    "__assert_fail",
    "__stack_chk_fail",
    "_GLOBAL_OFFSET_TABLE_",
    "__popcount*",
    "__parity*",
    "__ffs*",
    "__clz*",
    "__ctz*",
    "__bswap*",
    "__udiv*",
    "__umod*",
    "__div*",
    "__mod*",
    "__mul*",
};

static const char *const of_tools[] = {"__tsan_*", "__gcov_*",  "__llvm_*",     "llvm_*",
                                       "__asan_*", "__ubsan_*", "__sanitizer_*"};

/* What to do instead. */
static const struct {
    const char *names; /* with a blank round each */
    const char *advice;
} advices[] = {
    {" printf fprintf puts putchar putc fputs fputc fwrite vprintf vfprintf perror write stdout "
     "stderr"
     " dprintf ",
     "print with debug_print (common/todo.h), which is silent when graded"},
    {" malloc calloc realloc free aligned_alloc posix_memalign memalign valloc reallocarray strdup "
     "malloc_usable_size ",
     "below an allocator there is no malloc: take memory from the layer below"},
    {" mmap munmap mremap madvise mprotect brk sbrk syscall ",
     "take memory from the system by os_memory.h"},
    {" abort exit _exit _Exit quick_exit raise kill atexit on_exit pthread_exit longjmp _setjmp ",
     "code under test does not end the process: announce a caller's bug by caller_bug, and the "
     "want of "
     "memory by NULL and errno"},
    {" pthread_mutex_lock pthread_mutex_unlock pthread_mutex_trylock pthread_mutex_init "
     "pthread_spin_lock pthread_spin_unlock pthread_rwlock_rdlock pthread_rwlock_wrlock mtx_lock "
     "mtx_unlock ",
     "lock by lock_acquire and lock_release (common/lock.h)"},
};

static bool is_in(const char *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(list[i]);
        bool is_start = list[i][length - 1] == '*';
        if (is_start ? strncmp(name, list[i], length - 1) == 0 : strcmp(name, list[i]) == 0)
            return true;
    }
    return false;
}

static const char *advice_for(const char *name)
{
    const char *wanted = keep_format(" %s ", name);
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (strstr(advices[i].names, wanted) != NULL)
            return advices[i].advice;
    return "call what the course's headers declare, and memcpy and its like";
}

/* The first line where the source has that word; 0 where a macro made it. */
static unsigned find_line(const char *source, const char *name)
{
    struct c_text text = c_text_start(source);
    for (struct c_token token = c_text_next(&text); token.kind != C_END; token = c_text_next(&text))
        if (token.kind == C_WORD && c_token_is(&token, name))
            return token.line;
    return 0;
}

/* The compiler calls puts and putchar where the source has printf. */
static char *refuse(const struct gate_file *file, const char *name)
{
    unsigned line = find_line(file->source, name);
    if (line == 0 && (strcmp(name, "puts") == 0 || strcmp(name, "putchar") == 0)) {
        name = "printf";
        line = find_line(file->source, name);
    }
    const char *place = line == 0 ? file->name : keep_format("%s:%u", file->name, line);
    return keep_format("%s: it uses %s: %s", place, name, advice_for(name));
}

char *gate_calls(const struct gate_file *file, const struct gate_object *object,
                 const struct gate_names *contracts, const struct gate_names *siblings,
                 bool instrumented)
{
    for (size_t i = 0; i < object->calls.count; i++) {
        const char *name = object->calls.items[i];
        if (gate_names_have(contracts, name) || gate_names_have(siblings, name) ||
            is_in(library, sizeof library / sizeof *library, name) ||
            (instrumented && is_in(of_tools, sizeof of_tools / sizeof *of_tools, name)))
            continue;
        return refuse(file, name);
    }
    return NULL;
}

/* format(printf, 1, 2) declares no printf. */
static void skip_attribute(struct c_text *text)
{
    unsigned depth = 0;
    struct c_token token;
    do {
        token = c_text_next(text);
        depth += c_token_is(&token, "(");
        depth -= depth > 0 && c_token_is(&token, ")");
    } while (depth > 0 && token.kind != C_END);
}

static void read_header(const char *path, struct gate_names *names)
{
    const char *source = file_read(path, MOST_HEADER_BYTES, NULL);
    if (source == NULL)
        return;
    struct c_text text = c_text_start(source);
    for (struct c_token token = c_text_next(&text); token.kind != C_END; token = c_text_next(&text))
        if (c_token_is(&token, "__attribute__"))
            skip_attribute(&text);
        else if (token.kind == C_WORD)
            gate_names_add(names, keep_part(token.start, token.length));
}

void gate_read_headers(const char *folder, struct gate_names *names)
{
    DIR *listing = opendir(folder);
    struct dirent *entry = NULL;
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        size_t length = strlen(entry->d_name);
        if (length > 2 && strcmp(entry->d_name + length - 2, ".h") == 0)
            read_header(keep_format("%s/%s", folder, entry->d_name), names);
    }
    if (listing != NULL)
        closedir(listing);
}
