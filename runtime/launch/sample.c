#include "launch/session.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "team/children.h"

enum {
	SAMPLES_LEAST = 5, /* when a budget decides */
	SAMPLES_MOST = 100,
	STEPS_LEAST = 1000, /* of the clock, in a sample */
	REPEATS_MOST = 1000000,
	TRACES_SHARE = 5 /* of the budget: one part in so many */
};

static long switched_out_of(int whose)
{
	struct rusage usage;

	return getrusage(whose, &usage) ? 0 : usage.ru_nivcsw;
}

/* How often members lost their CPUs although they could have gone on. */
static long switched_out(const struct session *s)
{
	const struct children *children = s->team.children;

	return switched_out_of(RUSAGE_SELF) + switched_out_of(RUSAGE_CHILDREN) +
		(children ? children_switched_out(children) : 0);
}

static bool creates(const struct session *s)
{
	return variant_creates(s->order->spec.variant) && !s->order->execution.keep;
}

/*
 * Switches that are no other task's doing. To create a member and move it to its CPU costs 2 to 4 on
 * an idle machine. For an element that waits, server and member wake one another.
 */
static long expected_switches(const struct session *s)
{
	const unsigned repeats = s->record->repeats;
	const long created = creates(s) ? 4L * (s->team.threads - 1) * repeats : 0;
	const long woken = s->entry->kernel->begin ? (long)(4 * s->team.n * repeats) : 0;

	return created + woken;
}

/*
 * Whether other tasks took so much of a sample that its time tells more of them. To have been switched
 * out is not enough: a kernel thread that comes by for some microseconds does no harm. Of members that
 * stay, it is known how long they waited for their CPUs. Of those that are created, only how often they
 * lost them: a kernel thread comes some 10 times a second, a task that competes takes turns of a few
 * milliseconds, which costs over 100 switches a second.
 */
static bool is_preempted(struct session *s, long switches, double sample_ns)
{
	static const double harmless = 0.01, apart_ns = 25e6;
	const double delay_ns = delays_longest(&s->delays);
	const long unexpected = switches - expected_switches(s);

	if (unexpected <= 0)
		return false;
	if (isnan(delay_ns))
		return unexpected > (long)(sample_ns * s->team.threads / apart_ns);
	return delay_ns > harmless * sample_ns;
}

static int take_sample(struct session *s, size_t sample, struct message *why)
{
	const long before = switched_out(s);
	double total_ns = 0;

	for (unsigned r = 0; r < s->record->repeats; r++) {
		const int error = run_region(s, s->order->spec.variant, why);
		if (error)
			return error;
		total_ns += region_ns(s);
		check_partial(s);
	}
	keep_region(s, &s->record->regions[sample], total_ns / s->record->repeats);
	s->record->preempted += is_preempted(s, switched_out(s) - before, total_ns);
	return 0;
}

static int ascending(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), ascending);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

static double median_of_first(const struct launch_record *record, size_t count)
{
	double values[SAMPLES_MOST] = { 0 };

	for (size_t i = 0; i < count; i++)
		values[i] = record->regions[i].sample_ns;
	return median(values, count);
}

/* Whether twice as many samples hardly moved the median. Looked at when the count has doubled. */
static bool steady(const struct launch_record *record, size_t taken)
{
	if (taken < 2 * SAMPLES_LEAST || taken % SAMPLES_LEAST ||
		(taken / SAMPLES_LEAST & (taken / SAMPLES_LEAST - 1)))
		return false;
	const double now = median_of_first(record, taken);
	return fabs(median_of_first(record, taken / 2) - now) <= 0.001 * now;
}

static bool enough(const struct session *s, size_t taken, uint64_t spent_ns)
{
	const struct launch_order *order = s->order;
	const size_t least = s->entry->kernel->begin ? 1 : SAMPLES_LEAST;

	if (order->samples)
		return taken >= order->samples;
	return taken >= SAMPLES_MOST ||
		(taken >= least && (spent_ns >= order->budget_ns || steady(s->record, taken)));
}

/* How many regions make a sample that the clock can measure. */
static unsigned repeats_for(const struct session *s)
{
	const double least_ns = (double)(STEPS_LEAST * clock_step_ns(&s->clock));
	const double repeats = ceil(least_ns / fmax(region_ns(s), 1));

	return repeats < REPEATS_MOST ? (unsigned)repeats : REPEATS_MOST;
}

static int warm_up(struct session *s, struct message *why)
{
	const enum variant variant = s->order->spec.variant;
	int error = run_region(s, variant, why); /* creates the team, warms the caches */

	if (error)
		return error;
	check_partial(s);
	check_output(s);
	error = run_region(s, variant, why); /* the first one that tells how long it takes */
	s->record->repeats = repeats_for(s);
	return error;
}

/* Makes room for all that is to be recorded. */
static int reserve(struct session *s, struct message *why)
{
	const struct launch_order *order = s->order;
	const size_t samples = order->samples ? order->samples : SAMPLES_MOST;
	const size_t traces = order->cold + order->traces;

	if (launch_reserve(s->record, samples, s->team.threads) ||
		(traces && launch_reserve_traces(s->record, traces)))
		return fail(why, -ENOMEM, "no memory for %zu samples", samples + traces);
	s->record->team = 0;
	s->record->traces = 0;
	return 0;
}

static int take_trace(struct session *s, struct message *why)
{
	const int error = run_region_units(s, why);

	if (error)
		return error;
	check_partial(s);
	if (keep_trace(s, &s->record->traced[s->record->traces++]))
		return fail(why, -ENOMEM, "no memory for units");
	return 0;
}

/* The first regions of the variant in this process. */
static int take_cold(struct session *s, struct message *why)
{
	int error = 0;

	while (!error && s->record->traces < s->order->cold)
		error = take_trace(s, why);
	s->record->cold = s->record->traces;
	return error;
}

static int take_samples(struct session *s, struct message *why)
{
	size_t taken = 0;
	int error = warm_up(s, why);

	if (error)
		return error;
	if (!creates(s) && s->order->spec.variant != PROCESS)
		delays_open(&s->delays);
	const uint64_t begin_ns = clock_monotonic_ns();
	do {
		error = take_sample(s, taken++, why);
	} while (!error && !enough(s, taken, clock_monotonic_ns() - begin_ns));
	s->record->samples = taken;
	return error;
}

/* Pairs of a region that records no units, and one that does. */
static int take_traces(struct session *s, struct message *why)
{
	const struct launch_order *order = s->order;
	const uint64_t begin_ns = clock_monotonic_ns();
	double ratios[LAUNCH_TRACES_MAX];
	size_t taken = 0;
	int error = 0;

	while (!error && taken < order->traces &&
		(!taken || clock_monotonic_ns() - begin_ns < order->budget_ns / TRACES_SHARE)) {
		error = run_region(s, order->spec.variant, why);
		const double plain_ns = region_ns(s);
		if (!error) {
			check_partial(s);
			error = take_trace(s, why);
		}
		ratios[taken++] = region_ns(s) / fmax(plain_ns, 1);
	}
	if (taken)
		s->record->units_cost = median(ratios, taken) - 1;
	return error;
}

/* All that is timed. */
int take_times(struct session *s, struct message *why)
{
	const bool units = has_units(s);
	int error = reserve(s, why);

	s->record->units_cost = NAN;
	if (!error && units)
		error = take_cold(s, why);
	if (!error)
		error = take_samples(s, why);
	if (!error && units)
		error = take_traces(s, why);
	if (!error)
		check_output(s);
	return error;
}
