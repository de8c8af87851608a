/* gate_object: reads an object file, as compiled plainly, by libelf, and its instructions by capstone.
 *
 * The compiler wrote the file, from code that the gate has seen; so it is well formed, and what is
 * looked for is what C code can make of it: sections that the loader runs, and instructions that go
 * to the kernel without a function's name. */
#include <capstone/capstone.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <string.h>
#include <unistd.h>

#include "grader/gate.h"
#include "grader/keep.h"

bool gate_names_have(const struct gate_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0)
            return true;
    return false;
}

void gate_names_add(struct gate_names *names, const char *name)
{
    if (gate_names_have(names, name))
        return;
    names->items = keep_room(names->items, names->count, sizeof *names->items);
    names->items[names->count++] = keep_text(name);
}

/* --- Sections --- */

static bool is_known(const char *name)
{
    static const char *const starts[] = {
        ".text",     ".data",           ".rodata",
        ".bss",      ".tdata",          ".tbss",
        ".comment",  ".note.GNU-stack", ".note.gnu.property",
        ".eh_frame", ".debug_",         ".symtab",
        ".strtab",   ".shstrtab",       ".rel",
        ".group",    ".llvm_addrsig",
    };
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(name, starts[i], strlen(starts[i])) == 0)
            return true;
    return *name == '\0';
}

static char *check_section(const struct gate_file *file, const char *name, const GElf_Shdr *header)
{
    if (file->is_test && strncmp(name, ".init_array", strlen(".init_array")) == 0)
        return NULL;
    if (header->sh_type == SHT_INIT_ARRAY || header->sh_type == SHT_FINI_ARRAY ||
        header->sh_type == SHT_PREINIT_ARRAY || strncmp(name, ".ctors", 6) == 0 ||
        strncmp(name, ".dtors", 6) == 0 || strcmp(name, ".init") == 0 || strcmp(name, ".fini") == 0)
        return keep_format(
            "%s has code that runs before or after main (section %s): all-zero state "
            "is valid, and first use sets up",
            file->name, name);
    if (!is_known(name))
        return keep_format("%s has a section of its own, %s: code and data stay where the compiler "
                           "puts them",
                           file->name, name);
    return NULL;
}

/* --- Instructions --- */

static bool asks_the_kernel(const cs_insn *instruction)
{
#if defined(__aarch64__)
    static const char *const names[] = {"svc", "hvc", "smc"};
#else
    static const char *const names[] = {"syscall", "sysenter", "int", "int1", "into"};
#endif
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(instruction->mnemonic, names[i]) == 0)
            return true;
    return false;
}

static bool open_decoder(csh *decoder)
{
#if defined(__aarch64__)
    cs_err error = cs_open(CS_ARCH_ARM64, CS_MODE_ARM, decoder);
#else
    cs_err error = cs_open(CS_ARCH_X86, CS_MODE_64, decoder);
#endif
    return error == CS_ERR_OK && cs_option(*decoder, CS_OPT_SKIPDATA, CS_OPT_ON) == CS_ERR_OK;
}

/* Rotations of a register by 3, 13, 61 and 51 are how code on x86-64 speaks to Valgrind. */
static bool speaks_to_valgrind(const Elf_Data *code)
{
    static const unsigned char words[] = {0x48, 0xc1, 0xc7, 0x03, 0x48, 0xc1, 0xc7, 0x0d,
                                          0x48, 0xc1, 0xc7, 0x3d, 0x48, 0xc1, 0xc7, 0x33};
    return code->d_buf != NULL && memmem(code->d_buf, code->d_size, words, sizeof words) != NULL;
}

static char *check_code(const struct gate_file *file, const Elf_Data *code)
{
    csh decoder = 0;
    if (!open_decoder(&decoder))
        return keep_format("%s: its instructions cannot be read", file->name);
    const uint8_t *at = code->d_buf;
    size_t left = at == NULL ? 0 : code->d_size;
    uint64_t address = 0;
    char *wrong = NULL;
    cs_insn *instruction = cs_malloc(decoder);
    while (wrong == NULL && left > 0 && cs_disasm_iter(decoder, &at, &left, &address, instruction))
        if (asks_the_kernel(instruction))
            wrong = keep_format("%s has the instruction \"%s %s\", which calls the kernel: memory "
                                "comes from os_memory.h",
                                file->name, instruction->mnemonic, instruction->op_str);
    cs_free(instruction, 1);
    cs_close(&decoder);
    if (wrong == NULL && speaks_to_valgrind(code))
        wrong = keep_format("%s speaks to Valgrind: code under test may not steer it", file->name);
    return wrong;
}

/* --- Symbols --- */

/* Data among the instructions would be instructions that nobody has seen. */
static char *check_symbol(const struct gate_file *file, const char *name, const GElf_Sym *symbol,
                          bool in_code)
{
    unsigned char type = GELF_ST_TYPE(symbol->st_info);
    if (type == STT_GNU_IFUNC)
        return keep_format("%s: which function %s is would be decided at load time (ifunc): it has "
                           "one body",
                           file->name, name);
    if (in_code && type == STT_OBJECT)
        return keep_format("%s: the data %s lies among instructions", file->name, name);
    return NULL;
}

static bool is_in_code(Elf *elf, const GElf_Sym *symbol)
{
    GElf_Shdr header;
    Elf_Scn *section = symbol->st_shndx == SHN_UNDEF || symbol->st_shndx >= SHN_LORESERVE
                           ? NULL
                           : elf_getscn(elf, symbol->st_shndx);
    return section != NULL && gelf_getshdr(section, &header) != NULL &&
           (header.sh_flags & SHF_EXECINSTR) != 0;
}

static char *read_symbols(const struct gate_file *file, Elf *elf, Elf_Scn *section,
                          const GElf_Shdr *header, struct gate_object *object)
{
    Elf_Data *data = elf_getdata(section, NULL);
    size_t count = header->sh_entsize == 0 || data == NULL ? 0 : data->d_size / header->sh_entsize;
    char *wrong = NULL;
    for (size_t i = 1; i < count && wrong == NULL; i++) {
        GElf_Sym symbol;
        if (gelf_getsym(data, (int)i, &symbol) == NULL)
            continue;
        const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);
        if (name == NULL)
            name = "";
        wrong = check_symbol(file, name, &symbol, is_in_code(elf, &symbol));
        bool is_global = GELF_ST_BIND(symbol.st_info) != STB_LOCAL;
        if (is_global && symbol.st_shndx == SHN_UNDEF)
            gate_names_add(&object->calls, name);
        else if (is_global)
            gate_names_add(&object->defines, name);
    }
    return wrong;
}

/* --- All of it --- */

static char *look_at(const struct gate_file *file, Elf *elf, Elf_Scn *section, size_t names,
                     bool instrumented, struct gate_object *object)
{
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == NULL)
        return NULL;
    const char *name = elf_strptr(elf, names, header.sh_name);
    char *wrong = instrumented || name == NULL ? NULL : check_section(file, name, &header);
    if (wrong == NULL && header.sh_type == SHT_SYMTAB)
        wrong = read_symbols(file, elf, section, &header, object);
    Elf_Data *data = (header.sh_flags & SHF_EXECINSTR) != 0 ? elf_getdata(section, NULL) : NULL;
    if (wrong == NULL && data != NULL)
        wrong = check_code(file, data);
    return wrong;
}

char *gate_object(const struct gate_file *file, const char *object_path, bool instrumented,
                  struct gate_object *object)
{
    *object = (struct gate_object){{NULL, 0}, {NULL, 0}};
    elf_version(EV_CURRENT);
    int fd = open(object_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    Elf *elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
    size_t names = 0;
    char *wrong = NULL;
    if (elf == NULL || elf_kind(elf) != ELF_K_ELF || elf_getshdrstrndx(elf, &names) != 0)
        wrong = keep_format("%s: what the compiler made of it is no object file", file->name);
    for (Elf_Scn *section = NULL; wrong == NULL && (section = elf_nextscn(elf, section)) != NULL;)
        wrong = look_at(file, elf, section, names, instrumented, object);
    elf_end(elf);
    if (fd >= 0)
        close(fd);
    return wrong;
}
