/*
 * crew: how its members wait, for the caller and for one another.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "launches.h"
#include "team/crew.h"

enum { PATIENCE_S = 60, MEMBERS = 6 };

TestSuite(crew_wait, .timeout = PATIENCE_S);
TestSuite(barrier, .timeout = PATIENCE_S);

/* ---- the policy's words ---- */

static void expect_policy(const char *text, enum wait expected)
{
	enum wait wait = WAIT_UNSET;

	cr_expect_eq(wait_parse(text, &wait), 0, "'%s'", text);
	cr_expect_eq(wait, expected, "'%s'", text);
}

Test(wait_policy, is_read_in_any_case_and_between_blanks)
{
	expect_policy("active", WAIT_ACTIVE);
	expect_policy("PASSIVE", WAIT_PASSIVE);
	expect_policy(" Passive\t", WAIT_PASSIVE);
}

Test(wait_policy, of_other_words_is_refused)
{
	static const char *const bad[] = { "", " ", "activ", "actively", "active passive", "1" };
	enum wait wait = WAIT_PASSIVE;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(wait_parse(bad[i], &wait), -EINVAL, "'%s'", bad[i]);
	cr_expect_eq(wait, WAIT_PASSIVE);
}

Test(wait_policy, is_that_of_the_environment)
{
	setenv("OMP_WAIT_POLICY", "ACTIVE", 1);
	cr_expect_eq(wait_policy(), WAIT_ACTIVE);
	setenv("OMP_WAIT_POLICY", "nonsense", 1);
	cr_expect_eq(wait_policy(), WAIT_UNSET);
	unsetenv("OMP_WAIT_POLICY");
	cr_expect_eq(wait_policy(), WAIT_UNSET);
}

/* ---- CPU time while nothing is done ---- */

struct crowd {
	struct crew *crew;
	struct post posts[MEMBERS];
	pthread_attr_t attrs[MEMBERS];
	unsigned threads;
	int behind; /* members who left a barrier before all had come */
	int come[MEMBERS];
};

static void do_nothing(void *argument, unsigned member)
{
	(void)argument;
	(void)member;
}

static void begin(struct crowd *c, unsigned threads, enum wait wait, bool crowded)
{
	const struct crew_plan plan = { threads, c->attrs, c->posts, sizeof(c->posts[0]), wait,
		crowded };

	c->threads = threads;
	for (unsigned m = 0; m < threads; m++)
		pthread_attr_init(&c->attrs[m]);
	cr_assert_eq(crew_create(&c->crew, &plan, NULL), 0);
	crew_run(c->crew, do_nothing, NULL);
}

static void end(struct crowd *c)
{
	crew_destroy(c->crew);
	for (unsigned m = 0; m < c->threads; m++)
		pthread_attr_destroy(&c->attrs[m]);
}

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

/* What the process computes in 50 ms in which its caller sleeps. */
static double idle_cpu_ms(void)
{
	const double before = cpu_ms();

	usleep(50000);
	return cpu_ms() - before;
}

/* However long it takes until they sleep; those who never do make the test time out. */
static void expect_sleep(enum wait wait, bool crowded)
{
	struct crowd c = { 0 };

	begin(&c, 3, wait, crowded);
	while (idle_cpu_ms() > 1)
		;
	cr_expect_lt(idle_cpu_ms(), 1);
	end(&c);
}

Test(crew_wait, a_pool_that_has_nothing_to_do_falls_asleep)
{
	expect_sleep(WAIT_UNSET, false);
}

Test(crew_wait, a_passive_pool_sleeps)
{
	expect_sleep(WAIT_PASSIVE, false);
}

Test(crew_wait, a_crowded_pool_sleeps_even_if_it_is_to_be_active)
{
	expect_sleep(WAIT_ACTIVE, true);
}

Test(crew_wait, an_active_pool_never_sleeps)
{
	struct crowd c = { 0 };

	begin(&c, 2, WAIT_ACTIVE, false);
	for (double spun = 0; spun < 300;) /* far beyond where others sleep */
		spun += idle_cpu_ms();
	end(&c);
}

/* ---- a launch ---- */

/* CPU time of a launch whose member 1 waits most of the time. */
static double launch_cpu_ms(const char *policy)
{
	struct launch_order order = order_of("policy", POOL, 2, "static", 2);

	order.spec.grain = 1;
	setenv("OMP_WAIT_POLICY", policy, 1);
	const double before = cpu_ms();
	struct launch_record record = measure(&order);
	cr_expect_str_eq(record.result, policy);
	launch_release(&record);
	return cpu_ms() - before;
}

Test(crew_wait, launches_heed_OMP_WAIT_POLICY)
{
	const double passive = launch_cpu_ms("passive"), active = launch_cpu_ms("active");

	cr_expect_gt(
		active, 2 * passive, "active took %g ms of CPU time, passive %g", active, passive);
}

/* ---- barriers ---- */

/* Between two barriers nobody writes, so that all can look whether all have come. */
static void pass_barriers(void *argument, unsigned member)
{
	struct crowd *c = argument;

	for (int turn = 1; turn <= 200; turn++) {
		if (member == (unsigned)turn % c->threads)
			usleep(50);
		c->come[member] = turn;
		crew_barrier(c->crew, member);
		for (unsigned m = 0; m < c->threads; m++)
			if (c->come[m] != turn)
				__atomic_fetch_add(&c->behind, 1, __ATOMIC_RELAXED);
		crew_barrier(c->crew, member);
	}
}

static void expect_barriers(unsigned threads, enum wait wait, bool crowded)
{
	struct crowd c = { 0 };

	begin(&c, threads, wait, crowded);
	crew_run(c.crew, pass_barriers, &c);
	crew_run(c.crew, pass_barriers, &c);
	cr_expect_eq(c.behind, 0, "%d times a member was ahead of another", c.behind);
	end(&c);
}

Test(barrier, holds_all_until_the_last_has_come)
{
	expect_barriers(MEMBERS, WAIT_UNSET, true);
}

Test(barrier, of_members_who_spin_holds_them_too)
{
	expect_barriers(2, WAIT_UNSET, false);
}

Test(barrier, of_one_member_holds_nobody)
{
	expect_barriers(1, WAIT_UNSET, false);
}
