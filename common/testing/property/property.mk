# Scripts of calls that property tests keep where they fail. See ../README.md.
.PHONY: replay
## replay: run a kept script of calls again, call by call: make replay [FILE=build/last-failure/x.script] [IMPL=student]
replay: FILE ?= $(shell ls -t build/last-failure/*.script 2>/dev/null | head -n 1)
replay: $(foreach s,$(CHOSEN),$(call program_path,$(s)))
	@test -n "$(FILE)" || { echo "no script is kept: no property test has failed here"; exit 1; }
	@name=$$(sed -n 's/^# test //p' "$(FILE)"); for program in $^; do \
	    $$program --list | grep -q "^$$name	" || continue; \
	    echo "$$program --replay $(FILE)"; $$program --replay "$(FILE)"; exit $$?; \
	done; echo "$(FILE): no test program has the test \"$$name\""; exit 1
