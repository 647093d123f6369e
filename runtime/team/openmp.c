/*
 * openmp: a parallel region with a loop over units, scheduled by libgomp.
 *
 * A template: compiled around each kernel file.
 */
#include KERNEL_FILE

#include <omp.h>

#include "team/member.h"

static void set_schedule(struct schedule schedule)
{
	static const omp_sched_t kinds[SCHEDULE_KINDS] = {
		[SCHEDULE_STATIC] = omp_sched_static,
		[SCHEDULE_DYNAMIC] = omp_sched_dynamic,
		[SCHEDULE_GUIDED] = omp_sched_guided,
		[SCHEDULE_AUTO] = omp_sched_auto,
	};

	omp_set_schedule(kinds[schedule.kind], (int)schedule.chunk); /* 0: the default */
}

region_fn REGION_FN(openmp);

int REGION_FN(openmp)(struct team *team)
{
	const struct input *input = team->input;
	const struct clock *clock = team->clock;
	const uint64_t n = team->n, grain = team->grain, units = team->units;
	struct seat *seats = team->seats;

	set_schedule(team->schedule);
	team_fork(team);
#pragma omp parallel num_threads(team->threads)
	{
		struct seat *mine = &seats[omp_get_thread_num()];
		uint64_t done = 0;

		const struct arrival arrival = seat_start(mine, clock);
#pragma omp for schedule(runtime) nowait
		for (uint64_t unit = 0; unit < units; unit++) {
			const struct range elements = unit_elements(unit, grain, n);
			const uint64_t begin = seat_begin_unit(clock);
			body(input, elements, mine->partial);
			seat_end_unit(mine, clock, unit, begin);
			done++;
		}
		seat_complete(mine, arrival, clock, done);
	}
	team_join(team);
	return 0;
}
