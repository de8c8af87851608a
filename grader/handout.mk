# In a tree that was handed out (make handout) the folder prebuilt/ takes the place of the solutions: it is
# laid out as build/, and has the objects of the reference. Elsewhere there is no such folder, and nothing here counts.

ifneq ($(wildcard prebuilt),)

# What has a source here is compiled: those rules are for fewer names, and make prefers them.
$(BUILD)/%.o: prebuilt/%.o
	@mkdir -p $(@D)
	$(Q)cp $< $@

# What cannot work here: make help leaves it out, and whoever asks for it is told why.
need_grader    := grade class gradescope handout
need_bugs      := hunt own-tests
need_reference := diff walk fuzz port deps-port guard
need_course    := test course-test show-test trace-test bench-test pictures bench-pictures
why_grader     := the grader is not handed out. make check runs the tests of your code; points come when it is handed in
why_bugs       := it plants bugs in the reference, which is not handed out. make check runs your own tests, too, on your code
why_reference  := it needs the source of the reference, which is not handed out: ask whoever gave you this tree
why_course     := this is about the course itself, which is not handed out whole. make check runs the tests of your code

needs    := grader bugs reference course
WITHHELD := $(foreach what,$(needs),$(need_$(what)))
$(foreach what,$(needs),$(foreach goal,$(filter $(need_$(what)),$(MAKECMDGOALS)),$(error make $(goal): $(why_$(what)))))

endif

.PHONY: withheld
withheld:
	@echo $(WITHHELD)
