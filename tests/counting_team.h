/*
 * counting_team: a team of kernels/count_up.c, or of a test's own fill.
 *
 * fixture_of makes the plan, which a test may change, and start the team of it; finish frees both.
 */
#ifndef COUNTING_TEAM_H
#define COUNTING_TEAM_H

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "team/team.h"

/* What the test's own fill writes; a kernel.h input is whatever its maker says. */
struct input {
	unsigned *touched;
	int *cpu, *thread;
};

struct fixture {
	struct input input;
	struct kernel kernel;
	struct clock clock;
	struct team_plan plan;
	struct team team;
	struct message why;
};

static inline struct fixture *fixture_of(enum variant variant, unsigned threads, uint64_t n)
{
	struct fixture *f = aligned_alloc(_Alignof(struct fixture), sizeof(*f));

	cr_assert_not_null(f);
	memset(f, 0, sizeof(*f));
	f->clock = clock_calibrate();
	f->kernel = *kernel_find("count_up")->kernel;
	f->plan = (struct team_plan) { .kernel = &f->kernel,
		.input = &f->input,
		.n = n,
		.grain = 1,
		.variant = variant,
		.threads = threads,
		.schedule = { SCHEDULE_STATIC, 0 },
		.clock = &f->clock };
	return f;
}

static inline void start(struct fixture *f)
{
	cr_assert_eq(team_init(&f->team, &f->plan, &f->why), 0, "%s", f->why.text);
}

static inline void finish(struct fixture *f)
{
	team_release(&f->team);
	free(f);
}

#endif
