# The grader's rubric, reports, class and hand-outs: what they need and their tests. Included by
# grader.mk, before its rules.

PACKAGES += parallel libcsv-dev libconfig-dev libxml2-utils python3-jsonschema jq

grader_unit_tests += $(addprefix grader/tests/,rubric_test.c formats_test.c copies_test.c matrix_test.c \
    class_list_test.c class_again_test.c)

.PHONY: class
## class: grade a class: make class DIR=folder-or-roster.csv OUT=dir [SSHLOGIN=host,...] [JOBS=n] [RUBRIC=file] [STAGE=n]
class: deps $(grader_program)
	$(Q)test -n '$(DIR)' -a -n '$(GIVEN_OUT)' || { echo 'say what to grade and where the results go: make class DIR=handed-in OUT=results' >&2; exit 1; }
	$(Q)$(grader_program) --class '$(DIR)' --out '$(GIVEN_OUT)' --build '$(BUILD)' $(if $(SSHLOGIN),--sshlogin '$(SSHLOGIN)') \
	    $(if $(JOBS),--jobs $(JOBS)) $(if $(RUBRIC),--rubric '$(RUBRIC)') $(if $(STAGE),--stage $(STAGE)) $(if $(QUICK),--quick)

.PHONY: handout handout-test
## handout: the tree for a class: make handout OUT=folder
handout:
	$(Q)MAKE='$(MAKE)' BUILD='$(BUILD)' grader/handout.sh '$(GIVEN_OUT)'
## handout-test: what is handed out holds no solution, and the commands of its handouts work in it
handout-test:
	$(Q)MAKE='$(MAKE)' BUILD='$(BUILD)' grader/tests/handout_test.sh
TEST_SUITES += handout '$(MAKE) handout-test'

.PHONY: gradescope hosting-test
## gradescope: the autograder for Gradescope: make gradescope OUT=autograder.zip
gradescope:
	$(Q)grader/hosting/gradescope/make_zip.sh '$(GIVEN_OUT)'
hosting-test: $(grader_program)
	$(Q)grader/tests/guide_test.sh $<
	$(Q)grader/tests/hosting_test.sh $<
TEST_SUITES += hosting '$(MAKE) hosting-test'
PACKAGES    += shellcheck python3-yaml git

.PHONY: pages-test
## pages-test: the grader's pages in headless Chromium
pages-test: $(grader_program) $(BUILD)/show/node_modules/installed
	$(Q)rm -rf $(grader_tests_out)/pages
	$(Q)BUILD='$(BUILD)' grader/tests/pages_test.sh $< $(grader_tests_out)/pages --build '$(BUILD)'
TEST_SUITES += pages '$(MAKE) pages-test'

.PHONY: grader-class-test
$(grader_tests_out)/class: $(call objects,grader/tests/class_test.c grader/tests/end_to_end.c) $(grader_objects)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) $(grader_libs) -lcriterion -o $@
## grader-class-test: a class of four: interrupted, resumed, over two logins
grader-class-test: $(grader_tests_out)/class $(grader_program)
	$(Q)GRADE_PROGRAM=$(grader_program) GRADE_BUILD=$(BUILD) $< --jobs 2
.PHONY: class-test
## class-test: a class of COUNT (60) submissions, killed once and resumed, within the time it may take [ATTACKS=n]
class-test: $(grader_program)
	$(Q)grader/tests/class_of_many.sh $< $(grader_tests_out)/many $(or $(COUNT),60) $(or $(ATTACKS),0) --build '$(BUILD)' $(if $(QUICK),--quick) $(if $(STAGE),--stage $(STAGE))
TEST_SUITES += class '$(MAKE) grader-class-test'
PACKAGES    += openssh-server openssh-client
