/* The gate: what it refuses in source, in preprocessed text and in objects, and what it must not. */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/c_text.h"
#include "grader/files.h"
#include "grader/gate.h"
#include "grader/keep.h"
#include "grader/process.h"
#include "grader/scratch.h"

/* --- Tokens --- */

Test(c_text, cuts_words_strings_numbers_and_signs)
{
    struct c_text text = c_text_start("int a_1 = 0x1f; /* b\n*/ char *s = \"c \\\" d\"; // e\n'f'");
    static const char *const expected[] = {"int", "a_1", "=", "0x1f",     ";", "char",
                                           "*",   "s",   "=", "c \\\" d", ";", "f"};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        struct c_token token = c_text_next(&text);
        cr_assert_str_eq(keep_part(token.start, token.length), expected[i]);
    }
    cr_assert_eq(c_text_next(&text).kind, C_END);
}

Test(c_text, counts_lines_through_comments_and_joined_lines)
{
    struct c_text text = c_text_start("a \\\n b\nc /*\n\n*/ d\ne");
    static const unsigned lines[] = {1, 1, 3, 5, 6};
    for (size_t i = 0; i < 5; i++)
        cr_assert_eq(c_text_next(&text).line, lines[i], "token %zu", i);
}

Test(c_text, sees_through_trigraphs_digraphs_and_split_words)
{
    struct c_text text = c_text_start("?\?=line\n%:line\nas\\\nm as?\?/\nm");
    for (unsigned i = 0; i < 2; i++) {
        struct c_token sign = c_text_next(&text);
        cr_assert(sign.begins_line && c_token_is(&sign, "#"));
        struct c_token word = c_text_next(&text);
        cr_assert(c_token_is(&word, "line"));
    }
    for (unsigned i = 0; i < 2; i++) {
        struct c_token word = c_text_next(&text);
        cr_assert(c_token_is(&word, "asm"));
    }
}

/* --- Compiled code --- */

#define NAME "stage1_objectpool/student/object_pool.c"

static const char *compile(const char *path, const char *option, const char *output)
{
    const char *arguments[] = {"gcc",  "-std=c11", "-O1", "-g",   "-fPIC", "-I.",
                               option, path,       "-o",  output, NULL};
    struct process process = {.arguments = arguments};
    process_prepare();
    process_run(&process);
    cr_assert(process_succeeded(&process), "%s", process.output.bytes);
    return output;
}

/* What the gate says of that source; NULL for nothing. */
static char *judge_as(const char *source, bool is_test)
{
    scratch_make();
    const char *path = scratch_path("handin.c");
    struct gate_file file = {NAME, source, path, "./", is_test};
    struct gate_object object;
    struct gate_names contracts = {NULL, 0};
    struct gate_names none = {NULL, 0};
    char *own = NULL;
    cr_assert(file_write(path, source, strlen(source)));
    char *wrong = gate_directives(&file);
    if (wrong != NULL)
        return wrong;
    const char *text = compile(path, "-E", scratch_path("handin.i"));
    wrong = gate_text(&file, text, &own);
    if (wrong != NULL)
        return wrong;
    wrong = gate_object(&file, compile(path, "-c", scratch_path("handin.o")), false, &object);
    gate_read_headers("common", &contracts);
    return wrong != NULL ? wrong : gate_calls(&file, &object, &contracts, &none, false);
}

static char *judge(const char *source)
{
    return judge_as(source, false);
}

static void expect_refusal(const char *source, const char *words)
{
    const char *said = judge(source);
    cr_assert_not_null(said, "let through: %s", source);
    cr_assert_not_null(strstr(said, words), "%s", said);
    cr_assert_not_null(strstr(said, NAME), "%s", said);
}

Test(gate, refuses_ways_round_the_compiler)
{
    expect_refusal("int x;\n#include \"/etc/passwd\"\n", ":2: #include of /etc/passwd");
    expect_refusal("#  include \"../solution/object_pool.c\"\n", "outside of the course");
    expect_refusal("#include <valgrind/memcheck.h>\n", "may not steer the tools");
    expect_refusal("#line 1 \"/usr/include/stdio.h\"\n", "#line");
    expect_refusal("# 1 \"/usr/include/stdio.h\"\n", "#line");
    expect_refusal("?\?=line 1 \"x.h\"\n", "#line");
    expect_refusal("%:line 1 \"x.h\"\n", "#line");
    expect_refusal("#define WHERE \"/etc/hostname\"\n#if 0\n#endif\n#include WHERE\n", "/etc/host");
}

/* What the compiler takes for a directive, however the lines round it are cut. */
Test(gate, sees_every_directive)
{
    static const char *const before[] = {
        "#\n",                           /* a lone # */
        "\xef\xbb\xbf",                  /* the mark of UTF-8 */
        "#include <stddef.h> /*\n/*/\n", /* a comment that begins behind a name */
        "#include /* */ <stddef.h> /*\n/*/\n",
        "// \\\r\r\n", /* not joined */
        "#if 0\n#include <stddef/*.h>\n#endif /* */\n",
        "#if 0\n#include \"stddef\\\"\n#endif /*\"*/\n",
        "#pragma GCC dependency <stddef/*.h>\n",
        "#error 'x\n#undef X\n",
    };
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        struct gate_file file = {
            NAME, keep_format("%s#line 1 \"/usr/include/stdio.h\"\n", before[i]), "x.c", "", false};
        cr_assert_not_null(gate_directives(&file), "let through: %s", file.source);
    }
    expect_refusal("#\n#line 1 \"/usr/include/stdio.h\"\n", ":2: #line");
    expect_refusal("\xef\xbb\xbf#line 1 \"/usr/include/stdio.h\"\n", ":1: #line");
    expect_refusal("#include <stddef.h> /*\n/*/\n#line 1 \"x.h\"\n", ":3: #line");
    expect_refusal("int x;\n#\\\f\nline 1 \"x.h\"\n", ":2: a control character (code 12)");
    expect_refusal("int x;\r#line 1 \"x.h\"\n", ":1: a control character (code 13)");
    expect_refusal("#include <sys/*/stat.h>\n", ":1: #include of an odd name");
    expect_refusal("#if 0\n#embed <x>\n#endif\n", ":2: other files");
    cr_assert_null(judge(
        "\xef\xbb\xbf#include <stddef.h>\r\n#\r\n#ifdef X\r\n\t/* \xc3\xa9 */\r\n#endif\r\n"));
}

Test(gate, refuses_assembly_however_it_is_spelled)
{
    expect_refusal("void f(void)\n{\n    __asm__(\"nop\");\n}\n",
                   ":3: \"__asm__\": inline assembly");
    expect_refusal("#define A __as\n#define J(a, b) a##b\n#define K(a, b) J(a, b)\n"
                   "void f(void) { K(A, m)(\"nop\"); }\n",
                   ":4: \"__asm\"");
    expect_refusal("int f(void) __asm\\\n__(\"exit\");\n", "inline assembly");
    expect_refusal("__asm(\".incbin \\\"/etc/passwd\\\"\");\n", "inline assembly");
}

/* Compilers write such a string into the assembly as it is: it may hold lines of its own. */
Test(gate, refuses_directives_whose_string_reaches_the_assembler)
{
    expect_refusal("int x;\n#ident \"x\\\"\\n\\t.text\\n\\tsyscall\\n\\t.ascii \\\"\"\n",
                   ":2: \"ident\"");
    expect_refusal("%:sccs \"x\"\n", ":1: \"ident\": its string");
    expect_refusal("#de\\\nfine A 1\n#id\\\nent \"x\"\n", "\"ident\"");
    expect_refusal("#pragma ident \"x\"\n", "\"ident\"");
    expect_refusal("_Pragma(\"ident \\\"x\\\"\") int x;\n", "\"ident\"");
    cr_assert_null(judge("int ident(int sccs);\nint ident(int sccs)\n"
                         "{\n    return sccs;\n}\n"));
}

Test(gate, refuses_attributes_that_steer)
{
    expect_refusal("__attribute__((constructor)) static void f(void) {}\n", "before main");
    expect_refusal("__attribute__((__destructor__)) static void f(void) {}\n", "after main");
    expect_refusal("__attribute__((no_sanitize(\"thread\"))) void f(void) {}\n", "seeing the code");
    expect_refusal("__attribute__((no_sanitize_thread)) void f(void) {}\n", "seeing the code");
    expect_refusal("const char c[] __attribute__((section(\".text\"))) = \"\\x0f\\x05\";\n",
                   "stay where the compiler puts them");
    expect_refusal(
        "static void *r(void) { return 0; }\nint f(void) __attribute__((ifunc(\"r\")));\n",
        "load time");
    expect_refusal("#pragma redefine_extname f exit\nvoid f(int);\n", "one name");
    expect_refusal("_Pragma(\"GCC optimize(\\\"O0\\\")\") int x;\n", "how the code is compiled");
}

Test(gate, refuses_calls_and_says_what_to_do_instead)
{
    expect_refusal("#include <stdio.h>\nvoid f(int x) { printf(\"%d\", x); }\n", "debug_print");
    expect_refusal("#include <stdio.h>\nvoid f(void)\n{\n    printf(\"x\\n\");\n}\n",
                   ":4: it uses printf");
    expect_refusal("#include <stdlib.h>\nvoid *f(void) { return malloc(8); }\n", "layer below");
    expect_refusal("#include <stdlib.h>\nvoid f(void) { abort(); }\n", "caller_bug");
    expect_refusal("#include <pthread.h>\nvoid f(pthread_mutex_t *m) { pthread_mutex_lock(m); }\n",
                   "lock_acquire");
    expect_refusal("void test_pass(void);\nvoid f(void) { test_pass(); }\n", "test_pass");
    expect_refusal("extern char **environ;\nchar **f(void) { return environ; }\n", "environ");
    expect_refusal("extern int fork(void) __attribute__((weak));\nint f(void) { return fork(); }\n",
                   "fork");
}

Test(gate, lets_honest_code_through)
{
    cr_assert_null(
        judge("/* asm, #line 3, \"/etc/passwd\" */\n"
              "#include \"common/lock.h\"\n#include \"common/todo.h\"\n"
              "#include <assert.h>\n#include <errno.h>\n#include <pthread.h>\n"
              "#include <stdatomic.h>\n#include <string.h>\n"
              "static _Thread_local int section, target, alias;\n"
              "static pthread_key_t key;\n"
              "__attribute__((noinline, cold, aligned(64))) void f(atomic_int *a, void *p)\n"
              "{\n    static struct lock lock;\n    lock_acquire(&lock);\n"
              "    assert(p != 0);\n    errno = ENOMEM;\n    memset(p, 0, 1000);\n"
              "    atomic_fetch_add(a, section + target + alias);\n"
              "    debug_print(\"asm %p\\n\", p);\n    pthread_setspecific(key, p);\n"
              "    section = __builtin_popcountl((unsigned long)p);\n"
              "    lock_release(&lock);\n}\n"));
}

Test(gate, lets_the_reference_through)
{
    static const char *const files[] = {"stage1_objectpool/solution/object_pool.c",
                                        "common/span_tree.c", "common/poison.c"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *said = judge(file_read(files[i], 1 << 20, NULL));
        cr_assert(said == NULL || strstr(said, "it uses") != NULL, "%s", said);
    }
}

Test(gate, sees_code_that_asks_by_which_tool_it_is_built)
{
    struct gate_file file = {NAME, "", "x.c", "common", false};
    cr_assert_null(gate_same(&file, "int x ; ", "int x ; "));
    cr_assert_not_null(strstr(gate_same(&file, "int x ; ", "int y ; "), "not the same code"));
}

/* 20 MB of text from a few lines: 18 times 16 to the fourth power strings of 18 bytes. */
#define MUCH_TEXT                                                                                  \
    "#define A \"0123456789abcde\"\n#define B A A A A A A A A A A A A A A A A\n"                   \
    "#define C B B B B B B B B B B B B B B B B\n#define D C C C C C C C C C C C C C C C C\n"       \
    "#define E D D D D D D D D D D D D D D D D\n#define F E E E E E E E E E E E E E E E E E E\n"   \
    "_Static_assert(sizeof(F) > 1, \"\");\n"

Test(gate, refuses_text_that_is_too_long_to_be_read)
{
    expect_refusal(MUCH_TEXT "void f(void) { __asm__(\"syscall\"); }\n", "more than 16 MiB");
    cr_assert_not_null(strstr(judge_as(MUCH_TEXT, true), "more than 16 MiB"));
    struct gate_file file = {NAME, "", "x.c", "common", false};
    char *own = NULL;
    cr_assert_not_null(strstr(gate_text(&file, "/no/such", &own), "cannot be read"));
}

/* A word of a header that happens to be a function of the C library would be let through. */
Test(gate, has_no_function_of_the_C_library_among_the_contracts)
{
    static const char *const folders[] = {"common", "stage1_objectpool", "stage2_threadcache",
                                          "stage3_centralcache", "stage4_pagecache"};
    struct gate_names names = {NULL, 0};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        gate_read_headers(folders[i], &names);
    cr_assert_gt(names.count, 100);
    cr_assert(gate_names_have(&names, "lock_acquire"));
    void *library = dlopen("libc.so.6", RTLD_NOW);
    for (size_t i = 0; i < names.count; i++)
        cr_assert_null(dlsym(library, names.items[i]), "%s", names.items[i]);
}

/* TEST is made of a constructor. */
Test(gate, lets_an_own_test_register_itself_and_no_more)
{
    static const char registers[] = "__attribute__((constructor)) static void start(void) {}\n";
    cr_assert_null(judge_as(registers, true), "%s", judge_as(registers, true));
    expect_refusal(registers, "constructor");
    static const char *const others[] = {
        "__attribute__((destructor)) static void end(void) {}\n",
        "__attribute__((section(\".own\"))) int x = 1;\n",
        "void f(void); void f(void) { __asm__(\"nop\"); }\n",
        "#include \"/etc/passwd\"\n",
        "void exit(int); void f(void); void f(void) { exit(0); }\n",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        cr_assert_not_null(judge_as(others[i], true), "let through: %s", others[i]);
}
