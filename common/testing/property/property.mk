# Scripts of calls that property tests keep where they fail. See ../README.md.
.PHONY: replay
## replay: run a kept script of calls again, call by call: make replay [FILE=build/last-failure/x.script] [IMPL=student]
ifneq ($(filter replay,$(MAKECMDGOALS)),)
FILE ?= $(shell ls -t build/last-failure/*.script 2>/dev/null | head -n 1)
# The stage that has the script's test: the others are not built.
replay_suite := $(if $(FILE),$(shell sed -n 's|^. test \([a-z_]*\)/.*|\1|p' '$(FILE)' 2>/dev/null))
replay_stage := $(if $(replay_suite),$(patsubst stage%,%,$(firstword $(subst _, ,$(shell grep -ls 'TEST.$(replay_suite),' stage*/tests/*.c)))))
endif
replay: $(foreach s,$(replay_stage),$(call program_path,$(s)))
	@test -n "$(FILE)" || { echo "no script is kept: no property test has failed here"; exit 1; }
	@test -r "$(FILE)" || { echo "$(FILE): there is no such file"; exit 1; }
	@name=$$(sed -n 's/^# test //p' "$(FILE)"); for program in $^; do \
	    $$program --list | grep -q "^$$name	" || continue; \
	    echo "$$program --replay $(FILE)"; $$program --replay "$(FILE)"; exit $$?; \
	done; echo "$(FILE): no test program has the test \"$$name\""; exit 1
