# Other compilers, C libraries, machines and page sizes: make port. See port.sh.

PORT_PACKAGES := gcc clang musl-tools gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
PORT_PARTS ?= gcc clang musl aarch64 pages
TEST_SUITES += port '$(MAKE) port-short'
PACKAGES += musl-tools

port_programs = $(1)/debug/tests/common $(foreach s,$(STAGES),$(1)/debug/tests/stage$(s)-solution)
# musl-gcc looks nowhere but in musl's own folders; Valgrind's header needs no C library.
port_musl = CC=musl-gcc BUILD=$(BUILD)/musl EXTRA_CFLAGS=-I$(BUILD)/musl/include

.PHONY: port port-short port-gcc port-clang port-musl port-musl-programs port-aarch64 port-pages deps-port
## port: build and test with gcc and clang, on musl, for aarch64 (under qemu), on pages of 4, 16 and 64 KiB
port: deps-port $(addprefix port-,$(PORT_PARTS))
	@sh $(trust_dir)/portability/port.sh $(BUILD) $(PORT_PARTS)

port-short: port-musl port-pages
	@PORT_PAGES=65536 sh $(trust_dir)/portability/port.sh $(BUILD) musl pages

port-gcc:
	+@$(MAKE) --no-print-directory CC=gcc BUILD=$(BUILD)/gcc VARIANT=release $(BUILD)/gcc/release/libmempool.so
	+@$(MAKE) --no-print-directory CC=gcc BUILD=$(BUILD)/gcc $(call port_programs,$(BUILD)/gcc)

port-clang:
	+@$(MAKE) --no-print-directory CC=clang BUILD=$(BUILD)/clang VARIANT=release $(BUILD)/clang/release/libmempool.so
	+@$(MAKE) --no-print-directory CC=clang BUILD=$(BUILD)/clang $(call port_programs,$(BUILD)/clang)

port-musl: port-musl-programs
	+@$(MAKE) --no-print-directory $(port_musl) $(call port_programs,$(BUILD)/musl)

port-musl-programs:
	@mkdir -p $(BUILD)/musl/include && ln -sfn /usr/include/valgrind $(BUILD)/musl/include/valgrind
	+@$(MAKE) --no-print-directory $(port_musl) VARIANT=release $(BUILD)/musl/release/libmempool.a
	$(Q)musl-gcc -std=c11 -D_GNU_SOURCE -O1 -fno-builtin -pthread -I. $(trust_dir)/portability/static_program.c $(BUILD)/musl/release/libmempool.a -o $(BUILD)/musl/program
	$(Q)musl-gcc -static -std=c11 -D_GNU_SOURCE -O1 -fno-builtin -pthread -I. $(trust_dir)/portability/static_program.c $(BUILD)/musl/release/libmempool.a -o $(BUILD)/musl/static-program

port-aarch64:
	+@$(MAKE) --no-print-directory CC=aarch64-linux-gnu-gcc BUILD=$(BUILD)/aarch64 $(call port_programs,$(BUILD)/aarch64)

port-pages: $(foreach s,$(STAGES),$(OUT)/tests/stage$(s)-solution)

## deps-port: install what make port needs beside make deps
deps-port:
	@$(MAKE) --no-print-directory deps PACKAGES='$(PORT_PACKAGES)'
