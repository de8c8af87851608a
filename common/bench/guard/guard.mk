# The guard against a library that becomes more expensive. See guard.c.

PACKAGES    += valgrind
TEST_SUITES += cost-guard '$(MAKE) guard'

# BUDGET=write writes what was measured as the new budget.
BUDGET ?=
guard_budget := common/bench/guard/budget.txt

$(OUT)/bench/guard: $(call objects,$(addprefix common/bench/guard/,guard.c measure.c child.c budget.c figures.c))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) -o $@

# Its clock takes the place of the C library's: see traces.c.
$(OUT)/bench/traces: LDFLAGS += -rdynamic
$(OUT)/obj/common/bench/guard/traces.o: CFLAGS += -fvisibility=default
$(OUT)/bench/traces: $(OUT)/obj/common/bench/guard/traces.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $< $(LDFLAGS) -ldl -o $@

guard_programs = $(OUT)/bench/guard $(OUT)/bench/traces $(library_test_out)/pairs
guard_run = $(OUT)/bench/guard --library $(abspath $(library_out)/libmempool.so) --pairs $(library_test_out)/pairs \
            --traces $(OUT)/bench/traces --folder $(OUT)/bench

.PHONY: guard pair
## guard: instructions, calls and memory for fixed traces against common/bench/guard/budget.txt [BUDGET=write]
## pair: instructions for a malloc, a free and their loop, at four sizes
ifneq ($(VARIANT),release)
guard pair:
	@$(MAKE) --no-print-directory VARIANT=release $@
else
# Instructions are as gcc fuses the layers, on one kind of processor: elsewhere they have no budget.
guard: $(guard_programs) library
	@$(guard_run) --budget $(guard_budget) $(if $(filter write,$(BUDGET)),--write) \
	    $(if $(and $(LTO),$(filter x86_64,$(shell uname -m))),,--no-instructions)
pair: $(guard_programs) library
	@$(guard_run)
endif
