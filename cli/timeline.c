#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/summary.h"
#include "announce.h"
#include "commands.h"
#include "conductor.h"
#include "drawing.h"
#include "plan.h"
#include "process.h"
#include "timeline/timeline.h"

enum { WARM_TRACES = 5, UNITS_KEPT = 1 << 14 };

/* ---- the launch ---- */

/* Several kernels, or one of a size. */
static bool are_tasks(const struct options *options)
{
	return options->argument_count > 1 || strchr(options->arguments[0], '/');
}

/* One variant, thread count and schedule: the plan has that case, and its sequential one before. */
static int plan_one(struct plan *plan, const struct options *options, struct message *why)
{
	struct options one = *options;

	if (__builtin_popcount(options->variants) > 1 || options->thread_count > 1 ||
		options->schedule_count > 1)
		return fail(why, -EINVAL,
			"timeline shows one case: give one --variant, one number of --threads and "
			"one --schedule");
	if (!one.variants)
		one.variants = 1u << OPENMP;
	return are_tasks(options) ? plan_for_tasks(plan, &one, why) : plan_for_run(plan, &one, why);
}

/* The sequential variant forks nothing: its regions are neither cold nor made of units but tasks. */
static int launch_one(const struct plan *plan, const struct options *options,
	struct launch_record *into, struct message *why)
{
	const struct case_spec *spec = &plan->cases[plan->count - 1];
	const bool parallel = spec->variant != SEQUENTIAL, units = parallel || plan->tasks;
	const struct launch_order order = {
		.spec = *spec,
		.samples = parallel ? 0 : options->regions,
		.budget_ns = plan->sample_budget_ns,
		.traces = units ? WARM_TRACES : 0,
		.cold = options->regions,
		.keep_units = units ? UNITS_KEPT : 0,
		.memory = true,
	};
	char id[CASE_ID_MAX];
	const int error = conductor_launch(plan, &order, into, why);

	if (error || into->status != LAUNCH_FAILED)
		return error;
	return fail(
		why, into->error ? into->error : -EIO, "%s: %s", case_print(spec, id), into->why);
}

/* ---- what of it is shown ---- */

/* How many of the regions took less time, or came earlier and took as long. */
static size_t rank_of(const struct region_record *regions, size_t count, size_t which)
{
	size_t rank = 0;

	for (size_t r = 0; r < count; r++)
		rank += regions[r].sample_ns < regions[which].sample_ns ||
			(r < which && regions[r].sample_ns == regions[which].sample_ns);
	return rank;
}

/* The region whose time is the median. */
static const struct region_record *typical(const struct region_record *regions, size_t count)
{
	size_t r = 0;

	while (rank_of(regions, count, r) != (count - 1) / 2)
		r++;
	return &regions[r];
}

/* The core of each CPU. Returns the array and its length, or NULL. */
static int *cores_by_cpu(const struct topology *topology, size_t *count)
{
	int most = -1;

	for (unsigned i = 0; i < topology->hardware_threads; i++)
		if (topology->cpus_compact[i] > most)
			most = topology->cpus_compact[i];
	*count = (size_t)(most + 1);
	int *cores = calloc(*count + 1, sizeof(*cores));
	for (size_t cpu = 0; cores && cpu < *count; cpu++)
		cores[cpu] = -1;
	for (unsigned i = 0; cores && i < topology->hardware_threads; i++)
		cores[topology->cpus_compact[i]] = topology->cores_compact[i];
	return cores;
}

static struct timeline timeline_of(
	const struct plan *plan, const struct launch_record *launch, unsigned regions)
{
	const bool units = launch->traces;
	struct timeline timeline = {
		.spec = &launch->spec,
		.element = launch_kernel(launch->spec.kernel)->element,
		.team = launch->team,
		.waits = launch_waits(launch->spec.kernel),
		.units = units,
		.units_cost = units ? launch->units_cost : NAN,
		.memory = launch->memory,
		.count = 1,
		.tasks = plan->tasks,
		.task_count = plan->tasks ? launch->spec.size.n : 0,
	};

	if (launch->cold) {
		timeline.cold = launch->spec.variant != SEQUENTIAL;
		timeline.regions = launch->traced;
		timeline.count = launch->cold;
	} else if (units) {
		timeline.regions = typical(launch->traced, launch->traces);
	} else if (regions > 1) {
		timeline.regions = launch->regions;
		timeline.count = regions < launch->samples ? regions : launch->samples;
	} else {
		timeline.regions = typical(launch->regions, launch->samples);
	}
	return timeline;
}

/* ---- the command ---- */

static int draw(const struct plan *plan, const struct launch_record *launch, unsigned regions,
	struct canvas *canvas, struct message *why)
{
	struct timeline timeline = timeline_of(plan, launch, regions);
	char host[256] = "";
	int *cores = cores_by_cpu(&plan->topology, &timeline.cpus);

	if (!cores)
		return fail(why, -ENOMEM, "no memory for the timeline");
	gethostname(host, sizeof(host) - 1);
	timeline.host = host;
	timeline.core_of_cpu = cores;
	const int error = canvas_draw(canvas, &timeline, why);
	free(cores);
	return error;
}

/* A picture of a wrong result is shown, but takes no other's place. */
static int show(const struct plan *plan, const struct launch_record *launch, unsigned regions,
	struct canvas *canvas, struct message *why)
{
	const bool wrong = launch->status == LAUNCH_WRONG;
	char id[CASE_ID_MAX];

	if (launch_is_disturbed(launch))
		fputs("tine: the launch was disturbed by other load; 'tine doctor' says what to "
		      "do\n",
			stderr);
	if (wrong)
		fprintf(stderr, "tine: %s: wrong: %s%s%s%s\n", case_print(&launch->spec, id),
			launch->why, canvas->output ? "; " : "",
			canvas->output ? canvas->output : "",
			canvas->output ? " is not written" : "");
	return wrong && canvas->output ? 0 : draw(plan, launch, regions, canvas, why);
}

static int launch_and_show(
	const struct plan *plan, const struct options *options, struct canvas *canvas)
{
	struct launch_record launch;
	struct message why;
	int error = launch_one(plan, options, &launch, &why);

	if (error)
		return complain(error, &why);
	error = show(plan, &launch, options->regions, canvas, &why);
	const int code = error ? complain(error, &why) : exit_code_of(&launch, 1);
	launch_release(&launch);
	return code;
}

int command_timeline(const struct options *options)
{
	struct plan plan;
	struct canvas canvas;
	struct message why;
	int error = plan_one(&plan, options, &why);

	if (error)
		return complain(error, &why);
	error = canvas_open(&canvas, options, &why);
	if (error) {
		plan_release(&plan);
		return complain(error, &why);
	}
	process_block_signals();
	announce_crowding(&plan);
	const int code = launch_and_show(&plan, options, &canvas);
	canvas_close(&canvas);
	plan_release(&plan);
	return code;
}
