/* The scratch folder, and those of graders that were killed. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/files.h"
#include "grader/keep.h"
#include "grader/scratch.h"

enum { NOBODY = 65534 };

/* Where the scratch folders of this test go. */
static char above[] = "/tmp/scratch-test.XXXXXX";

static void set_up(void)
{
    cr_assert_not_null(mkdtemp(above));
    setenv("TMPDIR", above, 1);
}

static void tear_down(void)
{
    folder_remove(above);
}

TestSuite(scratch, .init = set_up, .fini = tear_down);

static const char *in_above(const char *name)
{
    return keep_format("%s/%s", above, name);
}

/* A folder as a grader leaves it that was killed; `name` is six characters. */
static const char *leave_scratch(const char *name)
{
    const char *path = in_above(keep_format("grade.%s", name));
    cr_assert_eq(mkdir(path, 0700), 0);
    cr_assert(file_write(keep_format("%s/living", path), "", 0));
    cr_assert(file_write(keep_format("%s/result", path), "x", 1));
    return path;
}

Test(scratch, of_a_killed_grader_goes_when_the_next_one_starts)
{
    int ends[2];
    char path[256] = "";
    cr_assert_eq(pipe(ends), 0);
    pid_t grader = fork();
    if (grader == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        scratch_make();
        folder_make(scratch_path("build/deep"));
        file_write(scratch_path("build/deep/file"), "x", 1);
        const char *file = scratch_path("build/deep/file");
        ssize_t ignored = write(ends[1], file, strlen(file));
        (void)ignored;
        pause();
    }
    cr_assert_gt(read(ends[0], path, sizeof path - 1), 0);
    scratch_make(); /* meanwhile it lives */
    cr_assert(file_exists(path), "%s was a living grader's", path);
    kill(grader, SIGKILL);
    waitpid(grader, NULL, 0);
    cr_assert(file_exists(path));
    pid_t next = fork();
    if (next == 0) {
        scratch_make();
        _exit(0);
    }
    waitpid(next, NULL, 0);
    cr_assert_not(file_exists(path), "%s is still there", path);
    cr_assert_not(file_exists(keep_part(path, strlen(path) - strlen("/build/deep/file"))));
    cr_assert(file_exists(scratch_path("living")), "its own is gone");
}

Test(scratch, of_the_dead_is_removed_without_following_a_link)
{
    const char *dead = leave_scratch("abcdef");
    cr_assert_eq(mkdir(in_above("elsewhere"), 0700), 0);
    cr_assert(file_write(in_above("elsewhere/file"), "x", 1));
    cr_assert_eq(symlink(in_above("elsewhere"), keep_format("%s/link", dead)), 0);
    scratch_make();
    cr_assert_not(file_exists(dead));
    cr_assert(file_exists(in_above("elsewhere/file")));
}

Test(scratch, of_another_kind_stays)
{
    /* A folder of the same name with no `living`; one that is a link; one whose `living` is. */
    cr_assert_eq(mkdir(in_above("grade.backup"), 0700), 0);
    const char *other = leave_scratch("longer1");
    cr_assert_eq(rename(leave_scratch("linked"), in_above("real")), 0);
    cr_assert_eq(symlink(in_above("real"), in_above("grade.linked")), 0);
    const char *link = leave_scratch("living");
    cr_assert_eq(unlink(keep_format("%s/living", link)), 0);
    cr_assert_eq(symlink(in_above("real/living"), keep_format("%s/living", link)), 0);
    scratch_make();
    cr_assert(file_exists(in_above("grade.backup")));
    cr_assert(file_exists(other));
    cr_assert(file_exists(in_above("real/result")));
    cr_assert(file_exists(in_above("grade.linked")));
    cr_assert(file_exists(keep_format("%s/result", link)));
}

Test(scratch, of_another_user_stays)
{
    if (getuid() != 0)
        cr_skip_test("only root can make a file another user's");
    const char *folder = leave_scratch("folder");
    const char *file = leave_scratch("file__");
    cr_assert_eq(chown(folder, NOBODY, NOBODY), 0);
    cr_assert_eq(chown(keep_format("%s/living", file), NOBODY, NOBODY), 0);
    scratch_make();
    cr_assert(file_exists(keep_format("%s/result", folder)));
    cr_assert(file_exists(keep_format("%s/result", file)));
}

Test(scratch, can_be_locked_by_no_other)
{
    scratch_make();
    int lock = open(scratch_path("living"), O_RDONLY | O_CLOEXEC);
    cr_assert_geq(lock, 0);
    cr_assert_eq(flock(lock, LOCK_EX | LOCK_NB), -1);
    close(lock);
}
