# Does cost grow with the work alone, and does memory come back? See scale.c.

scale_programs := $(addprefix $(OUT)/bench/scale/,live metadata peak purge)

$(OUT)/bench/scale/%: $(OUT)/obj/common/bench/scale/%.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $< $(LDFLAGS) -ldl -o $@

# Its madvise and munmap take the place of the C library's: see purge.c.
$(OUT)/bench/scale/purge: LDFLAGS += -rdynamic
$(OUT)/obj/common/bench/scale/purge.o: CFLAGS += -fvisibility=default

$(OUT)/bench/scale/scale: $(call objects,$(addprefix common/bench/scale/,scale.c flat.c idle.c) \
                          $(addprefix common/bench/guard/,child.c figures.c))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) -o $@

.PHONY: bench-scale
## bench-scale: cost by live objects and threads; records; memory after a peak; the price of purging [JSON=file]
ifneq ($(VARIANT),release)
bench-scale:
	@$(MAKE) --no-print-directory VARIANT=release $@
else
bench-scale: $(OUT)/bench/scale/scale $(scale_programs) library
	@mkdir -p $(BUILD)/bench
	@$< --library $(abspath $(library_out)/libmempool.so) --programs $(OUT)/bench/scale --folder $(OUT)/bench \
	    --json '$(or $(JSON),$(BUILD)/bench/$@.json)'
endif
