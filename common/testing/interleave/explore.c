/* explore: see explore.h. */
#include "common/testing/interleave/explore.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/testing/interleave/scheduler.h"

enum { CPU_SECONDS = 2, HANG_SECONDS = 20, MOST_AFTER_MUTEX = 4 };

/* --- One run --- */

static void open_record(bool keeps_events)
{
    if (record == NULL)
        record =
            mmap(NULL, sizeof *record, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(record != MAP_FAILED, "could not map memory for the record");
    memset(record, 0, offsetof(struct record, events));
    record->keeps_events = keeps_events;
}

static void run(struct test *test, struct finding *finding, bool keeps_events)
{
    open_record(keeps_events);
    pid_t child = test_fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        setrlimit(RLIMIT_CPU, &(struct rlimit){CPU_SECONDS, CPU_SECONDS + 1});
        alarm(HANG_SECONDS);
        scheduler_use(&finding->schedule);
        test_run(test);
    }
    finding->outcome = test_join_child(child, finding->message, sizeof finding->message);
    finding->switches = record->switches;
}

/* --- Drawing --- */

static struct schedule plain_schedule(void)
{
    struct schedule schedule = {.preemption_count = 0};
    for (unsigned i = 0; i < SCHEDULE_MOST_THREADS; i++)
        schedule.order[i] = i + 1;
    return schedule;
}

static void shuffle(struct schedule *schedule, unsigned thread_count, struct test_random *random)
{
    for (unsigned i = thread_count - 1; i > 0; i--) {
        size_t other = test_random_below(random, i + 1);
        unsigned kept = schedule->order[i];
        schedule->order[i] = schedule->order[other];
        schedule->order[other] = kept;
    }
}

/* Evenly over the points of all threads. */
static struct preemption draw_point(const struct record *shape, struct test_random *random)
{
    size_t total = 0;
    for (unsigned thread = 1; thread <= shape->thread_count; thread++)
        total += shape->points[thread];
    size_t at = test_random_below(random, total == 0 ? 1 : total);
    unsigned thread = 1;
    while (thread < shape->thread_count && at >= shape->points[thread])
        at -= shape->points[thread++];
    return (struct preemption){thread, at + 1};
}

static struct preemption draw_mutex_point(const struct record *shape, struct test_random *random)
{
    unsigned thread = 1 + (unsigned)test_random_below(random, shape->thread_count);
    if (shape->mutex_point_count[thread] == 0)
        return draw_point(shape, random);
    size_t at = test_random_below(random, shape->mutex_point_count[thread]);
    return (struct preemption){thread, shape->mutex_points[thread][at] +
                                           test_random_below(random, MOST_AFTER_MUTEX)};
}

static struct schedule draw(const struct record *shape, size_t number, size_t most_schedules,
                            struct test_random *random)
{
    struct schedule schedule = plain_schedule();
    schedule.looks_for_races = number > most_schedules / 2;
    schedule.preemption_count = 1 + number / 2 % SCHEDULE_MOST_PREEMPTIONS;
    shuffle(&schedule, shape->thread_count, random);
    for (size_t i = 0; i < schedule.preemption_count; i++)
        schedule.preemptions[i] =
            number % 2 == 0 ? draw_mutex_point(shape, random) : draw_point(shape, random);
    return schedule;
}

static struct test_random random_for(const struct test *test)
{
    uint64_t stream = 14695981039346656037u; /* FNV-1a */
    for (const char *at = test->name; *at != '\0'; at++)
        stream = (stream ^ (unsigned char)*at) * 1099511628211u;
    return test_random_start(stream);
}

/* --- Making it simpler --- */

static bool accept(struct test *test, struct finding *finding, const struct schedule *candidate)
{
    struct finding tried = *finding;
    tried.schedule = *candidate;
    run(test, &tried, false);
    if (tried.outcome != TEST_FAILED)
        return false;
    *finding = tried;
    return true;
}

static void drop_preemptions(struct test *test, struct finding *finding)
{
    for (size_t i = finding->schedule.preemption_count; i-- > 0;) {
        struct schedule candidate = finding->schedule;
        candidate.preemptions[i] = candidate.preemptions[--candidate.preemption_count];
        (void)accept(test, finding, &candidate);
    }
}

/* A preemption within a locked section makes others wait and come back: where it may as well come
 * at the next mutex, fewer switches tell the same story. */
static void move_to_mutexes(struct test *test, struct finding *finding)
{
    static struct record seen;
    enum { MOST_MOVES = 6 };
    for (size_t i = 0; i < finding->schedule.preemption_count; i++) {
        run(test, finding, false);
        memcpy(&seen, record, offsetof(struct record, events));
        struct preemption from = finding->schedule.preemptions[i];
        unsigned moves = 0;
        for (size_t at = 0; at < seen.mutex_point_count[from.thread] && moves < MOST_MOVES; at++) {
            struct finding moved = *finding;
            moved.schedule.preemptions[i].point = seen.mutex_points[from.thread][at];
            if (moved.schedule.preemptions[i].point <= from.point)
                continue;
            moves++;
            run(test, &moved, false);
            if (moved.outcome == TEST_FAILED && moved.switches < finding->switches)
                *finding = moved;
        }
    }
}

/* Perhaps fewer preemptions will do, at other places. */
static void look_for_fewer(struct test *test, struct finding *finding, const struct record *shape,
                           struct test_random *random)
{
    enum { MOST_TRIED = 150 };
    for (size_t i = 0; i < MOST_TRIED && finding->schedule.preemption_count > 1; i++) {
        struct schedule candidate = draw(shape, i, MOST_TRIED, random);
        candidate.preemption_count = finding->schedule.preemption_count - 1;
        for (size_t j = 0; j < candidate.preemption_count; j++)
            candidate.preemptions[j] = draw_point(shape, random);
        candidate.looks_for_races = finding->schedule.looks_for_races;
        if (accept(test, finding, &candidate))
            i = 0;
    }
}

static bool has_hung(const struct finding *finding)
{
    return strcmp(finding->message, strsignal(SIGXCPU)) == 0 ||
           strcmp(finding->message, strsignal(SIGALRM)) == 0;
}

static void simplify(struct test *test, struct finding *finding, const struct record *shape,
                     struct test_random *random)
{
    drop_preemptions(test, finding);
    look_for_fewer(test, finding, shape, random);
    struct schedule candidate = finding->schedule;
    candidate.looks_for_races = false;
    (void)accept(test, finding, &candidate);
    candidate = plain_schedule();
    memcpy(candidate.preemptions, finding->schedule.preemptions, sizeof candidate.preemptions);
    candidate.preemption_count = finding->schedule.preemption_count;
    candidate.looks_for_races = finding->schedule.looks_for_races;
    (void)accept(test, finding, &candidate);
    drop_preemptions(test, finding);
    move_to_mutexes(test, finding);
    drop_preemptions(test, finding);
}

struct finding explore(struct test *test, size_t most_schedules)
{
    static struct record shape;
    struct test_random random = random_for(test);
    struct finding finding = {.schedule = plain_schedule(), .schedules = 1};
    run(test, &finding, true);
    memcpy(&shape, record, offsetof(struct record, events));
    while (finding.outcome == TEST_PASSED && shape.thread_count > 1 &&
           finding.schedules < most_schedules) {
        finding.schedule = draw(&shape, finding.schedules++, most_schedules, &random);
        run(test, &finding, false);
    }
    if (finding.outcome != TEST_FAILED || finding.schedules == 1)
        return finding;
    if (!has_hung(&finding)) /* each attempt would take as long */
        simplify(test, &finding, &shape, &random);
    run(test, &finding, true);
    return finding;
}
