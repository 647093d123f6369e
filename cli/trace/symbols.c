#include "trace/symbols.h"

#include <elfutils/libdwfl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file at the place where it lay in its process. */
struct module {
	char *file; /* owned */
	uint64_t base;
	Dwfl *dwfl;
	Dwfl_Module *module; /* NULL: it cannot be read */
};

/* Each is read once, since most sites lie in the same few. */
struct symbols {
	struct module *modules; /* owned */
	size_t count;
};

static char *debuginfo_path; /* elfutils' own default: beside the file, and below /usr/lib/debug */

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.debuginfo_path = &debuginfo_path,
	.section_address = dwfl_offline_section_address,
};

struct symbols *symbols_open(void)
{
	return calloc(1, sizeof(struct symbols));
}

void symbols_close(struct symbols *symbols)
{
	for (size_t m = 0; symbols && m < symbols->count; m++) {
		dwfl_end(symbols->modules[m].dwfl);
		free(symbols->modules[m].file);
	}
	if (symbols)
		free(symbols->modules);
	free(symbols);
}

/* The module as a file: a program may have been started by a name that leads nowhere from here. */
static const char *file_of(const struct trace_head *head, const struct trace_site *site)
{
	return strchr(site->module, '/') == site->module ? site->module : head->program;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void read_module(struct module *into)
{
	into->dwfl = dwfl_begin(&callbacks);
	if (!into->dwfl)
		return;
	dwfl_report_begin(into->dwfl);
	into->module = dwfl_report_elf(
		into->dwfl, base_name(into->file), into->file, -1, (GElf_Addr)into->base, false);
	dwfl_report_end(into->dwfl, NULL, NULL);
}

static Dwfl_Module *module_at(struct symbols *symbols, const char *file, uint64_t base)
{
	for (size_t m = 0; m < symbols->count; m++)
		if (symbols->modules[m].base == base && !strcmp(symbols->modules[m].file, file))
			return symbols->modules[m].module;
	struct module *more =
		realloc(symbols->modules, (symbols->count + 1) * sizeof(*symbols->modules));
	char *name = strdup(file);
	if (more)
		symbols->modules = more;
	if (!more || !name) {
		free(name);
		return NULL;
	}
	struct module *module = &symbols->modules[symbols->count++];
	*module = (struct module) { .file = name, .base = base };
	read_module(module);
	return module->module;
}

/* "blur" of "blur._omp_fn.0"; for clang's ".omp_outlined..3", the function around the call. */
static void plain_name(const char *symbol, char *into, size_t room)
{
	const char *end = strstr(symbol, "._omp_fn");

	snprintf(into, room, "%.*s", end ? (int)(end - symbol) : (int)strlen(symbol), symbol);
	char *part = strstr(into, ".constprop");
	if (!part)
		part = strstr(into, ".part");
	if (part && part > into)
		*part = 0;
}

/* The function around an address: NULL if no symbol covers it. */
static const char *symbol_at(Dwfl_Module *module, GElf_Addr address)
{
	GElf_Sym symbol;
	GElf_Off offset;
	const char *name =
		dwfl_module_addrinfo(module, address, &offset, &symbol, NULL, NULL, NULL);

	return name && (!symbol.st_size || offset < symbol.st_size) ? name : NULL;
}

static const char *function_of(Dwfl_Module *module, const struct trace_site *site)
{
	const char *around = symbol_at(module, site->address - 1);

	if (around || !site->function)
		return around;
	return symbol_at(module, site->function);
}

static const char *line_of(Dwfl_Module *module, const struct trace_site *site, int *line)
{
	Dwfl_Line *at = dwfl_module_getsrc(module, site->address - 1);

	return at ? dwfl_lineinfo(at, NULL, line, NULL, NULL, NULL) : NULL;
}

char *symbols_place(struct symbols *symbols, const struct trace_head *head,
	const struct trace_site *site, char text[PLACE_TEXT])
{
	Dwfl_Module *module = symbols ? module_at(symbols, file_of(head, site), site->base) : NULL;
	const char *function = module ? function_of(module, site) : NULL;
	const char *library = base_name(file_of(head, site));
	int number = 0;
	const char *file = module ? line_of(module, site, &number) : NULL;
	char name[96];

	if (function)
		plain_name(function, name, sizeof(name));
	if (function && file)
		snprintf(text, PLACE_TEXT, "%s, %.48s:%d", name, base_name(file), number);
	else if (function)
		snprintf(text, PLACE_TEXT, "%s in %.48s", name, library);
	else
		snprintf(text, PLACE_TEXT, "%.96s+0x%" PRIx64, library, site->address - site->base);
	return text;
}
