# The student's loop: make next, hint, watch, debug, start, reset, diff. Included by the Makefile.

course_program := $(BUILD)/course/course
course_sources := $(wildcard common/course/*.c)
# Small parts of the grader that know nothing of grading.
course_borrowed := $(addprefix grader/,stages.c keep.c die.c files.c text.c planted.c)

$(course_program): $(call objects,$(course_sources) $(course_borrowed))
	@mkdir -p $(@D)
	$(Q)$(CC) $^ $(LDFLAGS) -o $@

course = $(Q)$(MAKE) -s -j2 VARIANT=debug IMPL=solution $(course_program) >/dev/null && CC='$(CC)' $(course_program) $@ --build '$(BUILD)' \
    $(if $(STAGE),--stage '$(STAGE)') $(if $(TEST),--test '$(TEST)') $(if $(LEVEL),--level '$(LEVEL)') \
    $(if $(HINT),--hint) $(if $(ANSWER),--answer) $(if $(YES),--yes)

.PHONY: next hint watch debug start reset diff hunt own-tests
## next: what to do now: the first task or failing test of your code, as a story [STAGE=n]
## hint: a hint for what make next showed
## watch: make next, again at every save
## debug: a test of your code in gdb, stopped where it fails: make debug STAGE=n TEST=part-of-a-name
## start: begin a stage anywhere: what is given, what to read: make start STAGE=n
## reset: a stage's skeleton again; your files are kept beside it: make reset STAGE=n
## diff: your code beside the reference (asks first): make diff STAGE=n
## hunt: find a bug from how it behaves: make hunt [LEVEL=n] [HINT=1] [ANSWER=1]
## own-tests: which planted bugs your tests in stageN/student/tests/ expose: make own-tests STAGE=n
next hint watch debug start reset diff hunt own-tests:
	$(course)

# ---- The same tests with each call recorded, for the story of a failing one -------------------

story_calls_1 := stage1.c os_memory.c
story_calls_2 := stage2.c
story_calls_3 := stage3.c
story_calls_4 := stage4.c stage4_mempool.c os_memory.c

define story_rules
$$(call program_path,$(1),-story): $$(stage$(1)_code) \
    $$(call objects,$$(stage$(1)_test_sources) common/testing/plain_main.c $$(addprefix common/course/calls/,recorder.c $$(story_calls_$(1))))
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(filter %.o,$$^) $$(LDFLAGS) $$$$(nm $$(filter $$(OUT)/obj/common/course/%,$$^) | sed -n 's/.* T __wrap_/-Wl,--wrap=/p') -o $$@
endef
$(foreach s,$(STAGES),$(eval $(call story_rules,$(s))))

.PHONY: hunt-check
hunt-check:
	$(course)

# ---- The way of a student who makes no mistake -------------------------------------------------

TEST_SUITES += walk '$(MAKE) walk'
.PHONY: walk
## walk: put the reference into the skeletons, task by task; each task's tests turn green [STAGE=n]
walk:
	$(course)

# ---- Tests of all this ---------------------------------------------------------------------------

TEST_SUITES += course '$(MAKE) course-test'
.PHONY: course-test skeletons-kept
## course-test: the loop, walked through in a copy of the tree; skeletons and hunts are in order
course-test: skeletons-kept hunt-check
	$(Q)sh common/course/tests/loop_test.sh '$(BUILD)'

# Who changes a skeleton changes both copies.
skeletons-kept:
	$(Q)for stage in $(foreach s,$(STAGES),$(stage$(s)_dir)); do for file in common/course/skeletons/$$stage/*.c; do \
	    cmp "$$file" "$$stage/student/$${file##*/}" || exit 1; done; done
