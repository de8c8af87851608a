# The Concurrent Memory Pool course. `make help` lists what can be made.
#
# One variable picks the code: IMPL=solution (default, but for make check) or IMPL=student. One picks the flags:
# VARIANT=debug (default), release, asan, tsan or coverage. Everything built goes to
# build/<variant>/. A stage's variables are in its stage.mk; the rules are all here.

# ---- What to build, and how ------------------------------------------------------------------

# Whoever says make check has written something: it is the student's code that is meant.
ifneq ($(filter check,$(MAKECMDGOALS)),)
IMPL    ?= student
endif
IMPL    ?= solution
VARIANT ?= debug
BUILD   ?= build
PREFIX  ?= /usr/local
OBJCOPY ?= objcopy
ifeq ($(origin CC),default)
CC := gcc
endif

# For the grader: where the files of a submission lie, and where what is built from them goes.
STUDENT_ROOT  ?= .
STUDENT_BUILD ?= $(BUILD)
# Tests that are kept elsewhere: HIDDEN/<who may see them>/stage<n>_<any name>.c
HIDDEN ?=
# Which code the stages before the one under test run on: the reference, or the student's own.
# reference, own, or the numbers of those that are the student's.
LAYERS ?= reference

STAGES   := 1 2 3 4
VARIANTS := debug release asan tsan coverage
include stage1_objectpool/stage.mk stage2_threadcache/stage.mk
include stage3_centralcache/stage.mk stage4_pagecache/stage.mk

ifeq ($(filter $(VARIANT),$(VARIANTS)),)
$(error VARIANT=$(VARIANT): choose one of $(VARIANTS))
endif
ifeq ($(filter $(IMPL),solution student),)
$(error IMPL=$(IMPL): choose solution or student)
endif
ifneq ($(filter-out $(STAGES),$(STAGE)),)
$(error STAGE=$(STAGE): choose one of $(STAGES), or leave it out for all)
endif
CHOSEN := $(or $(STAGE),$(STAGES))

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes
# Our own code builds without a warning; a student's warnings are shown and cost nothing.
FATAL_WARNINGS := -Werror
# Valgrind 3.19 does not read all of the DWARF 5 that clang writes.
DEBUG_INFO := $(if $(findstring clang,$(CC)),-gdwarf-4,-g)
BASE_FLAGS := -std=c11 -D_GNU_SOURCE -I. $(DEBUG_INFO) -fPIC -pthread -ftls-model=initial-exec \
              -fvisibility=hidden -fno-builtin-malloc -fno-builtin-calloc -fno-builtin-realloc \
              -fno-builtin-free -fno-builtin-aligned_alloc
FLAGS_debug    := -O1 -fno-omit-frame-pointer -DLOCK_CHECKS=1
FLAGS_release  := -O3 -fno-semantic-interposition -DNDEBUG -DLOCK_CHECKS=0
FLAGS_asan     := -O1 -fno-omit-frame-pointer -DLOCK_CHECKS=1 -fsanitize=address,undefined \
                  -fno-sanitize-recover=undefined
FLAGS_tsan     := -O1 -fno-omit-frame-pointer -DLOCK_CHECKS=1 -fsanitize=thread
FLAGS_coverage := -O0 -DLOCK_CHECKS=1
LINK_asan      := -fsanitize=address,undefined
LINK_tsan      := -fsanitize=thread
# Tests end by _exit, after __gcov_dump, which the linker would leave out: nothing but a weak name asks for it.
LINK_coverage  := --coverage -Wl,-u,__gcov_dump
# Only the code that students write is measured.
COVERAGE_FLAGS := --coverage -fprofile-update=atomic
CFLAGS  := $(BASE_FLAGS) $(WARNINGS) $(FLAGS_$(VARIANT)) $(EXTRA_CFLAGS)
LDFLAGS := -pthread $(LINK_$(VARIANT)) $(EXTRA_LDFLAGS)

# OUT=folder on the command line is where `make class` and `make handout` write; here it is what is built.
GIVEN_OUT   := $(if $(findstring command,$(origin OUT)),$(OUT))
override OUT := $(BUILD)/$(VARIANT)
STUDENT_OUT := $(STUDENT_BUILD)/$(VARIANT)

.DEFAULT_GOAL := library

# ---- Set-up and help -------------------------------------------------------------------------

# What a fresh Debian needs, beside its base tools: to build, to test, to grade, for make demo.
PACKAGES = gcc g++ make clang libclang-rt-14-dev valgrind gdb patch pkg-config libcriterion-dev \
            libjansson-dev libxml2-dev libxml2-utils gcovr binutils clang-format clang-tidy cppcheck \
            python3

# The suites of `make test`: pairs of a name and a command. Like PACKAGES, each part's .mk file adds to it.
TEST_SUITES = build '$(MAKE) -j2 VARIANT=release library && $(MAKE) -j2 $(OUT)/tests/common test-builds' \
              given-code '$(MAKE) test-given' \
              stages '$(MAKE) test-stages' \
              races '$(MAKE) test-races'
# What the code that is linted includes, by the names of pkg-config.
LINT_LIBRARIES = libxml-2.0 jansson

.PHONY: deps
## deps: check every package that is needed; as root or with sudo, install what is missing (DEPS=check: only say)
deps:
	@missing=; for package in $(sort $(PACKAGES)); do \
	    dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	test -z "$$missing" && exit 0; \
	echo "missing packages; install them with:"; \
	echo "  apt-get install -y --no-install-recommends$$missing"; \
	test "$(DEPS)" = check && exit 1; \
	if [ "$$(id -u)" = 0 ]; then sudo=; elif sudo -n true 2>/dev/null; then sudo=sudo; else exit 1; fi; \
	$$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends $$missing

# What a student needs; make help has these first.
HELP_LABS := next hint watch check debug start reset diff show replay hunt own-tests grade bench
.PHONY: help
## help: this list
help:
	@printf '%s\n' 'make TARGET [STAGE=1..4] [IMPL=solution|student]' '            [VARIANT=debug|release|asan|tsan]'
	@sed -n 's/^## \([a-z-]*\): \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | sort -u | \
	    awk -F '\t' -v labs='$(HELP_LABS)' -v withheld='$(WITHHELD)' -f common/course/help.awk
.DELETE_ON_ERROR:
.SECONDARY:
# V=1 shows the commands themselves.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(2)')
MAKEFLAGS += --no-builtin-rules

# ---- Objects ---------------------------------------------------------------------------------

# Rewritten only when the compiler or the flags change: then every object is made again.
FLAGS_STAMP := $(OUT)/flags
ifneq ($(shell cat $(FLAGS_STAMP) 2>/dev/null),$(CC) $(CFLAGS))
$(shell mkdir -p $(OUT) && printf '%s\n' '$(CC) $(CFLAGS)' > $(FLAGS_STAMP))
endif

extra_flags = $(if $(filter coverage,$(VARIANT)),$(if $(filter %/solution/ %/student/,$(dir $<)),$(COVERAGE_FLAGS)))
fatal_flags = $(if $(filter %/student/ %/student/tests/,$(dir $<)),,$(FATAL_WARNINGS))

$(OUT)/obj/%.o: %.c $(FLAGS_STAMP)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(fatal_flags) $(extra_flags) -MMD -MP -c $< -o $@

ifneq ($(STUDENT_ROOT) $(STUDENT_OUT),. $(OUT))
$(STUDENT_OUT)/obj/%.o: $(STUDENT_ROOT)/%.c $(FLAGS_STAMP)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(extra_flags) -MMD -MP -c $< -o $@
endif

$(OUT)/obj-criterion/%.o: %.c $(FLAGS_STAMP)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(fatal_flags) -include common/testing/criterion_entry.h -MMD -MP -c $< -o $@

objects = $(patsubst %.c,$(OUT)/obj/%.o,$(1))

# For the grader, which compiles hand-in files by itself, in its jail: how.
.PHONY: student-flags
student-flags:
	@echo '$(CC) $(CFLAGS) $(if $(filter coverage,$(VARIANT)),$(COVERAGE_FLAGS))'

# ---- The library -----------------------------------------------------------------------------

LIBRARY_COMMON := $(addprefix common/,os_memory.c free_list.c lock.c lock_breach.c thread_end.c caller_bug.c caller_bug_text.c \
                  poison.c span_tree.c todo.c)
library_sources = $(foreach s,$(STAGES),$(patsubst %,$(stage$(s)_dir)/$(IMPL)/%,$(stage$(s)_handin))) \
                  $(LIBRARY_COMMON) stage4_pagecache/malloc.c stage4_pagecache/process.c \
                  $(if $(findstring musl,$(CC)),,stage4_pagecache/malloc_glibc.c)
# A library of the student's code lies apart: build/release/student/libmempool.so.
library_out = $(if $(filter student,$(IMPL)),$(STUDENT_OUT)/student,$(OUT))

# Link-time optimisation fuses the fast paths of all layers into malloc and free. clang's needs a
# linker of its own; without it the library is linked plainly.
LTO := $(if $(filter release,$(VARIANT)),$(if $(findstring clang,$(CC)),,-flto))
$(OUT)/obj-lto/%.o: %.c $(FLAGS_STAMP)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(fatal_flags) $(LTO) -MMD -MP -c $< -o $@

# The C++ runtime's exceptions pass through operator new.
$(OUT)/obj-lto/stage4_pagecache/malloc.o $(OUT)/obj/stage4_pagecache/malloc.o: CFLAGS += -fexceptions

# nodelete: threads may still end after a dlclose. now: no symbol is looked up inside malloc.
# initfirst: see stage4_pagecache/process.c.
$(library_out)/libmempool.so: $(patsubst %.c,$(OUT)/obj-lto/%.o,$(library_sources))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -shared -Wl,-soname,libmempool.so -Wl,-z,nodelete,-z,now,-z,defs,-z,initfirst $(CFLAGS) $(LTO) $^ $(LDFLAGS) -o $@

# One object, so that a program gets all of the library or nothing, and only its public names. For programs
# only, since it starts before their libraries do: see process_first.c.
$(library_out)/libmempool.a: $(call objects,$(library_sources) stage4_pagecache/process_first.c)
	@mkdir -p $(@D)
	$(call say,AR,$@)
	$(Q)$(LD) -r $^ -o $(@D)/libmempool.o && $(OBJCOPY) --localize-hidden $(@D)/libmempool.o
	$(Q)rm -f $@ && $(AR) rcs $@ $(@D)/libmempool.o

.PHONY: library
## library: build/release/libmempool.so and libmempool.a (the default)
ifeq ($(VARIANT),release)
library: $(library_out)/libmempool.so $(library_out)/libmempool.a
else
library:
	@$(MAKE) --no-print-directory VARIANT=release library
endif

.PHONY: install
## install: put the library, mempool.h and mempool.pc under PREFIX (and DESTDIR)
install: library
	@test -z "$(PREFIX)" && { echo "PREFIX is empty: say where to install, as in make install PREFIX=/usr/local" >&2; exit 1; } || true
	install -d $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include
	install -m 755 $(BUILD)/release/libmempool.so $(DESTDIR)$(PREFIX)/lib/
	install -m 644 $(BUILD)/release/libmempool.a $(DESTDIR)$(PREFIX)/lib/
	install -m 644 stage4_pagecache/mempool.h $(DESTDIR)$(PREFIX)/include/
	sed 's|@PREFIX@|$(PREFIX)|' stage4_pagecache/mempool.pc.in > $(DESTDIR)$(PREFIX)/lib/pkgconfig/mempool.pc
	chmod 644 $(DESTDIR)$(PREFIX)/lib/pkgconfig/mempool.pc

# ---- Tests of the stages ---------------------------------------------------------------------

# What every program of tests is linked with, and what those of the stages have besides.
TESTING_CORE := common/testing/test.c common/testing/test_tools.c common/testing/plain_options.c common/caller_bug_text.c common/lock.c common/thread_end.c common/free_list.c \
                $(addprefix common/testing/property/,shadow.c property.c property_run.c property_threads.c \
                script.c shrink.c)
TESTING := $(TESTING_CORE) common/testing/os_memory_standin.c

# implementation_objects(stage, solution|student): the files that a student hands in for a stage.
implementation_objects = $(patsubst %.c,$(if $(filter student,$(2)),$(STUDENT_OUT),$(OUT))/obj/$(stage$(1)_dir)/$(2)/%.o,$(stage$(1)_handin))

# What the stages before this one run on.
empty :=
space := $(empty) $(empty)
own_stages = $(if $(filter own,$(LAYERS)),$(STAGES),$(filter $(STAGES),$(LAYERS)))
layer_impl = $(if $(filter $(1),$(own_stages)),$(IMPL),solution)
below = $(foreach s,$(filter-out $(1),$(wordlist 1,$(1),$(STAGES))),$(call implementation_objects,$(s),$(call layer_impl,$(s))))

# program_path(stage, suffix): plain tests have no suffix; -guarded and -criterion are the others.
tests_out = $(if $(filter student,$(IMPL)),$(STUDENT_OUT),$(OUT))/tests
program_path = $(tests_out)/stage$(1)-$(IMPL)$(if $(own_stages),-own$(if $(filter own,$(LAYERS)),,$(subst $(space),,$(own_stages))))$(if $(HIDDEN),-hidden)$(2)

define stage_rules
stage$(1)_test_sources := $$(addprefix $$(stage$(1)_dir)/tests/,$$(stage$(1)_tests)) \
    $$(if $$(HIDDEN),$$(wildcard $$(HIDDEN)/*/stage$(1)_*.c))
stage$(1)_code := $$(call implementation_objects,$(1),$$(IMPL)) $$(call below,$(1)) \
    $$(call objects,$$(addprefix $$(stage$(1)_dir)/standin/,$$(stage$(1)_standin)) $$(stage$(1)_given) $$(TESTING))

$$(call program_path,$(1)): $$(stage$(1)_code) $$(call objects,$$(stage$(1)_test_sources) common/testing/plain_main.c)
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $$(filter %.o,$$^) $$(LDFLAGS) -o $$@

$$(call program_path,$(1),-guarded): $$(stage$(1)_code) $$(call objects,$$(stage$(1)_test_sources) common/testing/plain_main.c common/testing/guard.c $$(stage$(1)_dir)/tests/guard_wraps.c)
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $$(filter %.o,$$^) $$(LDFLAGS) $$(addprefix -Wl$$(comma)--wrap=,$$(stage$(1)_wraps)) -o $$@

stage$(1)_own_tests := $$(wildcard $$(stage$(1)_dir)/student/tests/*.c)
$$(call program_path,$(1),-criterion): $$(stage$(1)_code) $$(patsubst %.c,$$(OUT)/obj-criterion/%.o,$$(stage$(1)_test_sources) $$(if $$(filter student,$$(IMPL)),$$(stage$(1)_own_tests)) common/testing/criterion_main.c)
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $$(filter %.o,$$^) $$(LDFLAGS) -lcriterion -o $$@

# Counts the work that a fixed trace makes for the layer below: common/testing/counts/counts.h.
$$(call program_path,$(1),-counts): $$(stage$(1)_code) $$(call objects,$$(stage$(1)_dir)/tests/counts.c $$(addprefix $$(stage$(1)_dir)/tests/,$$(stage$(1)_counts_with)) common/testing/counts/counts.c common/testing/plain_main.c)
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $$(filter %.o,$$^) $$(LDFLAGS) -Wl,--wrap=lock_acquire -o $$@

# For the grader, which asks for one variant at a time.
.PHONY: programs-stage$(1)
programs-stage$(1): $$(call program_path,$(1)) $$(call program_path,$(1),-guarded)
endef
comma := ,
$(foreach s,$(STAGES),$(eval $(call stage_rules,$(s))))

# Tests of the given code in common: one program on the real os_memory, one on its stand-in.
GIVEN_TESTS := $(addprefix common/testing/tests/,os_memory_test.c os_memory_guard_test.c lists_test.c lock_test.c thread_end_test.c poison_test.c shadow_test.c property_test.c words_test.c run_test.c)
GIVEN_CODE  := $(TESTING_CORE) common/testing/plain_main.c
$(OUT)/tests/common: $(call objects,$(GIVEN_TESTS) $(GIVEN_CODE) $(addprefix common/,os_memory.c poison.c span_tree.c demo/run.c))
$(OUT)/tests/common-standin: $(call objects,common/testing/tests/standin_test.c $(GIVEN_CODE) common/testing/os_memory_standin.c)
$(OUT)/tests/common $(OUT)/tests/common-standin:
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(filter %.o,$^) $(LDFLAGS) -o $@

.PHONY: check
## check: your tests, by Criterion: make check STAGE=1 [TEST=part-of-a-name] [IMPL=solution]
check: $(foreach s,$(CHOSEN),$(call program_path,$(s),-criterion))
	@for program in $^; do $$program --list; done | grep -q -- '$(TEST)' || { echo 'no test is named "$(TEST)"; make check without TEST runs all' >&2; exit 1; }; \
	status=0; for program in $^; do \
	    echo "== $$program"; rm -f $$program.late; \
	    LATE_MARK=$$program.late $$program --jobs 2 $(if $(TEST),--filter '*/*$(TEST)*') || status=1; \
	done; exit $$status

.PHONY: test-given test-stages test-races
# The given code, on the real os_memory and on its stand-in.
test-given: $(OUT)/tests/common $(OUT)/tests/common-standin
	@for program in $^; do $$program || exit 1; done

# The plain programs of all stages, with the reference.
test-stages: $(foreach s,$(CHOSEN),$(call program_path,$(s)) $(call program_path,$(s),-guarded))
	@status=0; for program in $(filter-out %-guarded,$^); do echo "== $$program"; $$program || status=1; done; exit $$status

## test-races: the tests that start threads, under ThreadSanitizer
test-races:
	@$(MAKE) --no-print-directory VARIANT=tsan tsan-threads
.PHONY: tsan-threads
tsan-threads: $(OUT)/tests/common $(foreach s,$(CHOSEN),$(call program_path,$(s)))
	@status=0; for program in $^; do echo "== $$program"; \
	    $$program --list | grep -q "$$(printf '\t')1$$(printf '\t')" || continue; \
	    TSAN_OPTIONS=halt_on_error=1:exitcode=66 $$program --threads-only || status=1; done; exit $$status

.PHONY: test
## test: every test of the project, with VARIANT's flags (debug by default) and CC
test: deps
	+@common/testing/run_suites.sh $(BUILD)/test-logs $(TEST_SUITES)

.PHONY: test-builds
test-builds: $(foreach s,$(STAGES),$(call program_path,$(s)) $(call program_path,$(s),-guarded))

.PHONY: clean
## clean: remove build/
clean:
	rm -rf $(BUILD)

# ---- Style and static analysis ---------------------------------------------------------------

LINT_FILES = $(shell git ls-files '*.c' '*.h' 2>/dev/null | grep -v /fixtures/ || find common stage* grader -name '*.[ch]')
# Not the programs that test the library: what a linter warns of with malloc, they do to see what happens.
TIDY_FILES = $(filter %.c,$(filter-out %/criterion_main.c grader/tests/% stage4_pagecache/tests/library/%,$(LINT_FILES)))
.PHONY: lint
## lint: clang-format, clang-tidy and cppcheck over all code
lint: deps
	@clang-format --dry-run -Werror $(LINT_FILES) && echo "clang-format: clean"
	@printf '%s\n' $(TIDY_FILES) | xargs -P 2 -n 4 sh -c 'clang-tidy --quiet "$$@" -- $(BASE_FLAGS) -DLOCK_CHECKS=1 $$(pkg-config --cflags $(LINT_LIBRARIES)) 2>/dev/null' tidy \
	    && echo "clang-tidy: clean"
	@cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
	    --suppress=missingIncludeSystem -I. -DLOCK_CHECKS=1 '-D_Noreturn=__attribute__((noreturn))' -j 2 $(TIDY_FILES) && echo "cppcheck: clean"

-include $(shell find $(BUILD) $(STUDENT_BUILD) -name '*.d' 2>/dev/null)

-include stage4_pagecache/tests/library/library.mk
-include common/testing/property/property.mk common/testing/interleave/interleave.mk
-include common/trust/trust.mk
-include grader/grader.mk grader/redteam/redteam.mk grader/hints/hints.mk grader/fuzz/fuzz.mk grader/known_bugs/known_bugs.mk common/demo/demo.mk common/bench/bench.mk
-include common/course/course.mk common/course/handouts/handouts.mk grader/mutants/mutants.mk
-include common/trace/trace.mk common/show/show.mk
-include grader/handout.mk
