# The known bugs: patches, each of which a test must notice. See plant.sh.
TEST_SUITES += planted-bugs '$(MAKE) mutants'

.PHONY: mutants
## mutants: plant each known bug in turn and show which tests notice it: make mutants [ROW=7]
mutants:
	@BUILD='$(BUILD)' CC='$(CC)' sh grader/known_bugs/plant.sh $(ROW)
