# Random work of all kinds, for as long as you like: make soak. See soak.c.

PACKAGES += gnuplot-nox
TEST_SUITES += soak '$(MAKE) soak-short'

MINUTES ?= 5
SOAK_SEED := $(or $(SEED),$(shell date +%s))
SOAK_THREADS ?= 4

soak_objects = $(call objects,$(addprefix $(trust_dir)/,shadow.c soak/soak.c))
# With the library as users have it; and with the debug build, whose locks know their rules.
$(BUILD)/release/trust/soak: $(patsubst $(OUT)/%,$(BUILD)/release/%,$(soak_objects)) $(BUILD)/release/libmempool.a
$(BUILD)/debug/trust/soak: $(patsubst $(OUT)/%,$(BUILD)/debug/%,$(soak_objects)) $(BUILD)/debug/libmempool.a
$(OUT)/trust/soak:
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(filter %.o,$^) $(filter %.a,$^) $(LDFLAGS) -o $@

.PHONY: soak soak-short
## soak: random work on several threads, all of it checked, memory plotted: make soak MINUTES=60 [SEED=1] [SOAK_THREADS=8]
soak:
	@$(MAKE) --no-print-directory VARIANT=release $(BUILD)/release/trust/soak
	@mkdir -p $(BUILD)/soak
	@echo "soak: $(MINUTES) minutes, SEED=$(SOAK_SEED); figures: $(BUILD)/soak/soak.csv and soak.svg"
	@$(BUILD)/release/trust/soak $$(($(MINUTES) * 60)) $(SOAK_THREADS) $(SOAK_SEED) $(BUILD)/soak; status=$$?; \
	gnuplot -e "folder='$(BUILD)/soak'" $(trust_dir)/soak/soak.gp 2>/dev/null; exit $$status

soak-short:
	@$(MAKE) --no-print-directory VARIANT=debug $(BUILD)/debug/trust/soak
	@$(MAKE) --no-print-directory VARIANT=release $(BUILD)/release/trust/soak
	@mkdir -p $(BUILD)/soak
	@$(BUILD)/release/trust/soak 5 4 $(SOAK_SEED) $(BUILD)/soak
	@$(BUILD)/release/trust/soak 3 2 $(SOAK_SEED) $(BUILD)/soak check
	@$(BUILD)/debug/trust/soak 4 4 $(SOAK_SEED) $(BUILD)/soak
	@echo "3 passed, 0 failed"
