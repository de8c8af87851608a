# Large programs' own test suites under the library: make torture. See torture.c.

# What the short form in `make test` needs; the long form needs the rest too.
PACKAGES += perl redis-server sqlite3 git
TORTURE_PACKAGES := python3.11 libpython3.11-testsuite libxml2-utils stress-ng postgresql g++ nodejs ecj default-jre-headless
TEST_SUITES += torture '$(MAKE) torture-quick'

torture_run = @mkdir -p $(BUILD)/torture; $(trust_out)/torture --library $(BUILD)/release/libmempool.so \
              --programs $(trust_dir)/torture/programs --logs $(BUILD)/torture $(if $(PROGRAM),--only $(PROGRAM))

$(trust_out)/torture: $(call objects,$(addprefix $(trust_dir)/torture/,torture.c lanes.c outcome.c suites.c trial.c) $(addprefix common/demo/,inputs.c run.c scratch.c))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) -o $@

.PHONY: torture torture-quick deps-torture
## torture: test suites of python, perl, postgres, redis, gcc, node, java… with the library and without [PROGRAM=git]
torture: $(trust_out)/torture library deps-torture
	$(torture_run)

torture-quick: $(trust_out)/torture library
	$(torture_run) --quick

## deps-torture: install what make torture needs beside make deps
deps-torture:
	@$(MAKE) --no-print-directory deps PACKAGES='$(TORTURE_PACKAGES)'
