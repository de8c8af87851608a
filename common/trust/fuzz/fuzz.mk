# libFuzzer on the properties of each stage: make fuzz. See fuzz.c.

PACKAGES += clang libclang-rt-14-dev
TEST_SUITES += fuzz '$(MAKE) fuzz SECONDS=2'

# For each stage so many; what is found grows a corpus in build/fuzz/, starting from the one in the tree.
SECONDS ?= 60
FUZZ_RUN_OPTIONS := -max_len=3000 -timeout=60 -rss_limit_mb=6000 -detect_leaks=0 -print_final_stats=1 -verbosity=0

fuzz_build = $(MAKE) --no-print-directory CC=clang VARIANT=asan BUILD=$(BUILD)/fuzz \
             EXTRA_CFLAGS='-fsanitize=fuzzer-no-link' EXTRA_LDFLAGS='-fsanitize=fuzzer'

define fuzz_rules
$$(trust_out)/fuzz-stage$(1): $$(filter-out %/property/property.o %/property/shrink.o,$$(stage$(1)_code)) \
        $$(call objects,$$(filter-out %_test.c,$$(stage$(1)_test_sources)) $$(filter %_property_test.c,$$(stage$(1)_test_sources)) \
        $$(trust_dir)/fuzz/fuzz.c)
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $$(filter %.o,$$^) $$(LDFLAGS) -o $$@
endef
$(foreach s,$(STAGES),$(eval $(call fuzz_rules,$(s))))

.PHONY: fuzz fuzz-run
## fuzz: libFuzzer on every layer and the whole, under ASan and UBSan: make fuzz SECONDS=60 [STAGE=3]
fuzz:
	+@$(fuzz_build) $(foreach s,$(CHOSEN),$(BUILD)/fuzz/asan/trust/fuzz-stage$(s))
	@sh $(trust_dir)/fuzz/fuzz.sh $(BUILD)/fuzz $(SECONDS) '$(CHOSEN)' $(trust_dir)/fuzz/corpus $(FUZZ_RUN_OPTIONS)
