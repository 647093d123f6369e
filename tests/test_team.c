/*
 * team: how members are made, bound, woken, counted and ended.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <omp.h>

#include "counting_team.h"
#include "cpus.h"
#include "harness.h"
#include "threads.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* A tree of four to a node is one level deep up to 5 members, two up to 21, three up to 85. */
static const unsigned teams[] = { 1, 2, 3, 5, 6, 21, 22, 64 };

/* What waits for ever fails. */
enum { PATIENCE_S = 60 };
TestSuite(pthread, .timeout = PATIENCE_S);
TestSuite(pool, .timeout = PATIENCE_S);

/* ---- names ---- */

Test(variant, names_are_read_back)
{
	for (int v = 0; v < VARIANTS; v++) {
		enum variant got = VARIANTS;
		cr_expect_eq(variant_parse(variant_name(v), &got), 0);
		cr_expect_eq((int)got, v);
	}
}

Test(variant, unknown_names_are_refused)
{
	enum variant got = POOL;

	cr_expect_eq(variant_parse("OpenMP", &got), -EINVAL);
	cr_expect_eq(variant_parse("", &got), -EINVAL);
	cr_expect_eq(got, POOL);
}

Test(kernel_table, finds_each_kernel_by_its_name)
{
	for (unsigned k = 0; k < kernel_count; k++)
		cr_expect_eq(kernel_find(kernel_table[k].kernel->name), &kernel_table[k]);
}

Test(kernel_table, has_no_other)
{
	cr_expect_null(kernel_find("sum_square"));
}

/* ---- units ---- */

Test(team, units_are_rounded_up)
{
	static const struct {
		uint64_t n, grain, units;
	} cases[] = {
		{ 10, 3, 4 },
		{ 9, 3, 3 },
		{ 1, 1000, 1 },
		{ 1000, 1, 1000 },
		{ INT64_MAX, 2, (uint64_t)1 << 62 },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct fixture *f = fixture_of(SEQUENTIAL, 1, cases[i].n);
		f->plan.grain = cases[i].grain;
		start(f);
		cr_expect_eq(f->team.units, cases[i].units, "n %llu grain %llu: %llu units",
			(unsigned long long)cases[i].n, (unsigned long long)cases[i].grain,
			(unsigned long long)f->team.units);
		finish(f);
	}
}

Test(team, last_unit_ends_with_the_elements)
{
	const struct range inner = unit_elements(2, 3, 10), last = unit_elements(3, 3, 10);

	cr_expect(inner.first == 6 && inner.end == 9);
	cr_expect(last.first == 9 && last.end == 10);
}

Test(team, reset_readies_seats_partials_and_dispatch)
{
	struct fixture *f = fixture_of(PTHREAD, 3, 100);

	f->plan.schedule = (struct schedule) { SCHEDULE_DYNAMIC, 1 };
	start(f);
	team_reset(&f->team);
	cr_assert_eq(kernel_find("count_up")->region[PTHREAD](&f->team), 0);
	team_reset(&f->team);
	for (unsigned m = 0; m < 3; m++) {
		const struct seat *seat = &f->team.seats[m];
		cr_expect_eq(seat->start, 0);
		cr_expect_eq(seat->complete, 0);
		cr_expect_eq(seat->units, 0);
		cr_expect_eq(seat->cpu_start, -1);
		cr_expect_eq(seat->cpu_complete, -1);
		for (size_t b = 0; b < f->kernel.partial_bytes; b++)
			cr_expect_eq(((const char *)seat->partial)[b], 0);
	}
	for (unsigned m = 0; m < 3; m++)
		cr_expect_eq(f->team.deal.counters[m].next, 0);
	finish(f);
}

Test(team, members_share_no_pair_of_cache_lines)
{
	struct fixture *f = fixture_of(PTHREAD, 3, 100);

	f->plan.schedule = (struct schedule) { SCHEDULE_DYNAMIC, 1 };
	start(f);
	for (unsigned m = 0; m < 3; m++) {
		cr_expect_eq((uintptr_t)&f->team.seats[m] % 128, 0);
		cr_expect_eq((uintptr_t)f->team.seats[m].partial % 128, 0);
	}
	cr_expect_eq((uintptr_t)f->team.deal.counters % 128, 0);
	cr_expect_eq((uintptr_t)&f->team.fork % 128, 0);
	cr_expect_geq(f->team.partial_stride, f->kernel.partial_bytes);
	finish(f);
}

/* ---- regions ---- */

static struct computed compute_count(
	enum variant variant, unsigned threads, uint64_t n, const char *schedule, unsigned regions)
{
	struct how how = { variant, threads, { 0 }, 1, regions };
	const struct problem problem = { .size = { .n = n } };

	cr_assert_eq(schedule_parse(schedule, &how.schedule, NULL), 0);
	return compute(kernel_find("count_up"), &how, &problem);
}

static void expect_count(
	enum variant variant, unsigned threads, uint64_t n, const char *schedule, unsigned regions)
{
	struct computed got = compute_count(variant, threads, n, schedule, regions);
	char expected[RESULT_BYTES];

	snprintf(expected, sizeof(expected), "%llu", (unsigned long long)(n * (n - 1) / 2));
	cr_assert_str_eq(got.text, expected, "%s, %u threads, %s: %s", variant_name(variant),
		threads, schedule, got.text);
	computed_release(&got);
}

static void expect_count_by_every_team(enum variant variant)
{
	for (size_t t = 0; t < LENGTH(teams); t++) {
		expect_count(variant, teams[t], 333, "static", 10);
		expect_count(variant, teams[t], 333, "dynamic,2", 10);
		expect_count(variant, teams[t], 333, "guided", 10);
	}
}

Test(openmp, teams_of_1_to_64_members_do_all_units_between_fork_and_join)
{
	expect_count_by_every_team(OPENMP);
}

Test(pthread, teams_of_1_to_64_members_do_all_units_between_fork_and_join)
{
	expect_count_by_every_team(PTHREAD);
}

Test(pool, teams_of_1_to_64_members_do_all_units_between_fork_and_join)
{
	expect_count_by_every_team(POOL);
}

Test(pool, of_more_members_than_cpus_survives_10000_regions)
{
	free(bind_to_cpus(1)); /* what the pool takes for the machine */
	expect_count(POOL, 2, 4, "static", 10000);
	expect_count(POOL, 3, 8, "dynamic", 10000);
}

/* On a machine that does other things as well, a spinning pair takes milliseconds a region. */
Test(pool, that_spins_survives_1000_regions)
{
	expect_count(POOL, 2, 4, "static", 1000);
}

Test(pool, more_members_than_units_do_them_all)
{
	expect_count(POOL, 21, 3, "guided,2", 20);
}

Test(openmp, members_that_did_not_run_are_left_out)
{
	struct fixture *f = fixture_of(OPENMP, 3, 100);

	start(f);
	team_reset(&f->team);
	omp_set_max_active_levels(0); /* every region is its caller's alone */
	cr_assert_eq(kernel_find("count_up")->region[OPENMP](&f->team), 0);
	cr_expect_neq(f->team.seats[0].start, 0);
	cr_expect_eq(f->team.seats[0].units, 100);
	cr_expect_eq(f->team.seats[1].start, 0);
	cr_expect_eq(f->team.seats[2].start, 0);
	finish(f);
}

Test(sequential, does_all_units_in_one_seat)
{
	struct fixture *f = fixture_of(SEQUENTIAL, 1, 100);

	f->plan.grain = 7;
	start(f);
	team_reset(&f->team);
	cr_assert_eq(kernel_find("count_up")->region[SEQUENTIAL](&f->team), 0);
	cr_expect_eq(f->team.seats[0].units, 15);
	cr_expect(f->team.fork <= f->team.seats[0].start);
	cr_expect(f->team.seats[0].start <= f->team.seats[0].complete);
	cr_expect(f->team.seats[0].complete <= f->team.join);
	finish(f);
}

/* ---- bound members ---- */

static void expect_bound_members(enum variant variant)
{
	enum { THREADS = 5 };
	struct fixture *f = fixture_of(variant, THREADS, 1000);
	int *cpus = bind_to_cpus(THREADS);

	f->plan.cpus = cpus;
	start(f);
	for (int region = 0; region < 20; region++) {
		team_reset(&f->team);
		cr_assert_eq(kernel_find("count_up")->region[variant](&f->team), 0);
		for (unsigned m = 0; m < THREADS; m++) {
			const struct seat *seat = &f->team.seats[m];
			cr_assert(seat->cpu_start == cpus[m] && seat->cpu_complete == cpus[m],
				"member %u ran on CPU %d, then %d; bound to %d", m, seat->cpu_start,
				seat->cpu_complete, cpus[m]);
		}
	}
	finish(f);
	free(cpus);
}

Test(pthread, members_run_where_they_are_bound)
{
	expect_bound_members(PTHREAD);
}

Test(pool, members_run_where_they_are_bound)
{
	expect_bound_members(POOL);
}

/* ---- threads that cannot be created ---- */

Test(pthread, region_without_its_threads_fails_and_leaves_none_running)
{
	const unsigned before = threads_of_this_process();
	struct fixture *f = fixture_of(PTHREAD, 5, 100);

	start(f);
	cr_assert_eq(pthread_attr_setstacksize(&f->team.attrs[3], impossible_stack), 0);
	team_reset(&f->team);
	cr_expect_eq(kernel_find("count_up")->region[PTHREAD](&f->team), -EAGAIN);
	expect_threads(before);
	finish(f);
}

Test(pthread, region_on_a_cpu_that_is_not_there_fails)
{
	struct fixture *f = fixture_of(PTHREAD, 3, 100);
	int *cpus = bind_to_cpus(3);

	cpus[2] = NO_CPU;
	f->plan.cpus = cpus;
	start(f);
	team_reset(&f->team);
	cr_expect_eq(kernel_find("count_up")->region[PTHREAD](&f->team), -EINVAL);
	finish(f);
	free(cpus);
}

Test(pool, on_a_cpu_that_is_not_there_fails_with_a_message_and_leaves_none_running)
{
	const unsigned before = threads_of_this_process();
	struct fixture *f = fixture_of(POOL, 5, 100);
	int *cpus = bind_to_cpus(5);

	cpus[3] = NO_CPU;
	f->plan.cpus = cpus;
	cr_expect_eq(team_init(&f->team, &f->plan, &f->why), -EINVAL);
	cr_expect_str_eq(f->why.text, "cannot create thread 3 of 4: Invalid argument");
	expect_threads(before);
	free(cpus);
	free(f);
}
