# Threaded tests under chosen interleavings: the code under test is compiled with -fsanitize=thread and
# linked with a runtime of our own, in which each memory access is a point where threads may change.
# See ../README.md.

interleave_out   := $(BUILD)/interleave
interleave_tests := $(STUDENT_BUILD)/interleave
interleave_dir   := common/testing/interleave
interleave_flags  = $(BASE_FLAGS) $(WARNINGS) -O1 -fno-omit-frame-pointer -DLOCK_CHECKS=1 -fsanitize=thread
INTERLEAVE_CODE  := $(addprefix $(interleave_dir)/,scheduler.c schedule.c races.c wraps.c tsan_calls.c explore.c \
    story.c source_lines.c interleave_main.c)
INTERLEAVE_WRAPS := $(addprefix -Wl$(comma)--wrap=,pthread_mutex_lock pthread_mutex_trylock \
    pthread_mutex_unlock pthread_once pthread_key_create test_run_threads lock_acquire lock_release)
SCHEDULES ?= 400

$(interleave_out)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(interleave_flags) $(fatal_flags) $(EXTRA_CFLAGS) -MMD -MP -c $< -o $@

ifneq ($(STUDENT_ROOT) $(interleave_tests),. $(interleave_out))
$(interleave_tests)/obj/%.o: $(STUDENT_ROOT)/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(interleave_flags) $(EXTRA_CFLAGS) -MMD -MP -c $< -o $@
endif

# Only the code under test, and what it runs on, is instrumented.
interleave_objects = $(patsubst %.c,$(interleave_out)/obj/%.o,$(1))
interleave_program = $(interleave_tests)/stage$(1)-$(IMPL)
interleave_impl = $(foreach s,$(wordlist 1,$(1),$(STAGES)),$(patsubst %.c,$(if $(filter $(1)-student,$(s)-$(IMPL)),$(interleave_tests),$(interleave_out))/obj/$(stage$(s)_dir)/$(if $(filter $(1),$(s)),$(IMPL),solution)/%.o,$(stage$(s)_handin)))

interleave_link = $(CC) $(filter %.o,$^) -no-pie -pthread $(INTERLEAVE_WRAPS) -o $@

define interleave_rules
$$(call interleave_program,$(1)): $$(call interleave_impl,$(1)) $$(call interleave_objects,$$(stage$(1)_given)) \
    $$(call objects,$$(addprefix $$(stage$(1)_dir)/standin/,$$(stage$(1)_standin)) $$(TESTING) $$(INTERLEAVE_CODE) \
    $$(addprefix $$(stage$(1)_dir)/tests/,$$(stage$(1)_interleave)))
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(interleave_link)
endef
$(foreach s,$(STAGES),$(eval $(call interleave_rules,$(s))))

# A small shelf of objects, and a mistake of each kind in it, which must be found.
interleave_fixtures := shelf $(notdir $(basename $(wildcard $(interleave_dir)/fixtures/*.patch)))

$(interleave_out)/fixtures/shelf.c: $(interleave_dir)/fixtures/shelf.c
	@mkdir -p $(@D)
	$(Q)cp $< $@
$(interleave_out)/fixtures/%.c: $(interleave_dir)/fixtures/shelf.c $(interleave_dir)/fixtures/%.patch
	@mkdir -p $(@D)
	$(Q)patch -s -F0 -o $@ $^
$(interleave_out)/fixtures/%.o: $(interleave_out)/fixtures/%.c
	$(Q)$(CC) $(interleave_flags) -Werror -MMD -MP -c $< -o $@
$(interleave_out)/fixtures/%: $(interleave_out)/fixtures/%.o \
    $(call objects,$(interleave_dir)/fixtures/fixture_test.c $(TESTING) $(INTERLEAVE_CODE))
	$(call say,LINK,$@)
	$(Q)$(interleave_link)

.PHONY: interleave interleave-run interleave-fixtures
## interleave: threaded tests under chosen schedules: make interleave [STAGE=n] [IMPL=student] [SEED=n] [TEST=name] [SCHEDULES=n]
interleave:
	@$(MAKE) --no-print-directory VARIANT=debug interleave-run

interleave-run: $(foreach s,$(CHOSEN),$(call interleave_program,$(s)))
	@status=0; for program in $^; do echo "== $$program"; \
	    $$program --schedules $(SCHEDULES) $(if $(SEED),--seed $(SEED)) $(TEST) || [ $$? = 3 ] || status=1; done; exit $$status

interleave-fixtures: $(addprefix $(interleave_out)/fixtures/,$(interleave_fixtures))
	@sh $(interleave_dir)/fixtures/check.sh $^

TEST_SUITES += interleavings '$(MAKE) interleave SCHEDULES=250 && $(MAKE) VARIANT=debug interleave-fixtures'
PACKAGES += binutils
