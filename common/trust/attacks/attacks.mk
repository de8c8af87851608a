# Attacks on the heap, under our library and others: make attacks. See attacks.c.

PACKAGES += libjemalloc2 libtcmalloc-minimal4 libmimalloc2.0
TEST_SUITES += attacks '$(MAKE) attacks'

$(trust_out)/attacks: $(call objects,$(addprefix $(trust_dir)/attacks/,attacks.c child.c))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) -o $@

# Plain, whatever the variant: it is the attacked one that is looked at.
$(trust_out)/attack: $(trust_dir)/attacks/attack.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -O1 -g -pthread -fno-builtin $(WARNINGS) $(FATAL_WARNINGS) $< -ldl -o $@

$(trust_out)/damage: $(trust_stages) \
        $(call objects,$(addprefix $(trust_dir)/attacks/,damage.c child.c) $(addprefix common/,os_memory.c lock.c lock_breach.c caller_bug.c caller_bug_text.c todo.c))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $^ $(LDFLAGS) -o $@

.PHONY: attacks
## attacks: play each attack on the heap under our library, glibc, jemalloc, tcmalloc and mimalloc, and show the table
attacks: $(trust_out)/attacks $(trust_out)/attack $(trust_out)/damage library
	@$(trust_out)/damage
	@$(trust_out)/attacks $(trust_out)/attack $(abspath $(BUILD)/release/libmempool.so)
