# The red team: submissions that mean harm, and what has to become of them. Included by the Makefile.

redteam_program := $(OUT)/grader-tests/redteam
$(redteam_program): $(call objects,grader/redteam/redteam.c grader/redteam/attacks.c grader/redteam/attacks_made.c grader/redteam/left.c \
    grader/tests/archive_maker.c grader/tests/without_landlock.c) $(grader_objects)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) $(grader_libs) -o $@

# As root: as root, and once more as nobody.
redteam_users := $(if $(filter 0,$(shell id -u)),'' 'setpriv --reuid=65534 --regid=65534 --clear-groups',"")

.PHONY: redteam redteam-quick
## redteam: grade submissions that attack the grader: in each kind of jail, as root and as nobody [ATTACK=name]
redteam: $(redteam_program) $(grader_program)
	$(Q)status=0; for user in $(redteam_users); do for jail in bubblewrap limits limits-alone; do \
	    $$user $(redteam_program) $(grader_program) $(BUILD) $$jail $(or $(ATTACK),all) || status=1; \
	done; done; exit $$status

# What of it takes no waiting.
redteam-quick: $(redteam_program) $(grader_program)
	$(Q)$(redteam_program) $(grader_program) $(BUILD) bubblewrap

TEST_SUITES += redteam '$(MAKE) redteam-quick'
