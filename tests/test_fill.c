/*
 * fill: which member writes which element first, and where it runs.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <sched.h>
#include <unistd.h>

#include "counting_team.h"
#include "cpus.h"
#include "threads.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* What waits for ever fails. */
TestSuite(fill, .timeout = 60);

static void fill_and_note(const struct input *in, struct range elements)
{
	for (uint64_t i = elements.first; i < elements.end; i++) {
		__atomic_add_fetch(&in->touched[i], 1, __ATOMIC_RELAXED);
		in->cpu[i] = sched_getcpu();
		in->thread[i] = gettid();
	}
}

static void input_init(struct input *input, uint64_t n)
{
	input->touched = calloc(n, sizeof(*input->touched));
	input->cpu = calloc(n, sizeof(*input->cpu));
	input->thread = calloc(n, sizeof(*input->thread));
	cr_assert(input->touched && input->cpu && input->thread);
}

static void input_release(struct input *input)
{
	free(input->touched);
	free(input->cpu);
	free(input->thread);
}

/* The static owner of each element, from the block that schedule.h gives each member. */
static void find_owners(const struct team *team, unsigned *owner)
{
	for (unsigned m = 0; m < team->threads; m++) {
		struct share share = { { SCHEDULE_STATIC, 0 }, team->units, m, team->threads, 0 };
		struct range units;
		while (schedule_next(&share, NULL, &units))
			for (uint64_t u = units.first; u < units.end; u++) {
				const struct range e = unit_elements(u, team->grain, team->n);
				for (uint64_t i = e.first; i < e.end; i++)
					owner[i] = m;
			}
	}
}

static const struct {
	unsigned threads;
	uint64_t n, grain;
} fills[] = { { 1, 10, 3 }, { 3, 10, 3 }, { 5, 1009, 10 }, { 7, 3, 1 }, { 21, 1000, 1 },
	{ 2, 5, 9 } };

static struct fixture *filled(size_t which, enum variant variant, const int *cpus)
{
	struct fixture *f = fixture_of(variant, fills[which].threads, fills[which].n);

	f->plan.grain = fills[which].grain;
	f->plan.cpus = cpus;
	f->plan.schedule =
		(struct schedule) { SCHEDULE_DYNAMIC, 2 }; /* filling is static all the same */
	input_init(&f->input, f->plan.n);
	start(f);
	cr_assert_eq(team_fill(&f->team, fill_and_note, &f->why), 0, "%s", f->why.text);
	return f;
}

static void finish_filled(struct fixture *f)
{
	input_release(&f->input);
	finish(f);
}

static void expect_each_element_filled_once(enum variant variant)
{
	for (size_t i = 0; i < LENGTH(fills); i++) {
		if (variant == SEQUENTIAL && fills[i].threads > 1)
			continue;
		struct fixture *f = filled(i, variant, NULL);
		for (uint64_t e = 0; e < fills[i].n; e++)
			cr_assert_eq(f->input.touched[e], 1, "element %llu was filled %u times",
				(unsigned long long)e, f->input.touched[e]);
		finish_filled(f);
	}
}

Test(fill, touches_each_element_once)
{
	for (int variant = 0; variant < VARIANTS; variant++)
		expect_each_element_filled_once(variant);
}

/* Two elements are of one thread if and only if they are of one static owner. */
Test(fill, touches_elements_from_as_many_threads_as_own_them)
{
	for (size_t i = 0; i < LENGTH(fills); i++) {
		struct fixture *f = filled(i, PTHREAD, NULL);
		unsigned owner[1009];
		find_owners(&f->team, owner);
		for (uint64_t e = 1; e < fills[i].n; e++)
			cr_assert_eq(f->input.thread[e] == f->input.thread[e - 1],
				owner[e] == owner[e - 1], "element %llu of %llu, %u members",
				(unsigned long long)e, (unsigned long long)fills[i].n,
				fills[i].threads);
		cr_assert_eq(f->input.thread[0], gettid(), "the caller is member 0");
		finish_filled(f);
	}
}

Test(fill, touches_elements_where_their_owner_is_bound)
{
	int *cpus = bind_to_cpus(21);

	for (size_t i = 0; i < LENGTH(fills); i++) {
		struct fixture *f = filled(i, OPENMP, cpus);
		unsigned owner[1009];
		find_owners(&f->team, owner);
		for (uint64_t e = 0; e < fills[i].n; e++)
			cr_assert_eq(f->input.cpu[e], cpus[owner[e]],
				"element %llu was filled on CPU %d", (unsigned long long)e,
				f->input.cpu[e]);
		finish_filled(f);
	}
	free(cpus);
}

Test(fill, leaves_no_thread_running)
{
	const unsigned before = threads_of_this_process();
	struct fixture *f = filled(4, PTHREAD, NULL);

	expect_threads(before);
	finish_filled(f);
}

Test(fill, without_its_threads_fails_with_a_message_and_leaves_none_running)
{
	const unsigned before = threads_of_this_process();
	struct fixture *f = fixture_of(PTHREAD, 5, 100);

	input_init(&f->input, 100);
	start(f);
	cr_assert_eq(pthread_attr_setstacksize(&f->team.attrs[3], impossible_stack), 0);
	cr_expect_eq(team_fill(&f->team, fill_and_note, &f->why), -EAGAIN);
	cr_expect_str_eq(
		f->why.text, "cannot create thread 3 of 4: Resource temporarily unavailable");
	expect_threads(before);
	finish_filled(f);
}
