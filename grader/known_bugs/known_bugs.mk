# The known bugs: patches, each of which a test must notice. See plant.sh.
TEST_SUITES += planted-bugs '$(MAKE) known-bugs'

.PHONY: known-bugs
## known-bugs: plant each known bug in turn and show which tests notice it: make known-bugs [ROW=7]
known-bugs:
	@BUILD='$(BUILD)' CC='$(CC)' sh grader/known_bugs/plant.sh $(ROW)

# ---- What the tests of students are run on -----------------------------------------------------
#
# A stage on its reference, with a bug planted, and all else that a test is linked with (helpers of the
# stage's own tests too), as one object:
# build/debug/planted/stage3/row06_live_count_never_falls.o, and reference.o without a bug. The grader
# (grader/phase_own_tests.c) and make own-tests link a student's own tests with each.

# Those that a scored test notices, and that change nothing but the stage's reference.
planted_patches = $(shell grep -lE '^owner: row [0-9]+, stage $(1), program: [a-z0-9]+, detector: tests' grader/known_bugs/*.patch | \
                  xargs grep -LE '^\+\+\+ b/(common/|stage[^$(1)]|[^ ]*\.h)')
planted_object = $(OUT)/planted/stage$(1)/$(2).o

# plant_object(stage, object, folder): compile what the patch changes, and link it with the rest.
define plant_object
rm -rf $(3) && mkdir -p $(3)/$(stage$(1)_dir) && cp -R $(stage$(1)_dir)/solution $(3)/$(stage$(1)_dir)/ && \
patch -s -p1 -F0 -f -d $(3) < $< && \
for file in $(stage$(1)_handin:.c=); do source=$(stage$(1)_dir)/solution/$$file.c; \
    if cmp -s $$source $(3)/$$source; then cp $(OUT)/obj/$${source%.c}.o $(3)/; \
    else $(CC) $(CFLAGS) -w -c $(3)/$$source -o $(3)/$$file.o || exit 1; fi; \
done && \
$(LD) -r $(3)/*.o $(filter-out %.patch $(call implementation_objects,$(1),solution),$^) -o $(2) && rm -rf $(3)
endef

define planted_rules
planted_needs$(1) := $$(call implementation_objects,$(1),solution) \
    $$(filter-out $$(call implementation_objects,$(1),$$(IMPL)),$$(stage$(1)_code)) $$(call objects,common/testing/plain_main.c \
    $$(addprefix $$(stage$(1)_dir)/tests/,$$(filter-out %_test.c,$$(stage$(1)_tests))))
$$(call planted_object,$(1),reference): $$(planted_needs$(1))
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$$(Q)$$(LD) -r $$^ -o $$@
$$(call planted_object,$(1),%): grader/known_bugs/%.patch $$(planted_needs$(1))
	$$(call say,PLANT,$$@)
	$$(Q)$$(call plant_object,$(1),$$@,$$(@:.o=))
# Looked for only when it is asked for.
planted_objects$(1) := $$(call planted_object,$(1),reference) $$(if $$(filter planted-stage$(1) own-programs-stage$(1),$$(MAKECMDGOALS)),\
    $$(patsubst grader/known_bugs/%.patch,$$(call planted_object,$(1),%),$$(call planted_patches,$(1))))

$(OUT)/own-tests/stage$(1)/%: $$(call planted_object,$(1),%) $$(call objects,$$(stage$(1)_own_tests))
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$^ $$(LDFLAGS) -o $$@

.PHONY: planted-stage$(1) own-programs-stage$(1)
planted-stage$(1): $$(planted_objects$(1))
own-programs-stage$(1): $$(patsubst $$(OUT)/planted/%.o,$$(OUT)/own-tests/%,$$(planted_objects$(1)))
endef
$(foreach s,$(STAGES),$(eval $(call planted_rules,$(s))))
