# The known bugs: patches, each of which a test must notice. See plant.sh.
TEST_SUITES += planted-bugs '$(MAKE) known-bugs'

.PHONY: known-bugs
## known-bugs: plant each known bug in turn and show which tests notice it: make known-bugs [ROW=7]
known-bugs:
	@BUILD='$(BUILD)' CC='$(CC)' sh grader/known_bugs/plant.sh $(ROW)
