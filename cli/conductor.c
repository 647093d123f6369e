#include "conductor.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/shuffle.h"
#include "analysis/summary.h"
#include "clock.h"
#include "machine/state.h"
#include "order.h"
#include "process.h"
#include "progress.h"
#include "store/codec.h"
#include "store/lack.h"

extern char **environ;

enum { TRACES_KEPT = 5, UNITS_KEPT = 1 << 20 }; /* of the case whose units are kept */

static const char self_path[] = "/proc/self/exe";

static bool is_one_of(const char *variable, const char *const *names)
{
	for (; *names; names++)
		if (!strncmp(variable, *names, strlen(*names)))
			return true;
	return false;
}

/* What launches may not read from the user's environment, since --bind and --wait decide it. */
static bool is_decided(const char *variable, enum wait wait)
{
	static const char *const bind[] = {
		"OMP_PROC_BIND=", "OMP_PLACES=", "GOMP_CPU_AFFINITY=", "KMP_AFFINITY=", NULL
	};
	static const char *const waiting[] = {
		"OMP_WAIT_POLICY=", "GOMP_SPINCOUNT=", "KMP_BLOCKTIME=", NULL
	};

	return is_one_of(variable, bind) || (wait && is_one_of(variable, waiting));
}

/* OMP_PLACES={0},{2},...: one place a member, in order. */
static char *places_of(const struct launch_order *order)
{
	char *text = NULL;
	size_t length;
	FILE *stream = open_memstream(&text, &length);

	if (!stream)
		return NULL;
	fputs("OMP_PLACES=", stream);
	for (unsigned m = 0; m < order->spec.threads; m++)
		fprintf(stream, "%s{%d}", m ? "," : "", order->cpus[m]);
	return fclose(stream) ? NULL : text;
}

static char **environment_of(const struct launch_order *order, enum wait wait, char *places)
{
	static char bound[] = "OMP_PROC_BIND=close", unbound[] = "OMP_PROC_BIND=false";
	static char active[] = "OMP_WAIT_POLICY=active", passive[] = "OMP_WAIT_POLICY=passive";
	char *const waits[WAITS] = { [WAIT_ACTIVE] = active, [WAIT_PASSIVE] = passive };
	size_t count = 0, kept = 0;

	while (environ[count])
		count++;
	char **all = calloc(count + 4, sizeof(*all));
	if (!all)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (!is_decided(environ[i], wait))
			all[kept++] = environ[i];
	all[kept++] = order->cpus ? bound : unbound;
	if (order->cpus)
		all[kept++] = places;
	if (wait)
		all[kept++] = waits[wait];
	return all;
}

static void record_failure(
	struct launch_record *into, const struct launch_order *order, const char *why)
{
	*into = (struct launch_record) {
		.spec = order->spec,
		.round = order->round,
		.status = LAUNCH_FAILED,
	};
	snprintf(into->why, sizeof(into->why), "%s", why);
}

/* What a launch that left no record said last, or how it ended. */
static void record_death(
	struct launch_record *into, const struct launch_order *order, int status, char *said)
{
	const char *line = said ? last_line(said) : "";
	struct message m;

	if (WIFSIGNALED(status))
		fail(&m, 0, "ended by signal %d (%s)", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	else
		fail(&m, 0, "exit code %d%s%s", WEXITSTATUS(status), *line ? ": " : "", line);
	record_failure(into, order, m.text);
}

/* That we lack memory must not be held against the launch. */
static int read_record(struct launch_record *into, const struct launch_order *order, int status,
	const struct outputs *from, struct message *why)
{
	char *text = output_text(from->out), *said = output_text(from->err);
	struct message m;

	lack_watch();
	json_t *json = text && !status ? json_loads(text, 0, NULL) : NULL;
	int error = !lack_seen() && text && said ? 0 : -ENOMEM;
	if (!error && json)
		error = launch_from_json(json, into, &m);
	else if (!error)
		record_death(into, order, status, said);
	if (error == -EINVAL) {
		record_failure(into, order, m.text);
		error = 0;
	} else if (!error) {
		into->error = (int)json_integer_value(json_object_get(json, "error"));
	}
	json_decref(json);
	free(said);
	free(text);
	return error ? fail(why, error, "no memory for what a launch said") : 0;
}

static void record_hang(
	struct launch_record *into, const struct launch_order *order, uint64_t limit_ns)
{
	struct message m;

	fail(&m, 0, "hung: ended after %.3g s (--limit)", 1e-9 * (double)limit_ns);
	record_failure(into, order, m.text);
}

static int launch_with(const struct launch_order *order, uint64_t limit_ns, char *order_text,
	char *const *environment, struct launch_record *into, struct message *why)
{
	char name[] = "tine", command[] = "launch";
	char *const argv[] = { name, command, order_text, NULL };
	struct outputs outputs;
	pid_t child;
	int status = 0, error = outputs_open(&outputs);

	if (error)
		return fail(why, error, "cannot start a launch: %s", strerror(-error));
	error = process_start(&child, self_path, argv, environment, &outputs);
	if (error)
		fail(why, error, "cannot start a launch: %s", strerror(-error));
	else
		error = process_await(child, limit_ns, &status);
	if (error == -EINTR)
		fail(why, error, "interrupted");
	if (!error)
		error = read_record(into, order, status, &outputs, why);
	if (error == -ETIMEDOUT) {
		record_hang(into, order, limit_ns);
		error = 0;
	}
	outputs_close(&outputs);
	return error;
}

static int launch_in_environment(const struct launch_order *order, const struct plan *plan,
	struct launch_record *into, struct message *why)
{
	char *text = order_to_text(order);
	char *places = order->cpus ? places_of(order) : NULL;
	char **environment = environment_of(order, plan->wait, places);
	const bool ready = text && environment && (places || !order->cpus);
	const int error = ready ? launch_with(order, plan->limit_ns, text, environment, into, why)
				: fail(why, -ENOMEM, "no memory to start a launch");

	free(environment);
	free(places);
	free(text);
	return error;
}

/* Some systems let counters go back, or take them away. */
static uint64_t growth(uint64_t before, uint64_t after)
{
	return after > before ? after - before : 0;
}

static uint64_t utc_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* The same, and what is seen of it from outside. */
static int launch_watched(const struct launch_order *order, const struct plan *plan,
	struct launch_record *into, struct message *why)
{
	struct machine_state before, after;

	machine_state_read(MACHINE_ROOT, &before);
	const uint64_t began_ms = utc_ms(), begin_ns = clock_monotonic_ns();
	const int error = launch_in_environment(order, plan, into, why);
	if (error)
		return error;
	into->began_ms = began_ms;
	into->took_ns = clock_monotonic_ns() - begin_ns;
	machine_state_read(MACHINE_ROOT, &after);
	into->throttled = growth(before.throttled, after.throttled);
	into->steal_ns = growth(before.steal_ns, after.steal_ns);
	into->crowded = order->spec.threads > plan->topology.hardware_threads ||
		(order->spec.threads > 1 && variant_shares_cpu(order->spec.variant));
	return 0;
}

int conductor_launch(const struct plan *plan, const struct launch_order *order,
	struct launch_record *into, struct message *why)
{
	struct launch_order whole = *order;
	int *cpus;
	int error = topology_bind(&plan->topology, plan->bind, order->spec.threads, &cpus, why);

	if (error)
		return error;
	whole.cpus = cpus;
	whole.tasks = plan->tasks;
	whole.gamma = plan->gamma;
	whole.recipe = plan->recipe;
	whole.execution = plan->execution;
	whole.image = plan->image;
	error = launch_watched(&whole, plan, into, why);
	free(cpus);
	return error;
}

/* ---- rounds ---- */

static bool out_of_budget(const struct plan *plan, const struct run *run, unsigned round)
{
	return (plan->budget_is_hard || round >= plan->launches_least) &&
		run_spent_ns(run) >= plan->budget_ns;
}

/* Rounds need not be in order: a plan can be added to after some. */
static bool has_launch(const struct run *run, const struct case_spec *spec, unsigned round)
{
	for (size_t l = run->count; l-- > 0;)
		if (run->launches[l].round == round && case_same(&run->launches[l].spec, spec))
			return true;
	return false;
}

/* Borrows the launches of earlier rounds. Returns 0 or -ENOMEM; the caller frees. */
static int launches_before(
	const struct run *run, unsigned round, struct launch_record **launches, size_t *count)
{
	*count = 0;
	*launches = calloc(run->count + 1, sizeof(**launches));
	if (!*launches)
		return -ENOMEM;
	for (size_t l = 0; l < run->count; l++)
		if (run->launches[l].round < round)
			(*launches)[(*count)++] = run->launches[l];
	return 0;
}

/* Closes the cases whose intervals are narrow enough after the launches of the rounds before. */
static int close_precise(const struct plan *plan, const struct run *run, unsigned round, bool *open)
{
	struct launch_record *before;
	struct summaries all;
	size_t count;

	if (launches_before(run, round, &before, &count))
		return -ENOMEM;
	const int error = summaries_make(&all, plan->cases, plan->count, before, count);
	free(before);
	if (error)
		return error;
	for (size_t c = 0; c < plan->count; c++) {
		const struct summary *row = &all.rows[c];
		/* what never worked will not begin to */
		if (summary_is_precise(row, plan->precision) || (row->failed && !row->launches))
			open[c] = false;
	}
	for (size_t c = 0; c < plan->count; c++) {
		const struct summary *base = summary_baseline(&all, &all.rows[c]);
		if (open[c] && base)
			open[base - all.rows] = true;
	}
	summaries_release(&all);
	return 0;
}

/* One launch, and its record in the run. */
static int run_case(const struct plan *plan, struct run *run, const struct case_spec *spec,
	unsigned round, struct progress *progress, struct message *why)
{
	const bool keep = plan->keep_units && case_same(plan->keep_units, spec);
	const bool alone = spec->variant == SEQUENTIAL, each_task = alone && plan->tasks;
	const struct launch_order order = {
		.spec = *spec,
		.round = round,
		.samples = plan->samples,
		.budget_ns = plan->sample_budget_ns,
		.traces = (alone && !each_task) || plan->parts ? 0
			: keep                                 ? TRACES_KEPT
							       : LAUNCH_TRACES_MAX,
		.cold = plan->parts,
		.parts = plan->parts,
		.keep_units = keep  ? UNITS_KEPT
			: each_task ? (unsigned)spec->size.n
				    : 0,
	};
	struct launch_record launch;

	progress_show(progress, spec);
	int error = conductor_launch(plan, &order, &launch, why);
	if (error)
		return error;
	progress_step(progress, &launch);
	error = run_append(run, &launch, why);
	if (error)
		launch_release(&launch);
	return error;
}

int conductor_round(const struct plan *plan, struct run *run, unsigned round, const bool *open,
	struct progress *progress, struct message *why)
{
	size_t *order = calloc(plan->count, sizeof(*order));
	int error = order ? shuffle(order, plan->count, plan->seed + round) : -ENOMEM;

	if (error)
		fail(why, error, "no memory for a random order");
	for (size_t i = 0; i < plan->count && !error; i++) {
		const struct case_spec *spec = &plan->cases[order[i]];
		if (!open[order[i]] || has_launch(run, spec, round))
			continue;
		if (out_of_budget(plan, run, round))
			break;
		error = turns_take(plan->turns, why);
		if (!error)
			error = run_case(plan, run, spec, round, progress, why);
		turns_pass(plan->turns);
	}
	free(order);
	return error;
}

/* In our turn, since others may measure in theirs. */
static int look_at_precision(const struct plan *plan, const struct run *run, unsigned round,
	bool *open, struct message *why)
{
	int error = turns_take(plan->turns, why);

	if (error)
		return error;
	if (close_precise(plan, run, round, open))
		error = fail(why, -ENOMEM, "no memory to look at the precision");
	turns_pass(plan->turns);
	return error;
}

static size_t count_open(const struct plan *plan, const bool *open)
{
	size_t count = 0;

	for (size_t c = 0; c < plan->count; c++)
		count += open[c];
	return count;
}

static int run_rounds(const struct plan *plan, struct run *run, bool *open,
	struct progress *progress, struct message *why)
{
	int error = 0;

	for (unsigned round = 0; !error && !out_of_budget(plan, run, round); round++) {
		if (round >= plan->launches_most)
			break;
		if (round >= plan->launches_least && stats_may_look(round))
			error = look_at_precision(plan, run, round, open, why);
		if (error)
			break;
		const size_t count = count_open(plan, open);
		if (!count)
			break;
		if (round >= plan->launches_least)
			progress_refine(progress, count);
		error = conductor_round(plan, run, round, open, progress, why);
	}
	return error;
}

int conductor_run(
	const struct plan *plan, struct run *run, bool progress_always, struct message *why)
{
	bool *open = calloc(plan->count, sizeof(*open));
	struct progress progress;

	if (!open)
		return fail(why, -ENOMEM, "no memory for the plan");
	memset(open, true, plan->count * sizeof(*open));
	progress_init(&progress, plan->count * plan->launches_least, run->count, progress_always);
	const int error = run_rounds(plan, run, open, &progress, why);
	progress_end(&progress);
	free(open);
	return error;
}
