# Races and lock misuse over all programs that start threads: make races-all. See races.sh.

# The programs of library-test, and the soak, on the pool's own names: malloc is the tool's.
races_pool = $(trust_stages) $(call objects,common/os_memory.c common/lock.c common/lock_breach.c common/caller_bug.c common/caller_bug_text.c common/todo.c)
$(trust_out)/races-%: $(library_test_dir)/%.c $(trust_dir)/races/as_malloc.h $(races_pool)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) -Istage4_pagecache -fno-builtin -include $(trust_dir)/races/as_malloc.h $< $(races_pool) $(LDFLAGS) -rdynamic -o $@
$(trust_out)/races-soak: $(call objects,$(addprefix $(trust_dir)/,shadow.c soak/soak.c races/fork_handlers.c)) $(races_pool)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) -o $@

.PHONY: races-all races-programs
races-programs: $(addprefix $(trust_out)/,races-soak races-threads races-endings) $(OUT)/tests/common \
        $(foreach s,$(STAGES),$(call program_path,$(s)))

## races-all: ThreadSanitizer and helgrind over every test, stress program and the soak
races-all:
	+@$(MAKE) --no-print-directory VARIANT=tsan races-programs
	+@$(MAKE) --no-print-directory VARIANT=debug races-programs
	@sh $(trust_dir)/races/races.sh $(BUILD)
