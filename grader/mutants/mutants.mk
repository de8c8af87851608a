# Generated mutants of the reference: do the tests notice small mistakes? Included by the Makefile.

mutants_program := $(BUILD)/mutants/mutants
mutants_sources := $(wildcard grader/mutants/*.c) \
                   $(addprefix common/course/,source.c command.c handout.c) \
                   $(addprefix grader/,stages.c keep.c die.c files.c)

$(mutants_program): $(call objects,$(mutants_sources))
	@mkdir -p $(@D)
	$(Q)$(CC) $^ $(LDFLAGS) -o $@

run_mutants = $(Q)$(MAKE) -s -j2 VARIANT=debug IMPL=solution $(mutants_program) >/dev/null && CC='$(CC)' $(mutants_program) --build '$(BUILD)' $(if $(STAGE),--stage $(STAGE))

TEST_SUITES += mutants-sample '$(MAKE) mutants-sample'

.PHONY: mutants generated-mutants mutants-sample
## mutants: known bugs, then generated mistakes in the reference: which do the tests notice? [STAGE=n] [MOST=120]
mutants: known-bugs generated-mutants
generated-mutants:
	$(run_mutants) --most $(or $(MOST),120) $(if $(LIST),--list)
mutants-sample:
	$(run_mutants) --sample 8
