/*
 * units: regions that record each unit's begin and end, and what is kept of them.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"
#include "launch/session.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum { ROWS = 37, INTEGERS = 1009, GRAIN = 10, UNITS_MOST = 101 };

static const unsigned teams[] = { 1, 2, 5 };
static const char *const schedules[] = { "static", "static,3", "dynamic,1", "dynamic,4", "guided",
	"guided,3", "auto" };

/* In place of libc's. If set, a thread's readings are 1 apart, so that each body takes 1. */
static bool steps;

int clock_gettime(clockid_t which, struct timespec *now)
{
	static _Thread_local long step;

	if (!steps)
		return (int)syscall(SYS_clock_gettime, which, now);
	*now = (struct timespec) { .tv_nsec = ++step };
	return 0;
}

/* ---- a team that can record ---- */

struct bench {
	const struct kernel_entry *entry;
	enum variant variant;
	const char *schedule;
	struct picture picture;
	struct clock clock;
	struct input *input;
	struct team team;
};

/* What a failure is about. */
static const char *name_of(const struct bench *b)
{
	static char text[120];

	snprintf(text, sizeof(text), "%s %s %u threads %s", b->entry->kernel->name,
		variant_name(b->variant), b->team.threads, b->schedule);
	return text;
}

static void set_input(struct bench *b, uint64_t n)
{
	const struct kernel *kernel = b->entry->kernel;
	const bool pictured = kernel->size.width;
	const struct problem problem = {
		.size = { .n = n, .width = pictured ? 13 : 0, .height = pictured ? ROWS : 0 },
		.picture = kernel->takes_picture ? &b->picture : NULL,
		.gamma = 2.2,
		.recipe = { .scale = soon_answered },
	};

	b->input = make_input(kernel, b->variant, &problem);
	cr_assert_not_null(b->input);
}

static struct bench *bench_of(const struct kernel_entry *entry, enum variant variant,
	unsigned threads, const char *schedule, size_t room)
{
	struct bench *b = aligned_alloc(_Alignof(struct bench), sizeof(*b));
	const bool pictured = entry->kernel->size.width;
	struct team_plan plan = {
		.kernel = entry->kernel,
		.n = pictured ? ROWS : soon(entry->kernel, INTEGERS),
		.grain = pictured || entry->kernel->steep ? 1 : GRAIN,
		.variant = variant,
		.threads = threads,
		.room = room,
	};
	struct message why = { "" };

	cr_assert_not_null(b);
	*b = (struct bench) { .entry = entry, .variant = variant, .schedule = schedule };
	b->clock.ns_per_tick = 1;
	b->picture = noise(13, ROWS, 3);
	set_input(b, plan.n);
	plan.input = b->input;
	plan.clock = &b->clock;
	cr_assert_eq(schedule_parse(schedule, &plan.schedule, NULL), 0);
	cr_assert_eq(team_init(&b->team, &plan, &why), 0, "%s", why.text);
	if (entry->kernel->fill)
		cr_assert_eq(team_fill(&b->team, entry->kernel->fill, &why), 0, "%s", why.text);
	return b;
}

static void bench_free(struct bench *b)
{
	team_release(&b->team);
	if (b->entry->kernel->release)
		b->entry->kernel->release(b->input);
	free(b->input);
	free(b->picture.pixels);
	free(b);
}

static void run(struct bench *b, region_fn *const regions[VARIANTS])
{
	team_reset(&b->team);
	cr_assert_eq(regions[b->variant](&b->team), 0, "%s", name_of(b));
}

static struct bench *count_bench(
	enum variant variant, unsigned threads, const char *schedule, size_t room)
{
	return bench_of(kernel_find("count_up"), variant, threads, schedule, room);
}

struct pairing {
	unsigned kernel;
	enum variant variant;
};

static void free_pairings(struct criterion_test_params *pairings)
{
	cr_free(pairings->params);
}

/* Each kernel in each variant that has units. */
static struct criterion_test_params all_pairings(void)
{
	struct pairing *pairings = cr_malloc(kernel_count * VARIANTS * sizeof(*pairings));
	size_t count = 0;

	for (unsigned k = 0; k < kernel_count; k++)
		for (int v = SEQUENTIAL + 1; v < VARIANTS; v++)
			pairings[count++] = (struct pairing) { k, v };
	return cr_make_param_array(struct pairing, pairings, count, free_pairings);
}

/* Calls for each team and schedule. */
static void for_each_team(const struct pairing *p, void expect(struct bench *bench), size_t room)
{
	for (size_t t = 0; t < LENGTH(teams); t++)
		for (size_t s = 0; s < LENGTH(schedules); s++) {
			struct bench *b = bench_of(
				&kernel_table[p->kernel], p->variant, teams[t], schedules[s], room);
			expect(b);
			bench_free(b);
		}
}

/* ---- stamps ---- */

static void add_seat(const struct bench *b, const struct seat *seat, unsigned *stamped)
{
	uint64_t last = seat->start, inside = 0;

	for (size_t u = 0; u < seat->kept; u++) {
		const struct unit_stamp *stamp = &seat->stamps[u];
		cr_assert(last <= stamp->begin && stamp->begin <= stamp->end,
			"%s: member %u's stamps %zu are out of order", name_of(b), seat->member, u);
		last = stamp->end;
		inside += stamp->end - stamp->begin;
		cr_assert_lt(stamp->unit, b->team.units);
		stamped[stamp->unit]++;
	}
	cr_assert_leq(last, seat->complete, "%s: a unit ends after its member", name_of(b));
	cr_assert_eq(seat->kept, seat->units, "%s: %zu units kept of %llu", name_of(b), seat->kept,
		(unsigned long long)seat->units);
	cr_assert_eq(seat->body, inside, "%s: %llu ticks in the body, %llu in its units",
		name_of(b), (unsigned long long)seat->body, (unsigned long long)inside);
}

static void expect_each_unit_stamped(struct bench *b)
{
	for (int region = 0; region < 3; region++) {
		unsigned stamped[UNITS_MOST] = { 0 };
		run(b, b->entry->region_units);
		check_seats(&b->team, b->variant, name_of(b));
		for (unsigned m = 0; m < b->team.threads; m++)
			add_seat(b, &b->team.seats[m], stamped);
		for (uint64_t u = 0; u < b->team.units; u++)
			cr_assert_eq(stamped[u], 1, "%s: unit %llu was stamped %u times",
				name_of(b), (unsigned long long)u, stamped[u]);
	}
}

ParameterizedTestParameters(units, are_stamped_once_each_in_order_and_fill_the_body)
{
	return all_pairings();
}

ParameterizedTest(struct pairing *p, units, are_stamped_once_each_in_order_and_fill_the_body)
{
	for_each_team(p, expect_each_unit_stamped, UNITS_MOST);
}

/* ---- results ---- */

static struct computed compute_at(struct bench *b, region_fn *const regions[VARIANTS])
{
	struct computed c = { 0 };

	run(b, regions);
	take_result(&c, b->entry->kernel, &b->team);
	take_output(&c, b->entry->kernel, b->input);
	return c;
}

/* Partials may be added in another order; an array is computed element by element. */
static bool agree(const struct kernel *kernel, const struct computed *a, const struct computed *b)
{
	const double x = strtod(a->text, NULL), y = strtod(b->text, NULL);

	return computed_equal(a, b) ||
		(!a->bytes && fabs(x - y) <= kernel->tolerance * fmax(fabs(x), fabs(y)));
}

static void expect_same_result(struct bench *b)
{
	struct computed expected = compute_at(b, b->entry->region);
	struct computed got = compute_at(b, b->entry->region_units);

	cr_assert(agree(b->entry->kernel, &got, &expected), "%s: %s with units, %s without",
		name_of(b), got.text, expected.text);
	computed_release(&got);
	computed_release(&expected);
}

ParameterizedTestParameters(units, leave_the_result_as_it_is)
{
	return all_pairings();
}

ParameterizedTest(struct pairing *p, units, leave_the_result_as_it_is)
{
	for_each_team(p, expect_same_result, 0);
}

/* ---- room ---- */

/* The members' first unit under static, and one more after each. */
static void expect_first_units(const struct bench *b, size_t room)
{
	for (unsigned m = 0; m < b->team.threads; m++) {
		const struct seat *seat = &b->team.seats[m];
		struct share share = {
			.units = b->team.units, .member = m, .team = b->team.threads
		};
		struct range mine;
		schedule_next(&share, NULL, &mine);
		cr_expect_eq(seat->units, mine.end - mine.first);
		cr_expect_eq(seat->kept, room < seat->units ? room : seat->units);
		for (size_t u = 0; u < seat->kept; u++)
			cr_expect_eq(seat->stamps[u].unit, mine.first + u,
				"%s: member %u, stamp %zu", name_of(b), m, u);
		cr_expect_eq(seat->body, seat->units, "%s: member %u was in the body %llu times",
			name_of(b), m, (unsigned long long)seat->body);
	}
}

static void expect_kept_in(size_t room)
{
	for (int variant = SEQUENTIAL + 1; variant < VARIANTS; variant++)
		for (size_t t = 0; t < LENGTH(teams); t++) {
			struct bench *b = count_bench(variant, teams[t], "static", room);
			steps = true;
			run(b, b->entry->region_units);
			steps = false;
			expect_first_units(b, room);
			bench_free(b);
		}
}

Test(room, for_some_units_keeps_the_first_and_counts_all_in_the_body)
{
	expect_kept_in(1);
	expect_kept_in(3);
}

Test(room, for_just_the_units_of_a_member_keeps_them_all)
{
	expect_kept_in(UNITS_MOST);
}

Test(room, for_none_keeps_none_and_counts_all_in_the_body)
{
	expect_kept_in(0);
}

Test(room, of_a_member_begins_on_lines_of_its_own)
{
	struct bench *b = count_bench(PTHREAD, 5, "static", 7);

	for (unsigned m = 0; m < 5; m++)
		cr_expect_eq((uintptr_t)b->team.seats[m].stamps % 128, 0);
	bench_free(b);
}

/* ---- the level without units ---- */

static void expect_nothing_recorded(const struct bench *b)
{
	for (unsigned m = 0; m < b->team.threads; m++) {
		cr_expect_eq(b->team.seats[m].body, 0, "%s", name_of(b));
		cr_expect_eq(b->team.seats[m].kept, 0, "%s", name_of(b));
	}
}

Test(region, without_units_leaves_neither_body_nor_stamps_of_the_one_before)
{
	for (int variant = SEQUENTIAL + 1; variant < VARIANTS; variant++) {
		struct bench *b = count_bench(variant, 2, "dynamic", UNITS_MOST);
		run(b, b->entry->region_units);
		run(b, b->entry->region);
		expect_nothing_recorded(b);
		bench_free(b);
	}
}

Test(region, of_the_sequential_variant_has_no_units)
{
	struct bench *b = count_bench(SEQUENTIAL, 1, "static", UNITS_MOST);

	run(b, b->entry->region_units);
	expect_nothing_recorded(b);
	cr_expect_eq(b->team.seats[0].units, b->team.units);
	bench_free(b);
}

/* tests/kernels/hoard.c asks for memory in its body. */
Test(region, has_memory_of_its_own_if_it_is_watched)
{
	for (int variant = SEQUENTIAL + 1; variant < VARIANTS; variant++) {
		struct bench *b = bench_of(kernel_find("hoard"), variant, 2, "static", 0);
		const uint64_t bytes = INTEGERS * sizeof(uint64_t);
		const struct seat *seats = b->team.seats;
		b->team.watch = true;
		run(b, b->entry->region_units);
		cr_expect_eq(seats[0].memory.allocated + seats[1].memory.allocated, bytes);
		b->team.watch = false;
		run(b, b->entry->region_units);
		cr_expect_eq(seats[0].memory.allocated + seats[1].memory.allocated, 0);
		bench_free(b);
	}
}

/* ---- what is kept of a region, in nanoseconds from the first fork ---- */

enum { TEAM = 3, KEPT = 4 };

/* Stamps of three members, of whom the second did not run. Ticks of half a nanosecond. */
static void stamp_region(struct session *s, struct launch_record *record, struct bench *b)
{
	const struct unit_stamp stamps[KEPT] = { { 4, 1100, 1200 }, { 5, 1200, 1400 } };

	*s = (struct session) { .record = record, .clock = { .ns_per_tick = 0.5 } };
	cr_assert_eq(launch_reserve(record, 1, TEAM), 0);
	team_reset(&b->team);
	s->team = b->team;
	s->team.fork = 1000;
	s->team.join = 2000;
	for (unsigned m = 0; m < TEAM; m += 2) {
		struct seat *seat = &s->team.seats[m];
		seat->start = 1050 + m;
		seat->complete = 1500 + m;
		seat->units = 2;
		seat->body = 300;
		seat->kept = 2;
		memcpy(seat->stamps, stamps, sizeof(stamps));
	}
}

static void expect_units_kept(const struct member_record *member)
{
	cr_assert_eq(member->kept, 2);
	cr_expect_eq(member->body_ns, 150);
	cr_expect(member->kept_units[0].unit == 4 && member->kept_units[1].unit == 5);
	cr_expect(member->kept_units[0].begin_ns == 50 && member->kept_units[0].end_ns == 100);
	cr_expect(member->kept_units[1].begin_ns == 100 && member->kept_units[1].end_ns == 200);
}

Test(kept, are_the_units_of_the_members_that_ran)
{
	struct bench *b = count_bench(OPENMP, TEAM, "static", KEPT);
	struct launch_record record = { 0 };
	struct session s;

	stamp_region(&s, &record, b);
	cr_assert_eq(keep_trace(&s, &record.regions[0]), 0);
	const struct region_record *region = &record.regions[0];
	cr_expect_eq(region->fork_ns, 0);
	cr_expect_eq(region->join_ns, 500);
	cr_expect_eq(region->sample_ns, 500);
	cr_expect_eq(region->members[0].start_ns, 25);
	cr_expect_eq(region->members[1].start_ns, 26, "the second that ran is the third member");
	cr_expect_eq(region->members[0].kept_units, region->units);
	expect_units_kept(&region->members[0]);
	expect_units_kept(&region->members[1]);
	launch_release(&record);
	bench_free(b);
}

Test(kept, is_nothing_without_room)
{
	struct bench *b = count_bench(OPENMP, TEAM, "static", KEPT);
	struct launch_record record = { 0 };
	struct session s;

	stamp_region(&s, &record, b);
	s.team.seats[0].kept = s.team.seats[2].kept = 0;
	cr_assert_eq(keep_trace(&s, &record.regions[0]), 0);
	cr_expect_null(record.regions[0].units);
	cr_expect_null(record.regions[0].members[0].kept_units);
	cr_expect_eq(record.regions[0].members[0].body_ns, 150);
	launch_release(&record);
	bench_free(b);
}

/* A thread that moves to a CPU whose clock is behind: no record may say that time ran backwards. */
Test(kept, ends_no_earlier_than_it_begins_where_clocks_differ)
{
	struct bench *b = count_bench(OPENMP, TEAM, "static", KEPT);
	struct launch_record record = { 0 };
	struct session s;

	stamp_region(&s, &record, b);
	s.origin = 500;
	s.team.join = 900;
	s.team.seats[0].complete = 1020;
	s.team.seats[0].stamps[1].end = 1100;
	s.team.seats[0].body = (uint64_t)-30;
	cr_assert_eq(keep_trace(&s, &record.regions[0]), 0);
	const struct region_record *region = &record.regions[0];
	const struct member_record *member = &region->members[0];
	cr_expect_eq(region->sample_ns, 0);
	cr_expect_eq(region->join_ns, region->fork_ns);
	cr_expect_eq(member->complete_ns, member->start_ns);
	cr_expect_eq(member->kept_units[1].end_ns, member->kept_units[1].begin_ns);
	cr_expect_eq(member->body_ns, 0);
	launch_release(&record);
	bench_free(b);
}
