# The grader: its program, its tests, and what checks tests and skeletons. Included by the Makefile.

grader_program := $(BUILD)/$(if $(filter debug,$(VARIANT)),,$(VARIANT)/)grade
grader_main    := grader/grade.c
grader_parts   := $(filter-out $(grader_main),$(wildcard grader/*.c))
grader_objects := $(patsubst %.c,$(OUT)/obj/%.o,$(grader_parts))
grader_libs     = $(shell pkg-config --libs jansson libxml-2.0)

$(OUT)/obj/grader/%.o: CFLAGS += $(shell pkg-config --cflags jansson libxml-2.0)

$(grader_program): $(grader_objects) $(OUT)/obj/grader/grade.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) $(grader_libs) -o $@

.PHONY: grade
## grade: grade the reference: make grade [IMPL=student | SUBMISSION=dir] [STAGE=n] [JSON=file] [OWN_LAYERS=1]
grade: $(grader_program)
	$(Q)$(grader_program) $(if $(SUBMISSION),--submission '$(SUBMISSION)',--impl $(IMPL)) \
	    $(if $(STAGE),--stage $(STAGE)) $(if $(JSON),--json '$(JSON)') \
	    $(if $(OWN_LAYERS),--own-layers) $(if $(QUICK),--quick) $(if $(SEED),--seed $(SEED)) \
	    --build $(BUILD)
