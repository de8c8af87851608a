# Benchmarks: each stage against glibc's malloc, in one program (make bench STAGE=n).

bench_common := $(addprefix common/bench/,stage_bench.c stage_load.c statistics.c)

# stage_bench_sources(stage): what the stage's benchmark is linked from: the code under test, the
# other layers of the reference, and what they need.
stage_bench_impl = $(if $(filter $(1),$(2)),$(IMPL),$(if $(filter-out $(wordlist 1,$(2),$(STAGES)),$(1)),solution,$(layers_impl)))
stage_bench_layers = $(if $(filter 1,$(1)),1,$(STAGES))
stage_bench_sources = $(bench_common) common/bench/stage$(1)_bench.c $(LIBRARY_COMMON) \
    $(foreach s,$(call stage_bench_layers,$(1)),\
        $(patsubst %,$(stage$(s)_dir)/$(call stage_bench_impl,$(s),$(1))/%,$(stage$(s)_handin)))
stage_bench_path = $(library_out)/bench/stage$(1)$(if $(filter own,$(LAYERS)),-own)

define stage_bench_rule
$$(call stage_bench_path,$(1)): $$(patsubst %.c,$$(OUT)/obj-lto/%.o,$$(call stage_bench_sources,$(1)))
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $$(CFLAGS) $$(LTO) $$^ $$(LDFLAGS) -lm -o $$@
endef
$(foreach s,$(STAGES),$(eval $(call stage_bench_rule,$(s))))

.PHONY: bench
## bench: a stage against glibc's malloc: make bench STAGE=4 [IMPL=student] [ROUNDS=7]
ifneq ($(VARIANT),release)
bench:
	@$(MAKE) --no-print-directory VARIANT=release bench
else
bench: $(foreach s,$(CHOSEN),$(call stage_bench_path,$(s)))
	@$(foreach s,$(CHOSEN),$(call stage_bench_path,$(s)) $(ROUNDS) &&) true
endif
