#include "analysis/tasks.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary.h"

/* Whether all tasks of a region, the caller's, were kept, in their order. */
static bool is_whole(const struct region_record *region, size_t tasks)
{
	const struct member_record *caller = &region->members[0];

	for (size_t i = 0; i < caller->kept && i < tasks; i++)
		if (caller->kept_units[i].unit != i)
			return false;
	return caller->kept == tasks;
}

static bool is_usable(const struct launch_record *launch, size_t tasks)
{
	if (launch->spec.variant != SEQUENTIAL || !launch_counts(launch) || !launch->traces)
		return false;
	for (size_t r = 0; r < launch->traces; r++)
		if (!is_whole(&launch->traced[r], tasks))
			return false;
	return true;
}

/* values: room for one a region. */
static double median_of(const struct launch_record *launch, size_t task, double *values)
{
	for (size_t r = 0; r < launch->traces; r++) {
		const struct unit_record *unit = &launch->traced[r].members[0].kept_units[task];
		values[r] = 1e-9 * (double)(unit->end_ns - unit->begin_ns);
	}
	return stats_median(values, launch->traces);
}

static int add_launch(struct task_times *times, const struct launch_record *launch)
{
	double *values = malloc(launch->traces * sizeof(*values));
	double *row = times->seconds + times->launches * times->tasks;

	if (!values)
		return -ENOMEM;
	for (size_t i = 0; i < times->tasks; i++)
		row[i] = median_of(launch, i, values);
	times->launches++;
	free(values);
	return 0;
}

int task_times_make(struct task_times *into, size_t tasks, const struct launch_record *launches,
	size_t launch_count)
{
	int error = 0;

	*into = (struct task_times) { .tasks = tasks };
	into->seconds = calloc(tasks * launch_count + 1, sizeof(*into->seconds));
	if (!into->seconds)
		return -ENOMEM;
	for (size_t l = 0; l < launch_count && !error; l++)
		if (is_usable(&launches[l], tasks))
			error = add_launch(into, &launches[l]);
	if (error)
		task_times_release(into);
	return error;
}

void task_times_release(struct task_times *times)
{
	free(times->seconds);
	*times = (struct task_times) { 0 };
}

int task_time(const struct task_times *times, size_t task, struct estimate *into)
{
	double *values = malloc(times->launches * sizeof(*values));

	if (!values)
		return -ENOMEM;
	for (size_t l = 0; l < times->launches; l++)
		values[l] = times->seconds[l * times->tasks + task];
	*into = stats_estimate(values, times->launches);
	free(values);
	return 0;
}

static int find_longest(const struct task_times *times, size_t *longest)
{
	struct estimate one;
	double most = -1;

	for (size_t i = 0; i < times->tasks; i++) {
		if (task_time(times, i, &one))
			return -ENOMEM;
		if (one.median > most) {
			most = one.median;
			*longest = i;
		}
	}
	return 0;
}

const char *task_reason_name(enum task_reason reason)
{
	static const char *const names[TASK_REASONS] = {
		[BY_LONGEST] = "longest",
		[BY_SHARE] = "share",
		[BY_SEVERAL] = "several",
	};

	return names[reason];
}

static int descending(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x < y) - (x > y);
}

/* The largest of the sums over one member's tasks, k of them and one, of seconds in descending order. */
static double most_of_several(const double *seconds, size_t tasks, unsigned members)
{
	double most = 0;

	for (size_t k = 1; k * members < tasks; k++) {
		double sum = 0;
		for (size_t i = k * members - k; i <= k * members; i++)
			sum += seconds[i];
		most = fmax(most, sum);
	}
	return most;
}

/* Of one launch's times, which are sorted. */
static enum task_reason bound_of(
	double *seconds, size_t tasks, unsigned members, bool in_turn, double *sum, double *bound)
{
	enum task_reason reason = BY_LONGEST;

	qsort(seconds, tasks, sizeof(*seconds), descending);
	*sum = 0;
	for (size_t i = 0; i < tasks; i++)
		*sum += seconds[i];
	*bound = seconds[0];
	if (*sum / members > *bound) {
		*bound = *sum / members;
		reason = BY_SHARE;
	}
	const double several = in_turn ? most_of_several(seconds, tasks, members) : 0;
	if (members > 1 && several > *bound) {
		*bound = several;
		reason = BY_SEVERAL;
	}
	return reason;
}

static enum task_reason most_frequent(const size_t counts[TASK_REASONS])
{
	enum task_reason most = BY_LONGEST;

	for (enum task_reason r = BY_LONGEST; r < TASK_REASONS; r++)
		if (counts[r] > counts[most])
			most = r;
	return most;
}

/* values: room for twice the launches, and for the tasks. */
static void estimate_bound(const struct task_times *times, unsigned members, bool in_turn,
	double *values, struct task_bound *into)
{
	const size_t launches = times->launches, tasks = times->tasks;
	double *bounds = values, *speedups = values + launches, *row = speedups + launches, sum;
	size_t counts[TASK_REASONS] = { 0 };

	for (size_t l = 0; l < launches; l++) {
		memcpy(row, times->seconds + l * tasks, tasks * sizeof(*row));
		counts[bound_of(row, tasks, members, in_turn, &sum, &bounds[l])]++;
		speedups[l] = sum / bounds[l];
	}
	into->seconds = stats_estimate(bounds, launches);
	into->speedup = stats_estimate(speedups, launches);
	into->reason = most_frequent(counts);
}

int task_bound(
	const struct task_times *times, unsigned members, bool in_turn, struct task_bound *into)
{
	double *values = malloc((2 * times->launches + times->tasks) * sizeof(*values));
	int error = values ? 0 : -ENOMEM;

	*into = (struct task_bound) { 0 };
	if (!error)
		error = find_longest(times, &into->longest);
	if (!error)
		estimate_bound(times, members, in_turn, values, into);
	free(values);
	return error;
}
