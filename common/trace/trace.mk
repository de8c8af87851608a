# The recorder and its reader: see recorder.h. Programs made here lie in build/trace/, those of the
# student's code in build/trace/student/. They are made by rules of their own, so that nothing of the
# recorder is in what every other rule makes.

trace_out      := $(BUILD)/trace
trace_code_out  = $(trace_out)$(if $(filter student,$(IMPL)),/student)
trace_flags     = $(BASE_FLAGS) $(WARNINGS) -O2 -fno-omit-frame-pointer -DLOCK_CHECKS=1 $(EXTRA_CFLAGS)

# The functions that are recorded: those that lie between two layers. See record_*.c.
trace_functions := \
    mempool_alloc mempool_calloc mempool_aligned_alloc mempool_realloc mempool_free mempool_free_sized \
    mempool_purge thread_cache_alloc thread_cache_free thread_cache_flush \
    central_cache_fetch central_cache_release central_cache_flush \
    page_cache_alloc page_cache_free page_cache_resize page_cache_purge page_map_reserve page_map_set \
    os_memory_map os_memory_unmap os_memory_map_guarded os_memory_unmap_guarded os_memory_purge \
    object_pool_init object_pool_alloc object_pool_free object_pool_destroy caller_bug \
    script_format_call test_end

trace_recorder := $(patsubst common/trace/%.c,$(trace_out)/recorder/%.o,$(filter-out %/record_tests.c,$(wildcard common/trace/record*.c)))
trace_objects   = $(patsubst %.c,$(trace_out)/obj/%.o,$(1))
trace_layers    = $(foreach s,$(1),$(patsubst %,$(stage$(s)_dir)/$(IMPL)/%,$(stage$(s)_handin)))

$(trace_out)/obj/%.o: %.c common/trace/rename.sh common/trace/trace.mk
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(trace_flags) $(fatal_flags) -MMD -MP -c $< -o $@
	$(Q)OBJCOPY='$(OBJCOPY)' common/trace/rename.sh $@ $(trace_functions)
$(trace_out)/obj/stage4_pagecache/malloc.o: BASE_FLAGS += -fexceptions

$(trace_out)/recorder/%.o: common/trace/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(trace_flags) $(FATAL_WARNINGS) -MMD -MP -c $< -o $@

$(trace_code_out)/libmempool.so: $(call trace_objects,$(library_sources)) $(trace_recorder)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -shared -Wl,-soname,libmempool.so -Wl,-z,nodelete,-z,now,-z,defs,-z,initfirst $^ $(LDFLAGS) -o $@

.PHONY: trace-library
## trace-library: build/trace/libmempool.so, which writes what crosses its layers into MEMPOOL_TRACE=file
trace-library: $(trace_code_out)/libmempool.so $(trace_out)-reader

# A stage's plain test program with the recorder: the stages before it are the reference's.
trace_below = $(foreach s,$(filter-out $(1),$(wordlist 1,$(1),$(STAGES))),$(patsubst %,$(stage$(s)_dir)/$(call layer_impl,$(s))/%,$(stage$(s)_handin)))
trace_stage_sources = $(call trace_layers,$(1)) $(call trace_below,$(1)) $(TESTING) common/testing/plain_main.c \
    $(addprefix $(stage$(1)_dir)/standin/,$(stage$(1)_standin)) $(stage$(1)_given) \
    $(addprefix $(stage$(1)_dir)/tests/,$(stage$(1)_tests))

define trace_stage_rule
$$(trace_code_out)/stage$(1): $$(call trace_objects,$$(call trace_stage_sources,$(1))) $$(trace_recorder) $(trace_out)/recorder/record_tests.o
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $$^ $$(LDFLAGS) -o $$@
endef
$(foreach s,$(STAGES),$(eval $(call trace_stage_rule,$(s))))

.PHONY: trace-stage
## trace-stage: run one test of a stage with the recorder: make trace-stage STAGE=2 TEST=part-of-a-name
trace-stage: $(trace_code_out)/stage$(STAGE) $(trace_out)-reader
	@name=$$($< --list | cut -f 1 | grep -m 1 -e '$(TEST)') || { echo 'stage $(STAGE) has no test "$(TEST)"; $< --list names them all' >&2; exit 1; }; \
	trace=$(trace_code_out)/stage$(STAGE).trace; \
	MEMPOOL_TRACE=$$trace $< --run $$name; \
	$(trace_out)-reader summary $$trace

trace_reader_sources := $(filter-out common/trace/record%.c,$(wildcard common/trace/*.c)) \
    stage2_threadcache/solution/size_class.c common/caller_bug_text.c
$(trace_out)-reader: $(call objects,$(trace_reader_sources))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) -o $@

# ---- Its tests ---------------------------------------------------------------------------------

$(trace_out)/test/exchange: $(OUT)/obj/common/trace/tests/exchange.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) -o $@

TEST_SUITES += trace '$(MAKE) trace-test'

.PHONY: trace-test
## trace-test: the recorder and its reader; the release library is the same without them
trace-test: trace-library $(trace_out)/stage4 $(trace_out)/test/exchange
	$(Q)sh common/trace/tests/run.sh $(BUILD)
	$(Q)MAKE='$(MAKE)' sh common/trace/tests/unchanged.sh $(trace_out)/unchanged
