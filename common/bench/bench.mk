# Benchmarks. With STAGE=n: a stage against glibc's malloc, in one program (stage_bench.h). Without:
# the library against glibc and every peer, by LD_PRELOAD (bench.c).

BENCH_PACKAGES := gcc gnuplot-nox libjemalloc2 libmimalloc2.0 libtcmalloc-minimal4 python3 \
                  redis-server redis-tools sqlite3

# Other targets give ROUNDS a default of theirs; here it counts only where somebody chose it.
bench_rounds = $(if $(filter file default undefined,$(origin ROUNDS)),,$(ROUNDS))
WORKLOAD  ?=
ALLOCATOR ?=
SCALE     ?=

# ---- A stage against glibc ---------------------------------------------------------------------

stage_bench_common := $(addprefix common/bench/,stage_bench.c stage_load.c statistics.c screen.c)

# stage_bench_sources(stage): the code under test, the other layers of the reference, and what they
# need. Stage 1 stands alone.
stage_bench_impl = $(if $(filter $(1),$(2)),$(IMPL),$(if $(filter-out $(wordlist 1,$(2),$(STAGES)),$(1)),solution,$(call layer_impl,$(1))))
stage_bench_layers = $(if $(filter 1,$(1)),1,$(STAGES))
stage_bench_sources = $(stage_bench_common) common/bench/stage$(1)_bench.c $(LIBRARY_COMMON) \
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

# ---- The library against its peers -------------------------------------------------------------

bench_workloads := $(patsubst common/bench/workloads/%.c,$(OUT)/bench/workloads/%,$(wildcard common/bench/workloads/*.c))
bench_sources := $(addprefix common/bench/,bench.c bench_options.c allocators.c rows.c process.c results.c statistics.c \
                 screen.c targets.c machine.c report_table.c report_json.c counts.c counts_model.c) common/demo/inputs.c

$(OUT)/bench/workloads/%: $(OUT)/obj/common/bench/workloads/%.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $< $(LDFLAGS) -o $@

$(OUT)/bench/bench: $(call objects,$(bench_sources))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) -lm -o $@

# Static: see launch.c. Sanitizers cannot be; nobody runs the bench with them.
$(OUT)/bench/launch: $(OUT)/obj/common/bench/launch.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -static $< -o $@

$(OUT)/bench/crossing.so: $(OUT)/obj/common/bench/crossing.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -shared $< $(LDFLAGS) -o $@

bench_programs = $(addprefix $(OUT)/bench/,bench launch) $(bench_workloads)
# Figures of all workloads are kept, for the pictures.
bench_json = $(or $(JSON),$(if $(WORKLOAD),,$(BUILD)/bench/$@.json))
bench_run = $(OUT)/bench/bench --launch $(OUT)/bench/launch --library $(library_out)/libmempool.so --programs common/bench/programs \
    --workloads $(OUT)/bench/workloads --out $(BUILD)/bench $(if $(WORKLOAD),--only '$(WORKLOAD)') \
    $(if $(QUICK),--rounds 3 --scale 25) $(if $(SCALE),--scale $(SCALE)) $(if $(bench_json),--json '$(bench_json)') \
    $(foreach a,$(ALLOCATOR),--allocator '$(a)') $(if $(bench_rounds),--rounds '$(bench_rounds)')

.PHONY: bench bench-counts deps-bench
## bench: STAGE=n: a stage against glibc's malloc; without: the library against its peers, 12 minutes [QUICK=1] [ROUNDS=9] [SCALE=percent] [WORKLOAD='name name'] [ALLOCATOR=name=file] [JSON=file]
## bench-counts: locks, batches, system calls and page faults, lines shared, per 1,000 objects [WORKLOAD=name] [JSON=file]
ifneq ($(VARIANT),release)
bench bench-counts:
	@$(MAKE) --no-print-directory VARIANT=release $@
else
ifneq ($(STAGE),)
bench: $(call stage_bench_path,$(STAGE))
	@$< $(bench_rounds)
else
bench: $(bench_programs) $(OUT)/bench/draw library
	@mkdir -p $(BUILD)/bench
	@$(bench_run)
	@$(if $(bench_json),$(OUT)/bench/draw $(BUILD)/bench bars '$(bench_json)' || true)
endif
bench-counts: $(bench_programs) $(OUT)/bench/crossing.so library
	@$(bench_run) --counts $(OUT)/bench/crossing.so
endif

## deps-bench: as deps, for the allocators and programs that make bench compares
deps-bench:
	@$(MAKE) --no-print-directory PACKAGES='$(BENCH_PACKAGES)' deps

# ---- Tests of the bench itself -----------------------------------------------------------------

TEST_SUITES += bench '$(MAKE) bench-test'

$(OUT)/tests/bench: $(call objects,common/bench/tests/figures_test.c $(GIVEN_CODE) \
                    $(addprefix common/bench/,statistics.c results.c targets.c))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(filter %.o,$^) $(LDFLAGS) -lm -o $@

.PHONY: bench-test
## bench-test: tests of the bench: what it makes of figures, and that each workload runs
bench-test: $(OUT)/tests/bench
	@$(MAKE) --no-print-directory bench ROUNDS=1 SCALE=1 JSON=$(BUILD)/bench/test.json WORKLOAD='$(bench_test_workloads)'
	@$<

bench_test_workloads := pair mixed server one-way exchange short-threads orders strings tables large zeroed \
    aligned share-active share-passive parse-tree fragment wide threads-8 threads-64

# What depends on no machine, what grows, and pictures.
include common/bench/guard/guard.mk common/bench/scale/scale.mk \
        common/bench/draw/draw.mk
