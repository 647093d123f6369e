#include "cells.h"
#include "grid.h"
#include "json.h"
#include "machine/build.h"
#include "quantity.h"
#include "roof.h"
#include "tables.h"

/* What binds a kernel, in a word, or NULL if nobody has said. */
static const char *bound_by(const struct roof *roof, const struct bounded *kernel)
{
	const struct ceiling *over = roof_over(roof, kernel);

	return over ? over->name : kernel->kernel->bound;
}

/* ---- tables for people ---- */

/* "57.4 G", from 57.4e9. */
static void add_rate(struct grid *grid, bool known, double per_second)
{
	static const struct {
		const char *name;
		double value;
	} units[] = { { "T", 1e12 }, { "G", 1e9 }, { "M", 1e6 }, { "k", 1e3 }, { "", 1 } };
	size_t u = 0;

	while (u < 4 && per_second < units[u].value)
		u++;
	if (known)
		grid_add(grid, "%.*f %s", time_places(per_second / units[u].value),
			per_second / units[u].value, units[u].name);
	else
		grid_add(grid, "%s", none);
}

static void add_range(struct grid *grid, bool known, const struct estimate *e)
{
	if (known && e->interval)
		grid_add(grid, "%.2f – %.2f", e->low, e->high);
	else
		grid_add(grid, "%s", none);
}

static void add_ratio(struct grid *grid, bool known, const struct estimate *e)
{
	if (known)
		grid_add(grid, "%.2f", e->median);
	else
		grid_add(grid, "%s", none);
}

static void add_bytes(struct grid *grid, double bytes)
{
	if (bytes <= 0)
		grid_add(grid, "%s", none);
	else if (bytes < 1 << 20)
		grid_add(grid, "%.3g KiB", bytes / 1024);
	else
		grid_add(grid, "%.4g MiB", bytes / 1048576);
}

static void add_ceiling(struct grid *grid, const struct ceiling *ceiling)
{
	const struct estimate *rate = &ceiling->rates.per_second;

	grid_add(grid, "%s", ceiling->name);
	grid_add(grid, "%u", ceiling->threads);
	add_bytes(grid, ceiling->bytes);
	add_rate(grid, ceiling->rates.known, rate->median);
	grid_add(grid, "%s", ceiling->unit);
	add_rate(grid, ceiling->rates.known && rate->interval, rate->low);
	add_rate(grid, ceiling->rates.known && rate->interval, rate->high);
}

static void add_kernel(struct grid *grid, const struct roof *roof, const struct bounded *kernel)
{
	const char *bound = bound_by(roof, kernel);
	const bool several = kernel->threads > 1 && kernel->has_efficiency;

	grid_add(grid, "%s", kernel->kernel->name);
	grid_add(grid, "%u", kernel->threads);
	add_rate(grid, kernel->rates.known, kernel->rates.per_second.median);
	grid_add(grid, "%ss", element_of(kernel->kernel));
	grid_add(grid, "%s", bound ? bound : "unknown");
	add_ratio(grid, kernel->has_attained, &kernel->attained);
	add_range(grid, kernel->has_attained, &kernel->attained);
	add_ratio(grid, several, &kernel->efficiency);
	add_range(grid, several, &kernel->efficiency);
}

static void print_grid(struct grid *grid, enum format format, FILE *to)
{
	(format == FORMAT_MARKDOWN ? grid_print_markdown : grid_print_text)(grid, to);
	grid_release(grid);
}

void roof_print(const struct roof *roof, enum format format, FILE *to)
{
	static const struct column ceilings[] = { { "ceiling", false }, { "threads", true },
		{ "arrays", true }, { "per second", true }, { "of", false }, { "from", true },
		{ "to", true } };
	static const struct column kernels[] = { { "kernel", false }, { "threads", true },
		{ "per second", true }, { "of", false }, { "bound by", false },
		{ "attained", true }, { "95 % interval", true }, { "efficiency", true },
		{ "95 % interval", true } };
	const char *begin = format == FORMAT_MARKDOWN ? "- " : "  ";
	struct grid grid;

	grid_init(&grid, ceilings, sizeof(ceilings) / sizeof(ceilings[0]));
	for (size_t c = 0; c < roof->ceiling_count; c++)
		add_ceiling(&grid, &roof->ceilings[c]);
	print_grid(&grid, format, to);
	fputc('\n', to);
	grid_init(&grid, kernels, sizeof(kernels) / sizeof(kernels[0]));
	for (size_t k = 0; k < roof->kernel_count; k++)
		add_kernel(&grid, roof, &roof->kernels[k]);
	print_grid(&grid, format, to);
	fprintf(to,
		"\n%sper second: medians over launches; from, to: their 95 %% interval\n"
		"%sattained: of what the ceiling that binds allows, in the same rounds; the kernel "
		"says what an element needs\n"
		"%sefficiency: of the rate on 1 thread times the threads\n"
		"%sbytes that are written count once, though most processors read their lines "
		"first\n",
		begin, begin, begin, begin);
}

/* ---- CSV ---- */

static const struct column csv_columns[] = {
	{ .name = "row" },
	{ .name = "name" },
	{ .name = "threads" },
	{ .name = "kind" },
	{ .name = "unit" },
	{ .name = "array_bytes" },
	{ .name = "per_second" },
	{ .name = "per_second_low" },
	{ .name = "per_second_high" },
	{ .name = "bound_by" },
	{ .name = "operations" },
	{ .name = "bytes" },
	{ .name = "attained" },
	{ .name = "attained_low" },
	{ .name = "attained_high" },
	{ .name = "efficiency" },
	{ .name = "regular" },
	{ .name = "error" },
};

static void add_numbers(struct grid *grid, bool known, const struct estimate *e)
{
	grid_add_number(grid, known, e->median);
	grid_add_number(grid, known && e->interval, e->low);
	grid_add_number(grid, known && e->interval, e->high);
}

static void add_empty(struct grid *grid, size_t count)
{
	while (count--)
		grid_add(grid, "%s", "");
}

enum { KERNEL_CELLS = 8 }; /* from bound_by to regular */

static void add_csv_ceiling(struct grid *grid, const struct ceiling *ceiling)
{
	grid_add(grid, "ceiling");
	grid_add(grid, "%s", ceiling->name);
	grid_add(grid, "%u", ceiling->threads);
	grid_add(grid, "%s", ceiling->bytes > 0 ? "bytes" : ceiling->kernel->name);
	grid_add(grid, "%s", ceiling->unit);
	grid_add_number(grid, ceiling->bytes > 0, ceiling->bytes);
	add_numbers(grid, ceiling->rates.known, &ceiling->rates.per_second);
	add_empty(grid, KERNEL_CELLS);
	grid_add(grid, "%s", ceiling->rates.why);
}

/* Of a kernel's operations, those that take the longest: a picture has room for one kind. */
static const struct need *main_operation(
	const struct roof *roof, const struct bounded *kernel, struct need *into, const char **kind)
{
	struct need needs[NEEDS_MAX];
	size_t at[NEEDS_MAX], count = 0;

	for (size_t i = 0; i < kernel->need_count; i++) {
		const struct ceiling *ceiling = &roof->ceilings[kernel->ceilings[i]];
		if (ceiling->bytes > 0)
			continue;
		at[count] = kernel->ceilings[i];
		needs[count++] = (struct need) { kernel->amounts[i], &ceiling->rates };
	}
	const size_t binding = roof_binding(needs, count);
	if (binding == count)
		return NULL;
	*into = needs[binding];
	*kind = roof->ceilings[at[binding]].kernel->name;
	return into;
}

static void add_csv_kernel(struct grid *grid, const struct roof *roof, const struct bounded *kernel)
{
	const double bytes =
		kernel->kernel->demand.read_bytes + kernel->kernel->demand.written_bytes;
	const char *bound = bound_by(roof, kernel), *kind = "";
	struct need need;
	const bool counted = main_operation(roof, kernel, &need, &kind) != NULL;

	grid_add(grid, "kernel");
	grid_add(grid, "%s", kernel->kernel->name);
	grid_add(grid, "%u", kernel->threads);
	grid_add(grid, "%s", kind);
	grid_add(grid, "%ss", element_of(kernel->kernel));
	grid_add_number(grid, bytes > 0, bytes * kernel->elements);
	add_numbers(grid, kernel->rates.known, &kernel->rates.per_second);
	grid_add(grid, "%s", bound ? bound : "");
	grid_add_number(grid, counted, counted ? need.amount : 0);
	grid_add_number(grid, bytes > 0, bytes);
	add_numbers(grid, kernel->has_attained, &kernel->attained);
	grid_add_number(grid, kernel->has_efficiency, kernel->efficiency.median);
	grid_add(grid, "%s", kernel->kernel->regular ? "true" : "false");
	grid_add(grid, "%s", kernel->rates.why);
}

int roof_print_csv(const void *of, FILE *to)
{
	const struct roof *roof = of;
	struct grid grid;

	grid_init(&grid, csv_columns, sizeof(csv_columns) / sizeof(csv_columns[0]));
	for (size_t c = 0; c < roof->ceiling_count; c++)
		add_csv_ceiling(&grid, &roof->ceilings[c]);
	for (size_t k = 0; k < roof->kernel_count; k++)
		add_csv_kernel(&grid, roof, &roof->kernels[k]);
	grid_print_csv(&grid, to);
	grid_release(&grid);
	return 0;
}

/* ---- JSON ---- */

static json_t *ceiling_to_json(const struct ceiling *ceiling)
{
	const struct estimate *rate = &ceiling->rates.per_second;
	const bool known = ceiling->rates.known;

	return json_pack("{ss si ss so so so so ss}", "name", ceiling->name, "threads",
		(int)ceiling->threads, "unit", ceiling->unit, "bytes",
		number_or_null(ceiling->bytes > 0, ceiling->bytes), "per_second",
		number_or_null(known, rate->median), "low",
		number_or_null(known && rate->interval, rate->low), "high",
		number_or_null(known && rate->interval, rate->high), "error", ceiling->rates.why);
}

static json_t *kernel_to_json(const struct roof *roof, const struct bounded *kernel)
{
	const struct estimate *rate = &kernel->rates.per_second, *share = &kernel->attained;
	const bool known = kernel->rates.known, attained = kernel->has_attained;

	return json_pack("{ss si sb ss? ss so so so so so so so ss}", "kernel",
		kernel->kernel->name, "threads", (int)kernel->threads, "regular",
		kernel->kernel->regular, "bound_by", bound_by(roof, kernel), "element",
		element_of(kernel->kernel), "per_second", number_or_null(known, rate->median),
		"low", number_or_null(known && rate->interval, rate->low), "high",
		number_or_null(known && rate->interval, rate->high), "attained",
		number_or_null(attained, share->median), "attained_low",
		number_or_null(attained && share->interval, share->low), "attained_high",
		number_or_null(attained && share->interval, share->high), "efficiency",
		number_or_null(kernel->has_efficiency, kernel->efficiency.median), "error",
		kernel->rates.why);
}

json_t *roof_to_json(const struct roof *roof, json_t *machine)
{
	json_t *ceilings = json_array(), *kernels = json_array();

	for (size_t c = 0; c < roof->ceiling_count; c++)
		json_array_append_new(ceilings, ceiling_to_json(&roof->ceilings[c]));
	for (size_t k = 0; k < roof->kernel_count; k++)
		json_array_append_new(kernels, kernel_to_json(roof, &roof->kernels[k]));
	return json_pack("{ss sO ss so so}", "tine", build_version(), "machine", machine, "variant",
		variant_name(roof->variant), "ceilings", ceilings, "kernels", kernels);
}
