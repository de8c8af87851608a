# The grader: its program, its tests, and what checks tests and skeletons. Included by the Makefile.

grader_program := $(BUILD)/$(if $(filter debug,$(VARIANT)),,$(VARIANT)/)grade
grader_main    := grader/grade.c
grader_parts   := $(filter-out $(grader_main),$(wildcard grader/*.c))
grader_objects := $(patsubst %.c,$(OUT)/obj/%.o,$(grader_parts))
# What it is linked with, by the names of pkg-config.
grader_needs   := jansson libxml-2.0
grader_needs   += libconfig
grader_needs   += libarchive libseccomp libelf capstone
grader_libs     = $(shell pkg-config --libs $(grader_needs)) -lcsv -lm
PACKAGES       += libarchive-dev libseccomp-dev libelf-dev libcapstone-dev bubblewrap
LINT_LIBRARIES += $(grader_needs)

$(OUT)/obj/grader/%.o: CFLAGS += $(shell pkg-config --cflags $(grader_needs))

$(grader_program): $(grader_objects) $(OUT)/obj/grader/grade.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) $(grader_libs) -o $@

.PHONY: grade
## grade: grade the reference: make grade [IMPL=student | SUBMISSION=dir] [STAGE=n] [JSON=file] [OWN_LAYERS=1 | MATRIX=1]
grade: deps
	$(Q)$(MAKE) --no-print-directory -j2 $(grader_program)
	$(Q)$(grader_program) $(if $(SUBMISSION),--submission '$(SUBMISSION)',--impl $(IMPL)) \
	    $(if $(STAGE),--stage $(STAGE)) $(if $(JSON),--json '$(JSON)') \
	    $(if $(OWN_LAYERS),--own-layers) $(if $(MATRIX),--matrix) $(if $(QUICK),--quick) $(if $(SEED),--seed $(SEED)) \
	    --build $(BUILD)

# ---- Its own tests ---------------------------------------------------------------------------

grader_tests_out  := $(OUT)/grader-tests
grader_unit_tests := $(addprefix grader/tests/,verdict_test.c process_test.c findings_test.c \
    coverage_test.c build_test.c options_test.c score_test.c)
grader_unit_tests += $(addprefix grader/tests/,submission_test.c submission_own_test.c \
    submission_support.c archive_maker.c jail_test.c gate_test.c scratch_test.c without_landlock.c)
# The rubric, the reports, a class, handing out.
include grader/reports.mk
# How a submission is judged: phases, verdicts, counts.
include grader/judging.mk
grader_end_tests  += grader/tests/grading_test.c grader/tests/end_to_end.c
skeleton_tests    := grader/tests/skeletons_test.c grader/tests/end_to_end.c

$(grader_tests_out)/unit: $(call objects,$(grader_unit_tests)) $(grader_objects)
$(grader_tests_out)/end_to_end: $(call objects,$(grader_end_tests)) $(grader_objects)
$(grader_tests_out)/skeletons: $(call objects,$(skeleton_tests)) $(grader_objects)
$(grader_tests_out)/same_verdicts: $(call objects,grader/tests/same_verdicts.c) $(grader_objects)
$(addprefix $(grader_tests_out)/,unit end_to_end skeletons same_verdicts):
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) $(grader_libs) -lcriterion -o $@

TEST_SUITES += same-verdicts '$(MAKE) same-verdicts' skeletons '$(MAKE) check-skeletons' \
               grader '$(MAKE) grader-test'

.PHONY: grader-test grader-unit-test grader-end-test
## grader-test: the grader's own tests: its parts, then the grader on fixtures
grader-test: grader-unit-test grader-end-test
grader-unit-test: $(grader_tests_out)/unit
	$(Q)$< --jobs 2
grader-end-test: $(grader_tests_out)/end_to_end $(grader_program)
	$(Q)GRADE_PROGRAM=$(grader_program) GRADE_BUILD=$(BUILD) $< --jobs 2

.PHONY: check-skeletons
## check-skeletons: every skeleton compiles and scores 0 with "not done yet", every solution passes all
check-skeletons: $(grader_tests_out)/skeletons $(grader_program)
	$(Q)GRADE_PROGRAM=$(grader_program) GRADE_BUILD=$(BUILD) $< --jobs 2

# The programs of the other implementation are made by a make of their own.
.PHONY: same-verdicts same-verdicts-impl
## same-verdicts: the Criterion and the plain build of the tests list the same tests, same verdicts
same-verdicts: $(grader_tests_out)/same_verdicts
	$(Q)$(MAKE) --no-print-directory same-verdicts-impl IMPL=solution
	$(Q)$(MAKE) --no-print-directory same-verdicts-impl IMPL=student

same-verdicts-impl: $(grader_tests_out)/same_verdicts \
    $(foreach s,$(CHOSEN),$(call program_path,$(s)) $(call program_path,$(s),-criterion))
	$(Q)status=0; for program in $(foreach s,$(CHOSEN),$(call program_path,$(s))); do \
	    $< $$program $$program-criterion || status=1; \
	done; exit $$status

# Built apart, with counters; what it grades is built as ever.
.PHONY: grader-coverage grader-coverage-programs
grader_coverage_out := $(BUILD)/grader-coverage
## grader-coverage: how much of the grader's own code its tests and the red team reach: 85% of lines at least
grader-coverage: $(grader_program)
	$(Q)$(MAKE) --no-print-directory BUILD=$(grader_coverage_out) EXTRA_CFLAGS='--coverage -fprofile-update=atomic' \
	    EXTRA_LDFLAGS=--coverage grader-coverage-programs
	$(Q)find $(grader_coverage_out) -name '*.gcda' -delete
	$(Q)cd $(CURDIR) && export GRADE_PROGRAM=$(grader_coverage_out)/grade GRADE_BUILD=$(BUILD) && \
	    $(grader_coverage_out)/debug/grader-tests/unit --jobs 2 && \
	    $(grader_coverage_out)/debug/grader-tests/end_to_end --jobs 2 && \
	    $(grader_coverage_out)/debug/grader-tests/class --jobs 2 && \
	    $(grader_coverage_out)/debug/grader-tests/redteam $(grader_coverage_out)/grade $(BUILD) limits
	$(Q)gcovr --root . --filter 'grader/[^/]*\.c$$' --fail-under-line 85 --print-summary $(grader_coverage_out) \
	    > $(grader_coverage_out)/report.txt; status=$$?; tail -n 4 $(grader_coverage_out)/report.txt; exit $$status
grader-coverage-programs: $(grader_tests_out)/unit $(grader_tests_out)/end_to_end $(grader_tests_out)/class $(grader_tests_out)/redteam $(grader_program)
