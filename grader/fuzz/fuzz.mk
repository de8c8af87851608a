# libFuzzer on the grader's parsers. Included by the Makefile.

grader_fuzz_targets := archive source xml rubric
grader_fuzz_out     := $(BUILD)/grader-fuzz
grader_fuzz_parts   := $(addprefix grader/,handins.c handins_archive.c c_text.c gate_directives.c gate_words.c \
    valgrind_xml.c results.c rubric.c stages.c keep.c die.c files.c score.c text.c) grader/fuzz/fuzz.c
grader_fuzz_flags   := $(BASE_FLAGS) -O1 -gdwarf-4 -fno-omit-frame-pointer -fsanitize=address,undefined \
    -fno-sanitize-recover=undefined

$(grader_fuzz_out)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)clang $(grader_fuzz_flags) -fsanitize=fuzzer-no-link $(shell pkg-config --cflags $(grader_needs)) -MMD -MP -c $< -o $@

$(addprefix $(grader_fuzz_out)/,$(grader_fuzz_targets)): $(grader_fuzz_out)/%: $(grader_fuzz_out)/obj/grader/fuzz/%.o \
    $(patsubst %.c,$(grader_fuzz_out)/obj/%.o,$(grader_fuzz_parts))
	$(call say,LINK,$@)
	$(Q)clang $(grader_fuzz_flags) -fsanitize=fuzzer $^ $(grader_libs) -o $@

# libconfig leaks a string that its file ends in: leaks are not looked for in the rubric. New inputs stay in build/grader-fuzz; seeds are never changed.
.PHONY: grader-fuzz
SECONDS ?= 60
## grader-fuzz: libFuzzer on the grader's parsers: make grader-fuzz [SECONDS=60 for each] [TARGET=archive]
grader-fuzz: $(addprefix $(grader_fuzz_out)/,$(or $(TARGET),$(grader_fuzz_targets)))
	$(Q)for program in $^; do name=$$(basename $$program); mkdir -p $(grader_fuzz_out)/corpus/$$name; \
	    ASAN_OPTIONS=detect_leaks=$$([ $$name = rubric ]; echo $$?) $$program -max_total_time=$(SECONDS) -timeout=20 -rss_limit_mb=2048 -max_len=65536 -verbosity=0 \
	        -print_final_stats=1 -artifact_prefix=$(grader_fuzz_out)/$$name- \
	        $(grader_fuzz_out)/corpus/$$name grader/fuzz/seeds/$$name 2>&1 | tee $(grader_fuzz_out)/$$name.log | \
	        grep -E 'executed_units|ERROR|SUMMARY|BINGO' | sed "s/^/$$name: /"; \
	    grep -q 'ERROR' $(grader_fuzz_out)/$$name.log && exit 1 || true; \
	done
