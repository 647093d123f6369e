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

int task_bound(const struct task_times *times, unsigned members, struct task_bound *into)
{
	double *bounds = malloc(2 * times->launches * sizeof(*bounds));
	double *speedups = bounds + times->launches;
	size_t by_longest = 0;

	*into = (struct task_bound) { 0 };
	if (!bounds || find_longest(times, &into->longest)) {
		free(bounds);
		return -ENOMEM;
	}
	for (size_t l = 0; l < times->launches; l++) {
		const double *row = times->seconds + l * times->tasks;
		double longest = 0, sum = 0;
		for (size_t i = 0; i < times->tasks; i++) {
			longest = fmax(longest, row[i]);
			sum += row[i];
		}
		bounds[l] = fmax(longest, sum / members);
		speedups[l] = sum / bounds[l];
		by_longest += longest >= sum / members;
	}
	into->seconds = stats_estimate(bounds, times->launches);
	into->speedup = stats_estimate(speedups, times->launches);
	into->is_longest = 2 * by_longest > times->launches;
	free(bounds);
	return 0;
}
