#include "grain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "execution.h"
#include "json.h"
#include "launch.h"
#include "machine/machine.h"
#include "pending.h"
#include "plot.h"
#include "process.h"

enum {
	BUDGET_S = 60,
	REGION_LEAST = 16, /* elements of uniform_kernel */
	REGION_FIRST = 256,
	CHUNK_LEAST = 4,
	CHUNK_FIRST = 64,
	SIZE_DIVISOR = 1 << 18 /* a kernel's own size takes 2 to 100 ms */
};

static const char uniform_kernel[] = "sum_squares"; /* whose units all cost the same */
static const uint64_t uniform_most = (uint64_t)1 << 32;
static const double efficiencies[] = { 0.5, 0.9 }, overtaking[] = { 1 };

static const struct schedule one_chunk_a_member = { SCHEDULE_STATIC, 0 };
static const struct schedule usual_schedules[] = {
	{ SCHEDULE_STATIC, 1 },
	{ SCHEDULE_DYNAMIC, 1 },
	{ SCHEDULE_GUIDED, 1 },
};

enum { USUAL_SCHEDULES = sizeof(usual_schedules) / sizeof(usual_schedules[0]) };

/* ---- what was asked for ---- */

static bool of_kernels(const struct options *o)
{
	return o->argument_count || o->all;
}

static bool wants(const struct options *o, enum variant variant)
{
	return (o->variants ? o->variants : VARIANTS_USUAL) & 1u << variant;
}

static int check_schedules(const struct options *o, struct message *why)
{
	for (size_t s = 0; s < o->schedule_count; s++) {
		const struct schedule *schedule = &o->schedules[s];
		if (schedule->kind == SCHEDULE_AUTO ||
			(schedule->kind == SCHEDULE_STATIC && !schedule->chunk))
			return fail(why, -EINVAL,
				"--schedule %s deals out one chunk a member: that is the work in a "
				"region, which is measured anyway; give a chunk: static,1",
				schedule_kind_name(schedule->kind));
	}
	return 0;
}

static int check(const struct options *o, struct message *why)
{
	const int error = execution_check_parallel(o, why);

	if (error)
		return error;
	if (o->variants == 1u << SEQUENTIAL)
		return fail(why, -EINVAL,
			"--variant sequential never forks: give openmp, pthread or pool");
	if (o->thread_count > 1)
		return fail(why, -EINVAL, "--threads: grain takes one number of threads");
	if (o->all && o->argument_count)
		return fail(why, -EINVAL, "give --all or kernels, not both");
	if (of_kernels(o))
		return 0;
	if (o->size.n || o->grain)
		return fail(why, -EINVAL,
			"%s is a kernel's: without one, the work in a region and in a chunk is "
			"what is varied",
			o->size.n ? "--size" : "--grain");
	return check_schedules(o, why);
}

static int team_of(const struct ladder *l, unsigned *threads, struct message *why)
{
	const struct options *o = l->options;
	const unsigned cores = l->plan.topology.cores;

	*threads = o->thread_count && o->threads[0] != ALL_CORES ? o->threads[0] : cores;
	if (of_kernels(o) && *threads < 2)
		return fail(why, -EINVAL,
			"one thread never overtakes the sequential variant: give --threads 2 or "
			"more");
	return 0;
}

/* ---- curves ---- */

static int add(struct ladder *l, const struct curve *curve, struct message *why)
{
	return ladder_add(l, curve) ? fail(why, -ENOMEM, "no memory for the curves") : 0;
}

static int add_regions(struct ladder *l, unsigned threads, struct message *why)
{
	int error = 0;

	for (int v = SEQUENTIAL + 1; v < VARIANTS && !error; v++) {
		const struct curve curve = {
			.vary = VARY_REGION,
			.kernel = uniform_kernel,
			.variant = v,
			.schedule = one_chunk_a_member,
			.threads = threads,
			.least = REGION_LEAST,
			.first = REGION_FIRST,
			.most = uniform_most,
			.levels = efficiencies,
			.level_count = 2,
		};
		if (wants(l->options, v))
			error = add(l, &curve, why);
	}
	return error;
}

/* Those that create members deal out as pool does, and what that takes would hide what this takes. */
static int add_chunks(struct ladder *l, unsigned threads, struct message *why)
{
	const struct options *o = l->options;
	const struct schedule *schedules = o->schedule_count ? o->schedules : usual_schedules;
	const size_t count = o->schedule_count ? o->schedule_count : USUAL_SCHEDULES;
	int error = 0;

	for (int v = SEQUENTIAL + 1; v < VARIANTS; v++)
		for (size_t s = 0; s < count && !error; s++) {
			const uint64_t units = schedules[s].chunk ? schedules[s].chunk : 1;
			const struct curve curve = {
				.vary = VARY_CHUNK,
				.kernel = uniform_kernel,
				.variant = v,
				.schedule = schedules[s],
				.threads = threads,
				.least = units > CHUNK_LEAST ? units : CHUNK_LEAST,
				.first = units > CHUNK_FIRST ? units : CHUNK_FIRST,
				.most = uniform_most,
				.levels = efficiencies,
				.level_count = 2,
			};
			if (wants(o, v) && !variant_creates(v))
				error = add(l, &curve, why);
		}
	return error;
}

static uint64_t at_least_one(uint64_t count)
{
	return count ? count : 1;
}

/* A kernel's curve but for variant and schedule: up to its own size, or what --size says. */
static int kernel_curve(const struct ladder *l, const char *name, unsigned threads,
	struct curve *into, struct message *why)
{
	struct case_spec largest;
	int error = plan_sequential(l->options, name, &largest, why);

	if (error)
		return error;
	const struct kernel *kernel = launch_kernel(name);
	const uint64_t most = largest.size.n / threads;
	if (!most)
		return fail(why, -EINVAL, "--size: %s needs an element for each of %u threads",
			name, threads);
	const uint64_t first = at_least_one(kernel->size.n / threads / SIZE_DIVISOR);
	*into = (struct curve) {
		.vary = VARY_SIZE,
		.kernel = kernel->name,
		.threads = threads,
		.width = largest.size.width,
		.grain = l->options->grain,
		.least = 1,
		.first = first < most ? first : most,
		.most = most,
		.levels = overtaking,
		.level_count = 1,
	};
	return 0;
}

static int add_kernel(struct ladder *l, const char *name, unsigned threads, struct message *why)
{
	const struct options *o = l->options;
	const size_t count = o->schedule_count ? o->schedule_count : 1;
	struct curve curve;
	int error = kernel_curve(l, name, threads, &curve, why);

	for (int v = SEQUENTIAL + 1; v < VARIANTS; v++)
		for (size_t s = 0; s < count && !error; s++) {
			curve.variant = v;
			curve.schedule = o->schedule_count ? o->schedules[s] : one_chunk_a_member;
			if (wants(o, v))
				error = add(l, &curve, why);
		}
	return error;
}

static int add_curves(struct ladder *l, struct message *why)
{
	const struct options *o = l->options;
	const size_t count = o->all ? launch_kernel_count() : o->argument_count;
	unsigned threads;
	int error = team_of(l, &threads, why);

	for (size_t k = 0; k < count && !error; k++) {
		const char *name = o->all ? launch_kernel_at(k)->name : o->arguments[k];
		if (!o->all || !launch_waits(name))
			error = add_kernel(l, name, threads, why);
	}
	if (!error && !of_kernels(o))
		error = add_regions(l, threads, why);
	if (!error && !of_kernels(o))
		error = add_chunks(l, threads, why);
	return error;
}

/* ---- output ---- */

static int print_json(const struct ladder *l)
{
	json_t *machine = machine_describe(&l->plan.topology);
	json_t *json = machine ? grain_to_json(l, machine) : NULL;

	json_decref(machine);
	return json_print(json);
}

static int print(const struct ladder *l, struct message *why)
{
	if (l->options->format == FORMAT_JSON)
		return print_json(l) ? fail(why, -ENOMEM, "no memory for the table") : 0;
	if (l->options->format == FORMAT_CSV)
		grain_print_csv(l, stdout);
	else
		grain_print(l, l->options->format, stdout);
	return 0;
}

static int draw(const struct ladder *l, struct pending *pending, struct message *why)
{
	const char *output = l->options->output;
	const struct plot_target to = { pending->path, output, plot_format(output) };
	const int error = plot_to_file(&to, "grain.gp", "grain", grain_print_csv, l, why);

	return error ? error : pending_commit(pending, why);
}

/* A smaller team than was asked for has other costs. */
static void tell_smaller_teams(const struct ladder *l)
{
	for (size_t c = 0; c < l->count; c++) {
		const struct reading *last = curve_last(&l->curves[c]);
		if (last && last->team < l->curves[c].threads) {
			fprintf(stderr,
				"tine: %s ran with %u thread%s instead of %u; efficiency is "
				"counted by those that ran\n",
				variant_name(l->curves[c].variant), last->team,
				last->team == 1 ? "" : "s", l->curves[c].threads);
			return;
		}
	}
}

static int find(struct ladder *l, struct message *why)
{
	struct pending pending = { 0 };
	int error = l->options->output ? pending_open(&pending, l->options->output, why) : 0;

	if (!error)
		error = ladder_measure(l, why);
	if (error == -EINTR)
		fail(why, error, "interrupted before all was measured");
	if (!error)
		error = print(l, why);
	if (!error)
		tell_smaller_teams(l);
	if (!error && l->options->output)
		error = draw(l, &pending, why);
	if (error)
		pending_drop(&pending);
	pending_release(&pending);
	return error;
}

int grain_begin(struct ladder *l, const struct options *options, struct message *why)
{
	int error = check(options, why);

	*l = (struct ladder) { .options = options, .run = run_in_memory() };
	if (!error)
		error = plan_begin(&l->plan, options, BUDGET_S, why);
	return error ? error : add_curves(l, why);
}

int command_grain(const struct options *options)
{
	struct ladder ladder;
	struct message why;
	int error = grain_begin(&ladder, options, &why);

	process_block_signals();
	if (!error)
		error = find(&ladder, &why);
	const int code =
		error ? complain(error, &why) : exit_code_of(ladder.run.launches, ladder.run.count);
	ladder_release(&ladder);
	return code;
}
