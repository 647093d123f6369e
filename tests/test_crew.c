/*
 * crew: how its members are called, how they wait, for the caller and for one another, and how they
 * end, without a kernel around.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "launches.h"
#include "team/crew.h"
#include "threads.h"

/* What waits for ever fails. */
enum { PATIENCE_S = 60 };
TestSuite(crew, .timeout = PATIENCE_S);
TestSuite(crew_wait, .timeout = PATIENCE_S);
TestSuite(barrier, .timeout = PATIENCE_S);

/* ---- a crew to work with ---- */

struct crowd {
	struct crew *crew;
	struct post *posts;
	unsigned threads;
	pthread_attr_t attrs[90];
	int calls[90], thread[90]; /* of each member */
	bool moved[90];            /* to another thread */
	unsigned sleeper;          /* the member that takes 5 ms; 0: none */
	int come[90], behind;      /* turns at a barrier; who left one before all had come */
};

static struct crowd *crowd_that(unsigned threads, enum wait wait, bool crowded)
{
	struct crowd *c = calloc(1, sizeof(*c));
	struct message why = { "" };

	cr_assert_not_null(c);
	c->threads = threads;
	for (unsigned m = 0; m < threads; m++)
		pthread_attr_init(&c->attrs[m]);
	c->posts = calloc(threads, sizeof(*c->posts));
	const struct crew_plan plan = { threads, c->attrs, c->posts, sizeof(*c->posts), wait,
		crowded };
	cr_assert_eq(crew_create(&c->crew, &plan, &why), 0, "%s", why.text);
	return c;
}

static void crowd_end(struct crowd *c)
{
	crew_destroy(c->crew);
	for (unsigned m = 0; m < c->threads; m++)
		pthread_attr_destroy(&c->attrs[m]);
	free(c->posts);
	free(c);
}

/* ---- calls ---- */

static struct crowd *crowd_of(unsigned threads, bool crowded)
{
	return crowd_that(threads, WAIT_UNSET, crowded);
}

static void note_member(void *crowd, unsigned member)
{
	struct crowd *c = crowd;

	if (c->sleeper && c->sleeper == member)
		usleep(5000);
	c->calls[member]++;
	c->moved[member] |= c->calls[member] > 1 && c->thread[member] != gettid();
	c->thread[member] = gettid();
}

static void expect_calls(const struct crowd *c, int calls)
{
	for (unsigned m = 0; m < c->threads; m++)
		cr_assert_eq(c->calls[m], calls,
			"member %u of %u was called %d times instead of %d", m, c->threads,
			c->calls[m], calls);
	for (unsigned m = 0; m < c->threads; m++)
		cr_assert_not(c->moved[m], "member %u changed its thread", m);
}

static void expect_each_called_once(unsigned threads, bool crowded)
{
	struct crowd *c = crowd_of(threads, crowded);

	for (int region = 1; region <= 20; region++) {
		crew_run(c->crew, note_member, c);
		expect_calls(c, region);
	}
	cr_assert_eq(c->thread[0], gettid(), "the caller is member 0");
	crowd_end(c);
}

Test(crew, calls_each_member_once_when_members_sleep_at_once)
{
	for (unsigned threads = 1; threads <= 86; threads += threads < 8 ? 1 : 13)
		expect_each_called_once(threads, true);
}

Test(crew, calls_each_member_once_when_members_spin_first)
{
	for (unsigned threads = 1; threads <= 3; threads++)
		expect_each_called_once(threads, false);
}

Test(crew, wakes_members_that_went_to_sleep)
{
	struct crowd *c = crowd_of(6, false);

	for (int region = 1; region <= 5; region++) {
		usleep(20000); /* far longer than they spin */
		crew_run(c->crew, note_member, c);
		expect_calls(c, region);
	}
	crowd_end(c);
}

/* Whether the caller waits, or whoever looks after the slow member. */
static void expect_waited_for(unsigned sleeper)
{
	struct crowd *c = crowd_of(22, true);

	c->sleeper = sleeper;
	for (int region = 1; region <= 5; region++) {
		crew_run(c->crew, note_member, c);
		expect_calls(c, region);
	}
	crowd_end(c);
}

Test(crew, waits_for_a_slow_member_near_the_root)
{
	expect_waited_for(1);
}

Test(crew, waits_for_a_slow_member_at_a_leaf)
{
	expect_waited_for(21);
}

Test(crew, ends_all_its_threads)
{
	const unsigned before = threads_of_this_process();
	struct crowd *c = crowd_of(22, true);

	cr_expect_eq(threads_of_this_process(), before + 21);
	crew_run(c->crew, note_member, c);
	crowd_end(c);
	expect_threads(before);
}

Test(crew, ends_without_ever_having_run)
{
	const unsigned before = threads_of_this_process();

	crowd_end(crowd_of(22, true));
	expect_threads(before);
}

Test(crew, that_was_never_made_may_be_destroyed)
{
	crew_destroy(NULL);
}

Test(crew, without_its_threads_fails_with_a_message_and_leaves_none_running)
{
	const unsigned before = threads_of_this_process();
	pthread_attr_t attrs[22];
	struct post posts[22] = { 0 };
	const struct crew_plan plan = { 22, attrs, posts, sizeof(*posts), WAIT_UNSET, true };
	struct crew *crew = NULL;
	struct message why = { "" };

	for (unsigned m = 0; m < 22; m++)
		pthread_attr_init(&attrs[m]);
	cr_assert_eq(pthread_attr_setstacksize(&attrs[13], impossible_stack), 0);
	cr_expect_eq(crew_create(&crew, &plan, &why), -EAGAIN);
	cr_expect_str_eq(
		why.text, "cannot create thread 13 of 21: Resource temporarily unavailable");
	expect_threads(before);
	for (unsigned m = 0; m < 22; m++)
		pthread_attr_destroy(&attrs[m]);
}

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

static void do_nothing(void *argument, unsigned member)
{
	(void)argument;
	(void)member;
}

static struct crowd *crowd_at_rest(unsigned threads, enum wait wait, bool crowded)
{
	struct crowd *c = crowd_that(threads, wait, crowded);

	crew_run(c->crew, do_nothing, NULL);
	return c;
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
	struct crowd *c = crowd_at_rest(3, wait, crowded);

	while (idle_cpu_ms() > 1)
		;
	cr_expect_lt(idle_cpu_ms(), 1);
	crowd_end(c);
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
	struct crowd *c = crowd_at_rest(2, WAIT_ACTIVE, false);

	for (double spun = 0; spun < 300;) /* far beyond where others sleep */
		spun += idle_cpu_ms();
	crowd_end(c);
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
	struct crowd *c = crowd_that(threads, wait, crowded);

	crew_run(c->crew, pass_barriers, c);
	crew_run(c->crew, pass_barriers, c);
	cr_expect_eq(c->behind, 0, "%d times a member was ahead of another", c->behind);
	crowd_end(c);
}

Test(barrier, holds_all_until_the_last_has_come)
{
	expect_barriers(6, WAIT_UNSET, true);
}

Test(barrier, of_members_who_spin_holds_them_too)
{
	expect_barriers(2, WAIT_UNSET, false);
}

Test(barrier, of_one_member_holds_nobody)
{
	expect_barriers(1, WAIT_UNSET, false);
}
