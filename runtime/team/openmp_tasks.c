/*
 * openmp-tasks: an OpenMP task for each unit, made by one member and done by whoever is free.
 *
 * A template: compiled around the whole of tasks. Members do their tasks at the barrier that ends the
 * region, where nothing tells them that there are no more: a member has completed when its last one
 * is done, or, if it gets none, when it comes to the barrier.
 */
#include KERNEL_FILE

#include <omp.h>

#include "team/member.h"

static inline void do_task(struct seat *mine, uint64_t unit)
{
	const struct team *team = mine->team;
	const struct range elements = unit_elements(unit, team->grain, team->n);

	if (RECORDING > 1 && team->watch)
		memory_mark_again(&mine->memory);
	const uint64_t begin = seat_begin_unit(team->clock);
	body(team->input, elements, mine->partial);
	seat_end_unit(mine, team->clock, unit, begin);
	seat_complete(mine, mine->arrival, team->clock, mine->units + 1);
}

region_fn REGION_FN(openmp_tasks);

int REGION_FN(openmp_tasks)(struct team *team)
{
	team_fork(team);
#pragma omp parallel num_threads(team->threads)
	{
		struct seat *mine = &team->seats[omp_get_thread_num()];
		mine->arrival = seat_start(mine, team->clock);
		seat_complete(mine, mine->arrival, team->clock, 0);
#pragma omp single nowait
		for (uint64_t unit = 0; unit < team->units; unit++) {
#pragma omp task firstprivate(unit)
			do_task(&team->seats[omp_get_thread_num()], unit);
		}
	}
	team_join(team);
	return 0;
}
