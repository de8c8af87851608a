/* A class: four submissions, two of them bad; interrupted and resumed; over two logins. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/files.h"
#include "grader/keep.h"
#include "grader/process.h"
#include "grader/scratch.h"
#include "grader/tests/end_to_end.h"

enum { MOST_TEXT = 1 << 20, SKIPPED = 77 };

static const char *build(void)
{
    const char *folder = getenv("GRADE_BUILD");
    return folder == NULL ? "build" : folder;
}

static void copy(const char *from, const char *to)
{
    size_t length = 0;
    const char *text = file_read(from, MOST_TEXT, &length);
    cr_assert_not_null(text, "%s", from);
    cr_assert(file_write(to, text, length), "%s", to);
}

/* Whose name would be a formula in a spreadsheet, and a command in a shell. */
static const char good[] = "=1+2;$(touch pwned)";

static const char *make_class(void)
{
    scratch_make();
    const char *folder = scratch_path("handed-in");
    folder_make(keep_format("%s/%s", folder, good));
    folder_make(keep_format("%s/skeleton", folder));
    folder_make(keep_format("%s/crashes", folder));
    copy("stage1_objectpool/solution/object_pool.c",
         keep_format("%s/%s/object_pool.c", folder, good));
    copy("stage1_objectpool/student/object_pool.c",
         keep_format("%s/skeleton/object_pool.c", folder));
    copy("grader/fixtures/crashes/stage1_objectpool/student/object_pool.c",
         keep_format("%s/crashes/object_pool.c", folder));
    file_write(keep_format("%s/broken.tar.gz", folder), "this is no archive", 18);
    return folder;
}

static struct graded grade_class(const char *source, const char *out)
{
    return grade_with("--class", source, "--out", out, "--quick", "--stage", "1", NULL);
}

static const char *read_out(const char *out, const char *name)
{
    const char *text = file_read(keep_format("%s/%s", out, name), MOST_TEXT, NULL);
    cr_assert_not_null(text, "there is no %s/%s", out, name);
    return text;
}

static void expect_row(const char *out, const char *row)
{
    const char *table = read_out(out, "results.csv");
    cr_assert_not_null(strstr(table, row), "%s is not in %s", row, table);
}

/* The reference is graded first, and it has no matrix. */
Test(class, compares_the_stages_of_each_with_the_matrix)
{
    scratch_make();
    const char *source = scratch_path("handed-in");
    const char *out = scratch_path("out");
    folder_make(keep_format("%s/ada", source));
    copy("stage1_objectpool/solution/object_pool.c", keep_format("%s/ada/object_pool.c", source));
    struct graded graded = grade_with("--class", source, "--out", out, "--quick", "--matrix", NULL);
    cr_assert_eq(graded.status, 0, "%s", graded.text);
    cr_assert_not_null(strstr(read_out(out, "ada/report.txt"), "Blame: tests passed over"));
}

Test(class, grades_each_and_stops_for_none)
{
    const char *source = make_class();
    const char *out = scratch_path("out");
    struct graded graded = grade_class(source, out);
    cr_assert_eq(graded.status, 2, "%s", graded.text); /* one could not be graded */
    expect_row(out, "\"'=1+2;$(touch pwned)\",90,90,90,");
    expect_row(out, "\"skeleton\",0,90,0,");
    expect_row(out, "\"crashes\",0,90,0,");
    expect_row(out, "\"broken\",,,,,,,0,");
    const char *summary = read_out(out, "summary.txt");
    cr_assert_not_null(strstr(summary, "4 submissions, 3 graded, 1 could not be graded"));
    cr_assert_not_null(strstr(summary, "Tests most often failed"));
    cr_assert_not_null(strstr(summary, "  broken: "));
    cr_assert_not(file_exists("pwned"));
}

static struct stat result_of(const char *out, const char *id)
{
    struct stat facts;
    const char *file = keep_format("%s/%s/result.json", out, id);
    cr_assert_eq(stat(file, &facts), 0, "there is no %s", file);
    return facts;
}

Test(class, does_not_grade_again_what_is_finished)
{
    const char *source = make_class();
    const char *out = scratch_path("out");
    grade_class(source, out);
    struct stat before = result_of(out, "skeleton");
    unlink(keep_format("%s/crashes/result.json", out));
    struct graded graded = grade_class(source, out);
    cr_assert_not_null(strstr(graded.text, "4 submissions, 2 finished"), "%s", graded.text);
    cr_assert_eq(before.st_ino, result_of(out, "skeleton").st_ino);
    expect_row(out, "\"crashes\",0,90,0,");
    graded = grade_with("--class", source, "--out", out, NULL); /* all of it, now */
    cr_assert_eq(graded.status, 1, "%s", graded.text);
    cr_assert_not_null(strstr(graded.text, "made with  --stage 1 --seed 1 --quick: give"), "%s",
                       graded.text);
    cr_assert_eq(before.st_ino, result_of(out, "skeleton").st_ino);
}

/* Whose folder is "A_b" depends on who is first. */
Test(class, gives_nobody_the_points_of_another)
{
    const char *folder = make_class();
    const char *roster = keep_format("%s/roster.csv", folder);
    const char *before = "A b,skeleton\n";
    const char *after = keep_format("A_b,\"%s\"\nA b,skeleton\n", good);
    const char *out = scratch_path("out");
    file_write(roster, before, strlen(before));
    grade_class(roster, out);
    expect_row(out, "\"A b\",0,90,0,");
    file_write(roster, after, strlen(after));
    struct graded graded = grade_class(roster, out);
    cr_assert_not_null(strstr(graded.text, "2 submissions, 0 finished"), "%s", graded.text);
    expect_row(out, "\"A_b\",90,90,90,");
    expect_row(out, "\"A b\",0,90,0,");
}

/* Start a class and kill it as soon as one is finished. */
static void start_and_kill(const char *source, const char *out)
{
    const char *program = getenv("GRADE_PROGRAM");
    pid_t pid = fork();
    if (pid == 0) {
        execl(program == NULL ? "build/grade" : program, "grade", "--class", source, "--out", out,
              "--quick", "--stage", "1", "--jobs", "1", "--build", build(), (char *)NULL);
        _exit(127);
    }
    for (unsigned i = 0; i < 600 && !file_exists(keep_format("%s/crashes/result.json", out)); i++)
        usleep(100 * 1000);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

Test(class, goes_on_after_SIGKILL)
{
    const char *source = make_class();
    const char *out = scratch_path("out");
    start_and_kill(source, out);
    struct stat before = result_of(out, "crashes");
    struct graded graded = grade_class(source, out);
    cr_assert_eq(graded.status, 2, "%s", graded.text);
    cr_assert_eq(before.st_ino, result_of(out, "crashes").st_ino);
    cr_assert_not_null(strstr(read_out(out, "summary.txt"), "4 submissions, 3 graded"));
}

Test(class, reads_a_roster)
{
    const char *folder = make_class();
    const char *roster = keep_format("%s/roster.csv", folder);
    const char *text = "student,submission\r\n\"Lovelace, Ada\",skeleton\r\n王小明,crashes\r\n";
    const char *out = scratch_path("out");
    file_write(roster, text, strlen(text));
    struct graded graded = grade_class(roster, out);
    cr_assert_eq(graded.status, 0, "%s", graded.text);
    expect_row(out, "\"Lovelace, Ada\",0,90,0,");
    cr_assert(file_exists(keep_format("%s/Lovelace__Ada/result.json", out)));
    expect_row(out, "\"王小明\",0,90,0,");
    cr_assert_not_null(strstr(read_out(out, "index.html"), "href=\"./王小明/report.html\""));
    cr_assert(file_exists(keep_format("%s/王小明/report.html", out)));
    file_write(roster, "ada,x\nonly one\n", 15);
    graded = grade_class(roster, out);
    cr_assert_eq(graded.status, 1);
    cr_assert_not_null(strstr(graded.text, "roster.csv, row 2: it must have"), "%s", graded.text);
}

/* The same points over two logins as on this machine alone. */
Test(class, is_spread_over_two_logins)
{
    const char *source = make_class();
    const char *alone = scratch_path("alone");
    const char *spread = scratch_path("spread");
    const char *program = getenv("GRADE_PROGRAM");
    grade_class(source, alone);
    const char *command = keep_format(
        "grader/tests/sshd.sh %s sh -c '%s --class %s --out %s --quick --stage 1 --build %s "
        "--sshlogin \"$LOGIN_1,$LOGIN_2\"' >%s 2>&1",
        scratch_path("sshd"), program == NULL ? "build/grade" : program, source, spread, build(),
        scratch_path("said"));
    int status = system(command);
    const char *said = file_read(scratch_path("said"), MOST_TEXT, NULL);
    if (WEXITSTATUS(status) == SKIPPED)
        cr_skip_test("no second login on this machine: %s", said);
    cr_assert_eq(WEXITSTATUS(status), 2, "%s", said);
    cr_assert_not_null(strstr(read_out(spread, "jobs.log"), "@127.0.0.2"));
    cr_assert_str_eq(read_out(alone, "results.csv"), read_out(spread, "results.csv"));
}

/* Ten lines make a hidden test: this is one, and the guide shows it. */
static const char hidden_test[] =
    "#include \"common/testing/test.h\"\n"
    "#include \"stage1_objectpool/object_pool.h\"\n"
    "TEST(kept, gives_a_hundred, .points = 5, .invariant = \"I2\", .section = \"1.2\",\n"
    "     .hint = \"Count what you hand out.\")\n"
    "{\n"
    "    struct object_pool pool;\n"
    "    CHECK(object_pool_init(&pool, 24, 8), \"no pool of 24 bytes\");\n"
    "    for (unsigned i = 0; i < 100; i++)\n"
    "        CHECK(object_pool_alloc(&pool) != NULL, \"object %u is NULL\", i);\n"
    "}\n";

Test(hidden, tests_count_and_are_told_to_whom_their_folder_says)
{
    const char *source = make_class();
    folder_make(scratch_path("kept/after_published"));
    file_write(scratch_path("kept/after_published/stage1_kept.c"), hidden_test,
               strlen(hidden_test));
    struct graded graded = grade_with("--submission", keep_format("%s/skeleton", source), "--quick",
                                      "--stage", "1", "--hidden", scratch_path("kept"), NULL);
    cr_assert_eq(graded.status, 0, "%s", graded.text);
    json_t *test = find_test(&graded, "kept/gives_a_hundred");
    cr_assert_str_eq(json_string_value(json_object_get(test, "visibility")), "after_published");
    cr_assert_gt(json_number_value(json_object_get(test, "max_points")), 0);
    cr_assert_str_eq(json_string_value(json_object_get(test, "status")), "NOT_DONE");
}
