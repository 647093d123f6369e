#include "overhead.h"

#include <errno.h>

#include "commands.h"
#include "conductor.h"
#include "json.h"
#include "machine/machine.h"
#include "node.h"
#include "process.h"

enum {
	BUDGET_S = 30,
	UNITS_MANY = 100000, /* in loops whose schedule deals out one at a time */
	UNITS_FEW = 128      /* of a member, in those of few chunks: some fork latencies long */
};

static const uint64_t sample_budget_ns = 15000000;

static int check(const struct options *o, struct message *why)
{
	return o->thread_count > 1
		? fail(why, -EINVAL, "--threads: overhead takes one number of threads")
		: 0;
}

static uint64_t units_for(struct schedule schedule, unsigned threads)
{
	const bool one_at_a_time =
		schedule.kind == SCHEDULE_STATIC || schedule.kind == SCHEDULE_DYNAMIC;

	return one_at_a_time ? UNITS_MANY : (uint64_t)UNITS_FEW * threads;
}

/* A schedule's case, and the one that tells what is not its doing. */
static int add_pair(struct overhead_cases *cases, struct plan *plan, const struct options *o,
	enum variant variant, int team, int s, struct message *why)
{
	static const struct schedule in_blocks = { SCHEDULE_STATIC, 0 };
	struct case_spec *dealt = &cases->dealt[variant][team][s];
	struct case_spec *whole = &cases->whole[variant][team][s];
	const struct schedule schedule = overhead_schedules[s];
	const unsigned threads = team ? cases->threads : 1;
	int error = node_tiny(dealt, o, units_for(schedule, threads), why);

	if (error)
		return error;
	dealt->variant = variant;
	dealt->threads = threads;
	*whole = *dealt;
	dealt->schedule = schedule;
	whole->schedule = in_blocks;
	return plan_add(plan, dealt) || plan_add(plan, whole)
		? fail(why, -ENOMEM, "no memory for the plan")
		: 0;
}

static int add_variant(struct overhead_cases *cases, struct plan *plan, const struct options *o,
	enum variant variant, struct message *why)
{
	struct case_spec *empty = &cases->empty[variant];
	int error = node_tiny(empty, o, 1, why);

	empty->variant = variant;
	empty->threads = cases->threads;
	empty->schedule = (struct schedule) { SCHEDULE_STATIC, 0 };
	if (!error && plan_add(plan, empty))
		error = fail(why, -ENOMEM, "no memory for the plan");
	for (int t = 0; t < OVERHEAD_TEAMS; t++)
		for (int s = 0; s < OVERHEAD_SCHEDULES && !error; s++)
			error = add_pair(cases, plan, o, variant, t, s, why);
	return error;
}

static int add_cases(struct overhead_cases *cases, struct plan *plan, const struct options *o,
	struct message *why)
{
	int error = 0;

	cases->threads = o->thread_count && o->threads[0] != ALL_CORES ? o->threads[0]
								       : plan->topology.cores;
	for (int v = SEQUENTIAL + 1; v < OVERHEAD_VARIANTS && !error; v++)
		error = add_variant(cases, plan, o, v, why);
	return error;
}

/* ---- output ---- */

static const char *openmp_of(const json_t *machine)
{
	const char *name = json_string_value(json_object_get(machine, "openmp"));

	return name ? name : "unknown";
}

static int print(const struct overhead *overhead, const struct plan *plan, enum format format,
	struct message *why)
{
	json_t *machine = machine_describe(&plan->topology);
	int error = 0;

	if (!machine)
		return fail(why, -ENOMEM, "no memory to describe the machine");
	if (format == FORMAT_JSON)
		error = json_print(overhead_to_json(overhead, machine))
			? fail(why, -ENOMEM, "no memory for the figures")
			: 0;
	else if (format == FORMAT_CSV)
		overhead_print_csv(overhead, stdout);
	else
		overhead_print(overhead, openmp_of(machine), format, stdout);
	json_decref(machine);
	return error;
}

static int tell(const struct overhead_cases *cases, const struct plan *plan, const struct run *run,
	enum format format, struct message *why)
{
	struct overhead overhead;
	struct summaries all;

	if (overhead_make(&overhead, cases, run->launches, run->count))
		return fail(why, -ENOMEM, "no memory for the figures");
	const int error = print(&overhead, plan, format, why);
	overhead_release(&overhead);
	if (!error && !summaries_make(&all, plan->cases, plan->count, run->launches, run->count)) {
		tell_disturbed(&all);
		summaries_release(&all);
	}
	return error;
}

static int measure(const struct options *o, struct plan *plan, struct run *run, struct message *why)
{
	struct overhead_cases cases = { 0 };
	int error = add_cases(&cases, plan, o, why);

	plan->parts = true;
	plan->sample_budget_ns = sample_budget_ns;
	if (!error)
		error = conductor_run(plan, run, false, why);
	if (error == -EINTR)
		fail(why, error, "interrupted before all was measured");
	return error ? error : tell(&cases, plan, run, o->format, why);
}

int command_overhead(const struct options *options)
{
	struct run run = run_in_memory();
	struct message why;
	struct plan plan;
	int error = check(options, &why);

	if (!error)
		error = plan_begin(&plan, options, BUDGET_S, &why);
	if (error)
		return complain(error, &why);
	process_block_signals();
	error = measure(options, &plan, &run, &why);
	const int code = error ? complain(error, &why) : exit_code_of(run.launches, run.count);
	run_release(&run);
	plan_release(&plan);
	return code;
}
