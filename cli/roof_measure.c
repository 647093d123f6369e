#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "conductor.h"
#include "launch.h"
#include "machine/machine.h"
#include "roof.h"

/* Some more than it takes for an interval, since some may be disturbed. */
enum { LAUNCHES = STATS_INTERVAL_LEAST + 3 };

enum { BUDGET_S = 60, MEMORY_LEAST = 128 << 20, L2_UNKNOWN = 512 << 10, MEMORY_SHARE = 8 };

/* What there are ceilings of, by the names of their files, and what they count. */
static const struct {
	const char *kernel, *unit;
} operations[OPERATIONS] = {
	[INT64_OPERATION] = { "int64_operations", "operations" },
	[INT64_MULTIPLY_ADD] = { "int64_multiply_add", "multiply-adds" },
	[DOUBLE_MULTIPLY_ADD] = { "double_multiply_add", "multiply-adds" },
	[BYTE_OPERATION] = { "byte_operations", "operations" },
	[TABLE_LOOK_UP] = { "table_look_ups", "look-ups" },
	[TABLE_UPDATE] = { "table_updates", "updates" },
};
static const char *const patterns[] = { "bytes_read", "bytes_triad", "bytes_copied" };

enum { PATTERNS = sizeof(patterns) / sizeof(patterns[0]) };

const char *element_of(const struct kernel *kernel)
{
	return kernel->size.width ? "pixel" : kernel->element;
}

static double moved_bytes(const struct kernel *kernel)
{
	return kernel->demand.read_bytes + kernel->demand.written_bytes;
}

static double elements_of(const struct size *size)
{
	return size->width ? (double)size->width * size->height : (double)size->n;
}

/* ---- cases ---- */

static int add_case(struct roof *roof, const char *kernel, uint64_t n, unsigned threads,
	struct case_spec *spec, struct message *why)
{
	struct options own = *roof->options;

	own.image = NULL;
	own.file_count = 0;
	own.size = (struct size) { .n = n };
	own.grain = n ? n / threads : 0;
	int error = plan_sequential(&own, kernel, spec, why);
	if (error)
		return error;
	if (threads > 1) {
		spec->variant = roof->variant;
		spec->threads = threads;
		spec->schedule = (struct schedule) { SCHEDULE_STATIC, 0 };
	}
	error = plan_add(&roof->plan, spec);
	return error ? fail(why, error, "no memory for the plan") : 0;
}

/* Each thread does the same: n is a multiple of them. Says which of the ceilings it is. */
static int add_ceiling(
	struct roof *roof, const struct ceiling *like, double n, size_t *index, struct message *why)
{
	struct ceiling *more = realloc(roof->ceilings, (roof->ceiling_count + 1) * sizeof(*more));
	const unsigned threads = like->threads;
	const uint64_t count = (uint64_t)ceil(fmax(n, 1) / threads) * threads;

	if (!more)
		return fail(why, -ENOMEM, "no memory for the ceilings");
	roof->ceilings = more;
	*index = roof->ceiling_count;
	struct ceiling *ceiling = &more[roof->ceiling_count++];
	*ceiling = *like;
	const uint64_t passes = like->kernel->passes ? like->kernel->passes(count) : 1;
	ceiling->work *= (double)count * (double)passes;
	ceiling->bytes = moved_bytes(like->kernel) * (double)count;
	return add_case(roof, like->kernel->name, count, threads, &ceiling->spec, why);
}

static int add_operation(struct roof *roof, enum operation o, unsigned threads, struct message *why)
{
	const struct kernel *kernel = launch_kernel(operations[o].kernel);
	struct ceiling ceiling = {
		.kernel = kernel,
		.threads = threads,
		.unit = operations[o].unit,
		.work = kernel->demand.operations[o],
	};
	size_t index;

	snprintf(ceiling.name, sizeof(ceiling.name), "%s", kernel->name);
	return add_ceiling(roof, &ceiling, (double)kernel->size.n, &index, why);
}

/* Moving bytes in arrays that take so many altogether; `where` is part of its name. */
static int add_bytes(struct roof *roof, const char *pattern, double bytes, const char *where,
	unsigned threads, size_t *index, struct message *why)
{
	const struct kernel *kernel = launch_kernel(pattern);
	struct ceiling ceiling = {
		.kernel = kernel,
		.threads = threads,
		.unit = "bytes",
		.work = moved_bytes(kernel),
	};

	snprintf(ceiling.name, sizeof(ceiling.name), "%s_%s", pattern, where);
	return add_ceiling(roof, &ceiling, bytes / moved_bytes(kernel), index, why);
}

static double memory_arrays(const struct roof *roof)
{
	const double l3 = (double)roof->plan.topology.l3_bytes;

	return fmin(fmax(MEMORY_LEAST, 4 * l3), (double)machine_memory_bytes() / MEMORY_SHARE);
}

static int add_ceilings(struct roof *roof, unsigned threads, struct message *why)
{
	const uint64_t l2 = roof->plan.topology.l2_bytes;
	const double cache = (double)(l2 ? l2 : L2_UNKNOWN) / 2 * threads;
	size_t index;
	int error = 0;

	for (int o = 0; o < OPERATIONS && !error; o++)
		error = add_operation(roof, o, threads, why);
	for (int p = 0; p < PATTERNS && !error; p++) {
		error = add_bytes(roof, patterns[p], cache, "in_cache", threads, &index, why);
		if (!error)
			error = add_bytes(roof, patterns[p], memory_arrays(roof), "in_memory",
				threads, &index, why);
	}
	return error;
}

/* ---- kernels, and what they need ---- */

static size_t find_ceiling(const struct roof *roof, const char *name, unsigned threads)
{
	size_t i = 0;

	while (i < roof->ceiling_count &&
		(roof->ceilings[i].threads != threads || strcmp(roof->ceilings[i].name, name) != 0))
		i++;
	return i;
}

static void add_need(struct bounded *kernel, size_t ceiling, double amount)
{
	kernel->ceilings[kernel->need_count] = ceiling;
	kernel->amounts[kernel->need_count++] = amount;
}

/* That whose share of reads is the nearest to the kernel's. */
static const char *pattern_of(const struct kernel *kernel)
{
	const double share = kernel->demand.read_bytes / moved_bytes(kernel);
	const char *nearest = patterns[0];
	double distance = 2;

	for (int p = 0; p < PATTERNS; p++) {
		const struct kernel *other = launch_kernel(patterns[p]);
		const double away = fabs(other->demand.read_bytes / moved_bytes(other) - share);
		if (away < distance) {
			distance = away;
			nearest = patterns[p];
		}
	}
	return nearest;
}

static int need_bytes(struct roof *roof, struct bounded *kernel, struct message *why)
{
	const double amount = moved_bytes(kernel->kernel), bytes = amount * kernel->elements;
	const char *pattern = pattern_of(kernel->kernel);
	char name[CEILING_NAME_MAX], where[CEILING_NAME_MAX - 16];
	size_t index;

	if (bytes < memory_arrays(roof)) {
		snprintf(where, sizeof(where), "as_%s", kernel->kernel->name);
		const int error =
			add_bytes(roof, pattern, bytes, where, kernel->threads, &index, why);
		if (error)
			return error;
	} else {
		snprintf(name, sizeof(name), "%s_in_memory", pattern);
		index = find_ceiling(roof, name, kernel->threads);
	}
	add_need(kernel, index, amount);
	return 0;
}

static int add_kernel(struct roof *roof, const char *name, unsigned threads, struct message *why)
{
	struct bounded *more = realloc(roof->kernels, (roof->kernel_count + 1) * sizeof(*more));

	if (!more)
		return fail(why, -ENOMEM, "no memory for the kernels");
	roof->kernels = more;
	struct bounded *kernel = &more[roof->kernel_count++];
	*kernel = (struct bounded) { .threads = threads };
	const int error = add_case(roof, name, 0, threads, &kernel->spec, why);
	if (error)
		return error;
	kernel->kernel = launch_kernel(name);
	kernel->elements = elements_of(&kernel->spec.size);
	for (int o = 0; o < OPERATIONS; o++)
		if (kernel->kernel->demand.operations[o] > 0)
			add_need(kernel, find_ceiling(roof, operations[o].kernel, threads),
				kernel->kernel->demand.operations[o]);
	return moved_bytes(kernel->kernel) > 0 ? need_bytes(roof, kernel, why) : 0;
}

static unsigned threads_at(const struct roof *roof, size_t index)
{
	const struct options *o = roof->options;
	const unsigned usual[] = { 1, ALL_CORES };
	const unsigned asked = o->thread_count ? o->threads[index] : usual[index];

	return asked == ALL_CORES ? roof->plan.topology.cores : asked;
}

static bool is_repeated(const struct roof *roof, size_t index)
{
	for (size_t before = 0; before < index; before++)
		if (threads_at(roof, before) == threads_at(roof, index))
			return true;
	return false;
}

static int add_all(struct roof *roof, struct message *why)
{
	const struct options *o = roof->options;
	const size_t counts = o->thread_count ? o->thread_count : 2;
	const size_t kernels = o->argument_count ? o->argument_count : launch_kernel_count();
	int error = 0;

	for (size_t t = 0; t < counts && !error; t++) {
		if (is_repeated(roof, t))
			continue;
		error = add_ceilings(roof, threads_at(roof, t), why);
		for (size_t k = 0; k < kernels && !error; k++) {
			const char *name =
				o->argument_count ? o->arguments[k] : launch_kernel_at(k)->name;
			if (o->argument_count || !launch_waits(name))
				error = add_kernel(roof, name, threads_at(roof, t), why);
		}
	}
	return error;
}

/* ---- what came out ---- */

const struct ceiling *roof_over(const struct roof *roof, const struct bounded *kernel)
{
	return kernel->binding < kernel->need_count
		? &roof->ceilings[kernel->ceilings[kernel->binding]]
		: NULL;
}

static int find_share(const struct roof *roof, struct bounded *kernel)
{
	struct need needs[NEEDS_MAX];

	for (size_t i = 0; i < kernel->need_count; i++)
		needs[i] = (struct need) { kernel->amounts[i],
			&roof->ceilings[kernel->ceilings[i]].rates };
	kernel->binding = roof_binding(needs, kernel->need_count);
	const struct ceiling *over = roof_over(roof, kernel);
	return over ? rates_ratio(&kernel->rates, &over->rates, kernel->amounts[kernel->binding],
			      &kernel->attained, &kernel->has_attained)
		    : 0;
}

static int find_efficiency(const struct roof *roof, struct bounded *kernel)
{
	int error = 0;

	for (size_t k = 0; k < roof->kernel_count && !error; k++) {
		const struct bounded *one = &roof->kernels[k];
		if (one->kernel == kernel->kernel && one->threads == 1)
			error = rates_ratio(&kernel->rates, &one->rates, 1.0 / kernel->threads,
				&kernel->efficiency, &kernel->has_efficiency);
	}
	return error;
}

static int take_rates(struct roof *roof)
{
	const struct run *run = &roof->run;
	int error = 0;

	for (size_t c = 0; c < roof->ceiling_count && !error; c++)
		error = rates_make(&roof->ceilings[c].rates, &roof->ceilings[c].spec,
			roof->ceilings[c].work, run->launches, run->count);
	for (size_t k = 0; k < roof->kernel_count && !error; k++)
		error = rates_make(&roof->kernels[k].rates, &roof->kernels[k].spec,
			roof->kernels[k].elements, run->launches, run->count);
	for (size_t k = 0; k < roof->kernel_count && !error; k++) {
		error = find_share(roof, &roof->kernels[k]);
		if (!error)
			error = find_efficiency(roof, &roof->kernels[k]);
	}
	return error;
}

int roof_measure(
	struct roof *roof, const struct options *options, enum variant variant, struct message *why)
{
	*roof = (struct roof) { .options = options, .variant = variant, .run = run_in_memory() };
	int error = plan_begin(&roof->plan, options, BUDGET_S, why);

	if (error)
		return error;
	error = add_all(roof, why);
	roof->plan.launches_least = roof->plan.launches_most =
		options->launches ? options->launches : LAUNCHES;
	if (!error)
		error = conductor_run(&roof->plan, &roof->run, false, why);
	if (!error && take_rates(roof))
		error = fail(why, -ENOMEM, "no memory for the rates");
	return error;
}

void roof_release(struct roof *roof)
{
	for (size_t c = 0; c < roof->ceiling_count; c++)
		rates_release(&roof->ceilings[c].rates);
	for (size_t k = 0; k < roof->kernel_count; k++)
		rates_release(&roof->kernels[k].rates);
	free(roof->ceilings);
	free(roof->kernels);
	run_release(&roof->run);
	plan_release(&roof->plan);
}
