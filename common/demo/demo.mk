# The demo: real programs with libmempool.so and without it. See demo.c.

PACKAGES    += g++ gcc git lua5.4 perl python3 redis-server sqlite3

# Runs of each program, one of them alone (make demo PROGRAM=git), and a file for the figures.
ROUNDS  ?= 3
PROGRAM ?=
JSON    ?=

demo_program := $(OUT)/demo
demo_library = $(if $(filter student,$(IMPL)),$(STUDENT_BUILD)/release/student,$(BUILD)/release)/libmempool.so
demo_run = @$(demo_program) --library $(demo_library) --programs common/demo/programs \
           $(if $(PROGRAM),--only $(PROGRAM)) $(if $(JSON),--json $(JSON))

$(demo_program): $(call objects,$(addprefix common/demo/,demo.c inputs.c report.c row.c run.c scratch.c workload.c))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) -lm -o $@

TEST_SUITES += real-programs '$(MAKE) demo-quick'

.PHONY: demo demo-quick
## demo: real programs with the library and without: results, CPU time, memory [ROUNDS=5] [PROGRAM=git] [JSON=file]
demo: $(demo_program) library
	$(demo_run) --rounds $(ROUNDS)

## demo-quick: the same with small sizes, one round: are the results the same?
demo-quick: $(demo_program) library
	$(demo_run) --rounds 1 --quick
