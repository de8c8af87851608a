# Trust: what the pool must stand: memory that runs out, attacks, random work for hours, other programs' tests.
# Each part has its own .mk file.

trust_dir := common/trust
trust_out := $(OUT)/trust

# The whole reference, for programs that are linked with the pool's objects.
trust_stages := $(foreach s,$(STAGES),$(call implementation_objects,$(s),solution)) \
                $(call objects,common/span_tree.c common/poison.c common/free_list.c common/thread_end.c)

include $(trust_dir)/faults/faults.mk
include $(trust_dir)/soak/soak.mk
include $(trust_dir)/torture/torture.mk
include $(trust_dir)/attacks/attacks.mk
include $(trust_dir)/fuzz/fuzz.mk
include $(trust_dir)/races/races.mk
include $(trust_dir)/portability/port.mk
