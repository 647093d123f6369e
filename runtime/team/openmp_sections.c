/*
 * openmp-sections: a section for each unit, as one writes it where they are few and known.
 *
 * A template: compiled around the whole of tasks. Sections stand in the text, so that there are just
 * so many; those without a unit end at once.
 */
#include KERNEL_FILE

#include <omp.h>

#include "team/member.h"

static inline void section(struct seat *mine, uint64_t unit)
{
	const struct team *team = mine->team;

	if (unit >= team->units)
		return;
	const struct range elements = unit_elements(unit, team->grain, team->n);
	const uint64_t begin = seat_begin_unit(team->clock);
	body(team->input, elements, mine->partial);
	seat_end_unit(mine, team->clock, unit, begin);
	mine->units++;
}

region_fn REGION_FN(openmp_sections);

int REGION_FN(openmp_sections)(struct team *team)
{
	_Static_assert(SECTIONS_MOST == 8, "as many as stand here");

	team_fork(team);
#pragma omp parallel num_threads(team->threads)
	{
		struct seat *mine = &team->seats[omp_get_thread_num()];
		const struct arrival arrival = seat_start(mine, team->clock);
#pragma omp sections nowait
		{
#pragma omp section
			section(mine, 0);
#pragma omp section
			section(mine, 1);
#pragma omp section
			section(mine, 2);
#pragma omp section
			section(mine, 3);
#pragma omp section
			section(mine, 4);
#pragma omp section
			section(mine, 5);
#pragma omp section
			section(mine, 6);
#pragma omp section
			section(mine, 7);
		}
		seat_complete(mine, arrival, team->clock, mine->units);
	}
	team_join(team);
	return 0;
}
