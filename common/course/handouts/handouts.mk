# Handouts are held to the tree that they describe. Included by the Makefile.
PACKAGES += libcmark-dev
LINT_LIBRARIES += libcmark

handouts_program := $(BUILD)/handouts/handout_check
handouts_sources := $(wildcard common/course/handouts/*.c) common/course/command.c \
                    $(addprefix grader/,keep.c die.c files.c)

$(handouts_program): $(call objects,$(handouts_sources))
	@mkdir -p $(@D)
	$(Q)$(CC) $^ $(LDFLAGS) -lcmark -o $@

TEST_SUITES += handouts '$(MAKE) handout-check'
.PHONY: handout-check
## handout-check: every command, link and name in the handouts is right; English and Chinese in step
handout-check:
	$(Q)$(MAKE) -s -j2 VARIANT=debug IMPL=solution $(handouts_program) >/dev/null
	$(Q)$(handouts_program) --build '$(BUILD)' $(if $(NO_RUN),--no-run)
