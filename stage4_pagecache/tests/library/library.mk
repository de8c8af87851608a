# Tests of the built library: make library-test. See run.sh.

library_test_dir  := stage4_pagecache/tests/library
library_test_out  := $(BUILD)/release/library-test
library_test_make  = $(CC) -std=c11 -D_GNU_SOURCE -O1 -g -pthread -fno-builtin $(WARNINGS) $(FATAL_WARNINGS) \
                     -Istage4_pagecache
library_test_cxx  := $(if $(findstring clang,$(CC)),clang++,g++)
library_test_names := surface operators misuse guards fork_storm fork_storm-with-archive threads late pairs growing \
                      borders endings plugins processes plugin.so descriptors fork_stdio \
                      linked linked-with-archive linked-static
library_test_headers := $(library_test_dir)/expect.h stage4_pagecache/mempool.h

TEST_SUITES += library '$(MAKE) library-test'

.PHONY: library-test library-test-run
## library-test: the built library under real conditions: preloaded, linked, loaded late
library-test:
	@$(MAKE) --no-print-directory VARIANT=release library-test-run

.PHONY: stress stress-run
## stress: threads and processes in long form: 10,000 forks, 100,000 thread starts, under two minutes
stress:
	@$(MAKE) --no-print-directory VARIANT=release stress-run

stress-run: library $(addprefix $(library_test_out)/,$(library_test_names))
	$(Q)sh $(library_test_dir)/stress.sh $(abspath $(BUILD)/release/libmempool.so) $(abspath $(library_test_out))

library-test-run: library $(addprefix $(library_test_out)/,$(library_test_names))
	$(Q)sh $(library_test_dir)/run.sh $(abspath $(BUILD)/release/libmempool.so) $(abspath $(library_test_out)) \
	    $(if $(LTO),$(if $(wildcard prebuilt),,fused))

$(library_test_out)/%: $(library_test_dir)/%.c $(library_test_headers)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(library_test_make) $< -ldl -o $@

$(library_test_out)/operators: $(library_test_dir)/operators.cpp $(library_test_headers)
	@mkdir -p $(@D)
	$(call say,CXX,$@)
	$(Q)$(library_test_cxx) -std=c++17 -fsized-deallocation -O1 -g -pthread -fno-builtin -Wall -Wextra -Wpedantic $(FATAL_WARNINGS) -Istage4_pagecache \
	    $< -o $@

$(library_test_out)/%.so: $(library_test_dir)/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(library_test_make) -fPIC -shared $< -o $@

$(library_test_out)/fork_storm: $(library_test_dir)/fork_storm.c $(library_test_out)/fork_handlers.so $(library_test_headers)
	$(call say,CC,$@)
	$(Q)$(library_test_make) $< $(library_test_out)/fork_handlers.so -Wl,-rpath,'$$ORIGIN' -o $@

$(library_test_out)/fork_storm-with-archive: $(library_test_dir)/fork_storm.c $(library_test_out)/fork_handlers.so $(library_test_headers) $(BUILD)/release/libmempool.a
	$(call say,CC,$@)
	$(Q)$(library_test_make) $< $(library_test_out)/fork_handlers.so -L$(BUILD)/release -l:libmempool.a -Wl,-rpath,'$$ORIGIN' -o $@

# As a user links: with the shared library, with the archive, and with everything static.
library_test_linked = $(library_test_make) $(library_test_dir)/linked.c -L$(BUILD)/release
$(library_test_out)/linked $(library_test_out)/linked-with-archive $(library_test_out)/linked-static: \
        $(library_test_dir)/linked.c $(library_test_headers) $(BUILD)/release/libmempool.so $(BUILD)/release/libmempool.a
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(library_test_linked) $(if $(filter %-static,$@),-static) -l$(if $(filter %/linked,$@),mempool,:libmempool.a) -o $@
