# The replay page: a trace as a picture that moves. See page/main.js for how it works, and recorder.h for
# where traces come from. Needs no network: the page is one file.
#
#   make show STAGE=2 [IMPL=student]     a short scenario of a stage, told as its handout tells it
#   make show TRACE=file [WINDOW=a..b]   any trace
#   make show FAIL=last                  the shrunk script of the property test that failed last

show_out := $(BUILD)/show
TRACE    ?=
WINDOW   ?=
FAIL     ?=

# What the browser tests run on; the page itself needs none of it.
# A node.js from elsewhere brings its npm along, and Debian's package of it would not go beside.
PACKAGES += chromium $(if $(shell command -v npm),,nodejs npm)

show_titles_1 := Stage 1: an object pool
show_titles_2 := Stage 2: the lists of a thread
show_titles_3 := Stage 3: batches and spans
show_titles_4 := Stage 4: spans split and coalesced
show_page      = $(wildcard common/show/page/*)

# The stage itself is IMPL's code, the others are the reference's.
show_layer_impl = $(if $(filter $(1),$(2)),$(IMPL),solution)
show_sources    = common/show/scenarios/stage$(1).c $(LIBRARY_COMMON) \
    $(foreach s,$(STAGES),$(patsubst %,$(stage$(s)_dir)/$(call show_layer_impl,$(s),$(1))/%,$(stage$(s)_handin)))
show_suffix     = $(if $(filter student,$(IMPL)),-student)

define show_stage_rules
$$(trace_code_out)/scenario$(1): $$(call trace_objects,$$(call show_sources,$(1))) $$(trace_recorder)
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $$^ $$(LDFLAGS) -o $$@

# Whatever becomes of the program: what it did until then is shown.
$$(trace_code_out)/scenario$(1).trace: $$(trace_code_out)/scenario$(1)
	@MEMPOOL_TRACE=$$@ $$< || echo '$$< ended with status '$$$$?': the page shows how far it came'

$$(show_out)/stage$(1)$$(show_suffix).html: $$(trace_code_out)/scenario$(1).trace $$(trace_out)-reader $$(show_page)
	@mkdir -p $$(@D)
	$$(Q)$$(trace_out)-reader html $$< --out $$@ --stage $(1) --title '$$(show_titles_$(1))$$(if $$(show_suffix), (your code))'
endef
$(foreach s,$(STAGES),$(eval $(call show_stage_rules,$(s))))

.PHONY: show
## show: the replay page: make show STAGE=n [IMPL=student] | TRACE=file [WINDOW=first..last] | FAIL=last
ifneq ($(TRACE),)
show: $(trace_out)-reader
	@mkdir -p $(show_out)
	@$(trace_out)-reader html '$(TRACE)' --out $(show_out)/trace.html $(if $(WINDOW),--window '$(WINDOW)')
	@echo 'open in a browser: $(abspath $(show_out)/trace.html)'
else ifneq ($(FAIL),)
# A script does not say whose code it is of: the student's, unless IMPL says otherwise.
show:
	@$(MAKE) --no-print-directory show-fail IMPL=$(if $(filter command line environment,$(origin IMPL)),$(IMPL),student)
else
show: $(foreach s,$(CHOSEN),$(show_out)/stage$(s)$(show_suffix).html)
	@for page in $^; do echo "open in a browser: $(CURDIR)/$$page"; done
endif

# The program of the stage that has the script's test runs it again, call by call, with the recorder.
show_script = $(if $(filter last,$(FAIL)),$(shell ls -t build/last-failure/*.script 2>/dev/null | head -n 1),$(FAIL))
show_test   = $(shell sed -n 's/^\# test //p' '$(show_script)')
show_failed = $(patsubst stage%,%,$(firstword $(subst _, ,$(shell grep -ls 'TEST.$(firstword $(subst /, ,$(show_test))),' stage*/tests/*.c))))
ifneq ($(filter show-fail,$(MAKECMDGOALS)),)
show_fail_stage := $(show_failed)
.PHONY: show-fail
show-fail: $(if $(show_fail_stage),$(trace_code_out)/stage$(show_fail_stage)) $(trace_out)-reader
	@test -n '$(show_script)' || { echo 'no script is kept: no property test has failed here' >&2; exit 1; }
	@test -n '$(show_fail_stage)' || { echo '$(show_script): no stage has its test "$(show_test)"' >&2; exit 1; }
	@mkdir -p $(show_out)
	@-MEMPOOL_TRACE=$(trace_code_out)/failure.trace $< --replay '$(show_script)'
	@$(trace_out)-reader html $(trace_code_out)/failure.trace --out $(show_out)/failure.html --title '$(show_test)' --stage $(show_fail_stage)
	@echo 'open in a browser: $(abspath $(show_out)/failure.html)'
endif

# ---- Its tests: in headless Chromium -------------------------------------------------------------

$(show_out)/node_modules/installed: common/show/package.json
	@mkdir -p $(show_out)
	$(call say,NPM,$(show_out)/node_modules)
	$(Q)cp $< $(show_out)/ && cd $(show_out) && npm install --no-audit --no-fund --no-package-lock --silent && touch node_modules/installed

# A program that frees twice, and a real program with many objects: python3 without its own allocator.
$(trace_out)/broken.trace: $(trace_out)/stage4
	-$(Q)MEMPOOL_TRACE=$@ $< --run mempool_checking/sees_a_double_free_after_other_frees > $(trace_out)/broken.log 2>&1
$(trace_out)/real.trace: $(trace_out)/libmempool.so
	$(Q)env PATH=/usr/bin:/bin PYTHONMALLOC=malloc MEMPOOL_TRACE=$@ MEMPOOL_TRACE_EVENTS=300000 LD_PRELOAD=$(abspath $<) \
	    python3 -c 'import json, re; words = {str(i): [i] * (i % 9) for i in range(20000)}; print(len(json.dumps(words)))' > $@.log
$(trace_out)/test/exchange.trace: $(trace_out)/test/exchange $(trace_out)/libmempool.so
	$(Q)env MEMPOOL_TRACE=$@ LD_PRELOAD=$(abspath $(trace_out)/libmempool.so) $< > $@.log

show_tests := $(wildcard common/show/tests/*_test.js)
show_made   = $(trace_out)-reader $(trace_out)/broken.trace $(trace_out)/real.trace $(trace_out)/test/exchange.trace \
              $(foreach s,$(STAGES),$(show_out)/stage$(s).html)

TEST_SUITES += show '$(MAKE) show-test'

.PHONY: show-test
## show-test: the replay page in headless Chromium: controls, states, speed, accessibility
show-test: $(show_out)/node_modules/installed $(show_made)
	$(Q)BUILD=$(BUILD) node --test --test-concurrency=1 --test-reporter=spec $(show_tests)

.PHONY: pictures
## pictures: make the pictures of the handouts and of the README again
pictures: $(show_out)/node_modules/installed $(show_made)
	$(Q)BUILD=$(BUILD) node common/show/pictures.js
