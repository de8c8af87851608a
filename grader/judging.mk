# How a submission is judged: phases, verdicts, counts. Included by grader.mk.
grader_unit_tests += $(addprefix grader/tests/,needs_test.c hints_test.c)

PACKAGES += jq
TEST_SUITES += alternatives '$(MAKE) alternatives QUICK=1'

.PHONY: alternatives
## alternatives: honest implementations of other designs have full points: make alternatives [STAGE=n] [QUICK=1]
alternatives: $(grader_program)
	$(Q)BUILD='$(BUILD)' sh grader/alternatives/alternatives.sh $(if $(QUICK),--quick) $(STAGE)
