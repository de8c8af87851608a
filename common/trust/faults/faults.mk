# Memory that runs out at every call: make faults. See trace.h.

PACKAGES += libseccomp-dev
TEST_SUITES += faults '$(MAKE) faults'

faults_trace = $(call objects,$(addprefix $(trust_dir)/,shadow.c faults/trace.c))

$(trust_out)/standin_faults: $(trust_stages) $(faults_trace) \
        $(call objects,$(trust_dir)/faults/standin_faults.c common/testing/test.c common/testing/test_tools.c common/testing/os_memory_standin.c common/caller_bug_text.c common/lock.c)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(filter %.o,$^) $(LDFLAGS) -o $@

# With the library as users have it, whatever the variant.
$(trust_out)/system_faults: $(faults_trace) $(call objects,$(trust_dir)/faults/system_faults.c) $(BUILD)/release/libmempool.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(filter %.o,$^) $(BUILD)/release/libmempool.a $(LDFLAGS) -lseccomp -o $@

.PHONY: faults faults-run
## faults: memory runs out at every call in turn, by the stand-in, RLIMIT_AS and seccomp
faults: library
	@$(MAKE) --no-print-directory faults-run
faults-run: $(trust_out)/standin_faults $(trust_out)/system_faults
	@status=0; for program in $^; do $$program || status=1; done; \
	test $$status = 0 && echo "faults: 6 series passed, 0 failed" || { echo "faults: failed"; exit 1; }
