# What make check tells of the grader's gate. Included by the Makefile.

gate_hints_program := $(OUT)/gate-hints
$(gate_hints_program): $(call objects,grader/hints/gate_hints.c $(addprefix grader/,c_text.c gate_directives.c \
    gate_words.c gate_object.c gate_calls.c keep.c files.c die.c text.c))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) $(shell pkg-config --libs libelf capstone) -o $@

gate_hints_pairs = $(foreach f,$(stage$(1)_handin),$(stage$(1)_dir)/student/$(f) \
    $(STUDENT_OUT)/obj/$(stage$(1)_dir)/student/$(f:.c=.o))

# Before the tests: a hint, never a failure.
.PHONY: gate-hints
ifeq ($(IMPL),student)
check: | gate-hints
gate-hints: $(gate_hints_program) $(foreach s,$(CHOSEN),$(call implementation_objects,$(s),student))
	$(Q)$(foreach s,$(CHOSEN),$< $(call gate_hints_pairs,$(s));)
endif
