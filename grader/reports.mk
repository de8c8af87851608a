# The grader's rubric, reports, class and hand-outs: what they need and their tests. Included by
# grader.mk, before its rules.

PACKAGES += parallel libcsv-dev libconfig-dev libxml2-utils python3-jsonschema jq

grader_unit_tests += $(addprefix grader/tests/,rubric_test.c formats_test.c)

.PHONY: class
## class: grade a class: make class DIR=folder-or-roster.csv OUT=dir [SSHLOGIN=host,...] [JOBS=n] [RUBRIC=file] [STAGE=n]
class: $(grader_program)
	$(Q)test -n '$(DIR)' -a -n '$(GIVEN_OUT)' || { echo 'say what to grade and where the results go: make class DIR=handed-in OUT=results' >&2; exit 1; }
	$(Q)$(grader_program) --class '$(DIR)' --out '$(GIVEN_OUT)' --build '$(BUILD)' $(if $(SSHLOGIN),--sshlogin '$(SSHLOGIN)') \
	    $(if $(JOBS),--jobs $(JOBS)) $(if $(RUBRIC),--rubric '$(RUBRIC)') $(if $(STAGE),--stage $(STAGE)) $(if $(QUICK),--quick)

.PHONY: grader-class-test
$(grader_tests_out)/class: $(call objects,grader/tests/class_test.c grader/tests/end_to_end.c) $(grader_objects)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) $(grader_libs) -lcriterion -o $@
## grader-class-test: a class of four: interrupted, resumed, over two logins
grader-class-test: $(grader_tests_out)/class $(grader_program)
	$(Q)GRADE_PROGRAM=$(grader_program) GRADE_BUILD=$(BUILD) $< --jobs 2
TEST_SUITES += class '$(MAKE) grader-class-test'
PACKAGES    += openssh-server openssh-client
