/*
 * delayed_team: a team of kernels/delayed.c, whose units take as long as a test wants.
 *
 * fixture_of makes the plan, which a test may change, and start the team of it; finish frees both.
 */
#ifndef DELAYED_TEAM_H
#define DELAYED_TEAM_H

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "kernels/delayed.h"

struct fixture {
	struct clock clock;
	struct input *input;
	struct team_plan plan;
	struct team team;
	const struct kernel_entry *entry;
	struct message why;
};

static inline struct fixture *fixture_of(enum variant variant, unsigned threads, uint64_t n)
{
	const struct problem problem = { .size = { .n = n } };
	struct fixture *f = aligned_alloc(_Alignof(struct fixture), sizeof(*f));

	cr_assert_not_null(f);
	memset(f, 0, sizeof(*f));
	f->clock = clock_calibrate();
	f->entry = kernel_find("delayed");
	f->input = make_input(f->entry->kernel, variant, &problem);
	f->plan = (struct team_plan) { .kernel = f->entry->kernel,
		.input = f->input,
		.n = n,
		.grain = 1,
		.variant = variant,
		.threads = threads,
		.schedule = { SCHEDULE_DYNAMIC, 1 },
		.clock = &f->clock };
	return f;
}

static inline void start(struct fixture *f)
{
	cr_assert_eq(team_init(&f->team, &f->plan, &f->why), 0, "%s", f->why.text);
}

static inline int run(struct fixture *f)
{
	team_reset(&f->team);
	return f->entry->region[f->plan.variant](&f->team);
}

static inline void finish(struct fixture *f)
{
	team_release(&f->team);
	free(f->input);
	free(f);
}

#endif
