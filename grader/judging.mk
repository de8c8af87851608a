# How a submission is judged: phases, verdicts, counts. Included by grader.mk.
grader_unit_tests += $(addprefix grader/tests/,needs_test.c hints_test.c coverage_job_test.c)

PACKAGES += jq
TEST_SUITES += alternatives '$(MAKE) alternatives QUICK=1'

.PHONY: alternatives
## alternatives: honest implementations of other designs have full points: make alternatives [STAGE=n] [QUICK=1]
alternatives: $(grader_program)
	$(Q)BUILD='$(BUILD)' sh grader/alternatives/alternatives.sh $(if $(QUICK),--quick) $(STAGE)

.PHONY: known-bugs-graded
## known-bugs-graded: each planted bug, handed in, loses points in its own stage and in no earlier one: [ROW=7]
known-bugs-graded: $(grader_program)
	$(Q)BUILD='$(BUILD)' sh grader/known_bugs/graded.sh $(ROW)

.PHONY: steady
## steady: the same submissions graded 50 times, half of them on a busy machine: [RUNS=n] [QUICK=1] [ONLY=name]
steady: $(grader_program)
	$(Q)BUILD='$(BUILD)' RUNS='$(or $(RUNS),50)' QUICK='$(QUICK)' ONLY='$(ONLY)' sh grader/steady.sh

grader_end_tests += grader/tests/valgrind_kinds_test.c grader/tests/own_tests_test.c
