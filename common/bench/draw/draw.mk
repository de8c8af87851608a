# Pictures of what the bench commands measured. See draw.c.

BENCH_PACKAGES += gnuplot-nox libjansson-dev pkg-config

bench_pictures := common/bench/pictures

$(OUT)/obj/common/bench/draw/%.o: CFLAGS += $(shell pkg-config --cflags jansson)

$(OUT)/bench/draw: $(call objects,$(addprefix common/bench/draw/,draw.c picture.c bars.c growth.c over_time.c))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) $(shell pkg-config --libs jansson) -lm -o $@

$(OUT)/bench/sample: $(call objects,common/bench/draw/sample.c common/bench/allocators.c)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) -o $@

.PHONY: bench-pictures
## bench-pictures: the pictures of the READMEs, from the last make bench and make bench-scale
ifneq ($(VARIANT),release)
bench-pictures:
	@$(MAKE) --no-print-directory VARIANT=release $@
else
bench-pictures: $(OUT)/bench/draw $(OUT)/bench/sample $(bench_workloads) library
	@for command in bench bench-scale; do test -f $(BUILD)/bench/$$command.json || \
	    { echo "first: make $$command" >&2; exit 1; }; done
	@mkdir -p $(bench_pictures)
	@$(OUT)/bench/sample $(abspath $(library_out)/libmempool.so) $(OUT)/bench/workloads $(BUILD)/bench/samples.json
	@$(OUT)/bench/draw $(bench_pictures) bars $(BUILD)/bench/bench.json growth $(BUILD)/bench/bench-scale.json \
	    time $(BUILD)/bench/samples.json
endif
