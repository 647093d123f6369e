/*
 * schedule: its text, and its split: every unit once, as libgomp does it.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <omp.h>

#include "schedule.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum { TEAM_MOST = 64, UNITS_MOST = 1000 };

static const enum schedule_kind kinds[] = {
	SCHEDULE_STATIC,
	SCHEDULE_DYNAMIC,
	SCHEDULE_GUIDED,
	SCHEDULE_AUTO,
};
static const uint32_t chunks[] = { 0, 1, 2, 3, 7, 16, 64, 999, 1000, 1001, SCHEDULE_CHUNK_MAX };
static const uint64_t unit_counts[] = { 0, 1, 2, 3, 5, 7, 10, 63, 64, 65, 127, 997, UNITS_MOST };
static const unsigned teams[] = { 1, 2, 3, 4, 7, 21, TEAM_MOST };

/* ---- text ---- */

struct text_case {
	char text[SCHEDULE_TEXT];
	struct schedule means;
};

ParameterizedTestParameters(schedule, is_read_and_printed_the_same)
{
	static struct text_case cases[] = {
		{ "static", { SCHEDULE_STATIC, 0 } },
		{ "dynamic", { SCHEDULE_DYNAMIC, 0 } },
		{ "guided", { SCHEDULE_GUIDED, 0 } },
		{ "auto", { SCHEDULE_AUTO, 0 } },
		{ "static,1", { SCHEDULE_STATIC, 1 } },
		{ "dynamic,16", { SCHEDULE_DYNAMIC, 16 } },
		{ "guided,2", { SCHEDULE_GUIDED, 2 } },
		{ "static,2147483647", { SCHEDULE_STATIC, SCHEDULE_CHUNK_MAX } },
		{ "dynamic,2147483647", { SCHEDULE_DYNAMIC, SCHEDULE_CHUNK_MAX } },
	};

	return cr_make_param_array(struct text_case, cases, LENGTH(cases));
}

ParameterizedTest(struct text_case *c, schedule, is_read_and_printed_the_same)
{
	struct schedule got = { 0 };
	struct message why = { "" };
	char text[SCHEDULE_TEXT];

	cr_assert_eq(schedule_parse(c->text, &got, &why), 0, "%s: %s", c->text, why.text);
	cr_expect_eq(got.kind, c->means.kind, "%s", c->text);
	cr_expect_eq(got.chunk, c->means.chunk, "%s", c->text);
	cr_expect_str_eq(schedule_print(got, text), c->text);
}

Test(schedule, leading_zeros_of_a_chunk_are_no_octal)
{
	struct schedule got;

	cr_assert_eq(schedule_parse("dynamic,010", &got, NULL), 0);
	cr_expect_eq(got.chunk, 10);
}

Test(schedule, of_the_sequential_variant_prints_as_none)
{
	char text[SCHEDULE_TEXT];

	cr_expect_str_eq(schedule_print((struct schedule) { 0 }, text), "none");
}

struct bad_text {
	char text[40];
	char message[128];
};

#define NO_SCHEDULE                                                                                \
	" is no schedule: it is static, dynamic, guided or auto, with a chunk if need be: "        \
	"dynamic,16"
#define NO_CHUNK ": a chunk is a whole number of units from 1 to 2147483647"

ParameterizedTestParameters(schedule, of_a_bad_form_is_refused_with_its_message)
{
	static struct bad_text cases[] = {
		{ "", "''" NO_SCHEDULE },
		{ ",", "','" NO_SCHEDULE },
		{ ",4", "',4'" NO_SCHEDULE },
		{ "4", "'4'" NO_SCHEDULE },
		{ "none", "'none'" NO_SCHEDULE },
		{ "none,4", "'none,4'" NO_SCHEDULE },
		{ "stat", "'stat'" NO_SCHEDULE },
		{ "statics", "'statics'" NO_SCHEDULE },
		{ "Static", "'Static'" NO_SCHEDULE },
		{ " static", "' static'" NO_SCHEDULE },
		{ "static ", "'static '" NO_SCHEDULE },
		{ "static ,4", "'static ,4'" NO_SCHEDULE },
		{ "dynamic:4", "'dynamic:4'" NO_SCHEDULE },
		{ "static,", "'static,'" NO_CHUNK },
		{ "static,0", "'static,0'" NO_CHUNK },
		{ "static,-1", "'static,-1'" NO_CHUNK },
		{ "static,+1", "'static,+1'" NO_CHUNK },
		{ "static, 1", "'static, 1'" NO_CHUNK },
		{ "static,1 ", "'static,1 '" NO_CHUNK },
		{ "static,1,2", "'static,1,2'" NO_CHUNK },
		{ "static,x", "'static,x'" NO_CHUNK },
		{ "static,0x10", "'static,0x10'" NO_CHUNK },
		{ "static,1.5", "'static,1.5'" NO_CHUNK },
		{ "static,1k", "'static,1k'" NO_CHUNK },
		{ "static,2147483648", "'static,2147483648'" NO_CHUNK },
		{ "guided,4294967297", "'guided,4294967297'" NO_CHUNK },
		{ "dynamic,99999999999999999999", "'dynamic,99999999999999999999'" NO_CHUNK },
		{ "auto,0", "'auto,0'" NO_CHUNK },
		{ "auto,4", "'auto,4': auto takes no chunk" },
	};

	return cr_make_param_array(struct bad_text, cases, LENGTH(cases));
}

ParameterizedTest(struct bad_text *bad, schedule, of_a_bad_form_is_refused_with_its_message)
{
	struct schedule got = { SCHEDULE_GUIDED, 77 };
	struct message why = { "" };

	cr_expect_eq(schedule_parse(bad->text, &got, &why), -EINVAL, "'%s' was taken", bad->text);
	cr_expect_str_eq(why.text, bad->message);
	cr_expect(got.kind == SCHEDULE_GUIDED && got.chunk == 77, "'%s' was taken half", bad->text);
}

Test(schedule, is_refused_without_a_message_too)
{
	struct schedule got;

	cr_expect_eq(schedule_parse("nonsense", &got, NULL), -EINVAL);
}

/* ---- the split ---- */

/* One region that is dealt out in this thread, so that the test decides who asks when. */
struct deal {
	struct dispatch shared;
	struct share shares[TEAM_MOST];
	bool over[TEAM_MOST];
	unsigned team, over_count;
	int owner[UNITS_MOST]; /* -1: nobody */
	char name[80];
};

static void deal_init(struct deal *deal, struct schedule schedule, uint64_t units, unsigned team)
{
	char text[SCHEDULE_TEXT];

	memset(deal, 0, sizeof(*deal));
	deal->team = team;
	for (unsigned m = 0; m < team; m++)
		deal->shares[m] = (struct share) { schedule, units, m, team, 0 };
	for (uint64_t unit = 0; unit < units; unit++)
		deal->owner[unit] = -1;
	snprintf(deal->name, sizeof(deal->name), "%s, %llu units, %u members",
		schedule_print(schedule, text), (unsigned long long)units, team);
}

/* One member asks once, and gets units that nobody has, or nothing any more. */
static bool deal_ask(struct deal *deal, unsigned member)
{
	const uint64_t units = deal->shares[member].units;
	struct range got;

	if (!schedule_next(&deal->shares[member], &deal->shared, &got)) {
		deal->over_count += !deal->over[member];
		deal->over[member] = true;
		return false;
	}
	cr_assert(!deal->over[member], "%s: member %u had been told that it was over", deal->name,
		member);
	cr_assert(got.first < got.end && got.end <= units, "%s: got [%llu, %llu)", deal->name,
		(unsigned long long)got.first, (unsigned long long)got.end);
	for (uint64_t unit = got.first; unit < got.end; unit++) {
		cr_assert_eq(deal->owner[unit], -1, "%s: unit %llu was given twice", deal->name,
			(unsigned long long)unit);
		deal->owner[unit] = (int)member;
	}
	return true;
}

static void expect_all_given(const struct deal *deal)
{
	for (uint64_t unit = 0; unit < deal->shares[0].units; unit++)
		cr_assert_neq(deal->owner[unit], -1, "%s: unit %llu was not given", deal->name,
			(unsigned long long)unit);
}

/* Members in turn, one request each. */
static void ask_in_turn(struct deal *deal)
{
	while (deal->over_count < deal->team)
		for (unsigned m = 0; m < deal->team; m++)
			deal_ask(deal, m);
}

/* The last member takes all it can, then the one before. */
static void ask_greedily(struct deal *deal)
{
	for (unsigned m = deal->team; m--;)
		while (deal_ask(deal, m))
			;
}

static void ask_at_random(struct deal *deal)
{
	uint32_t state = 2463534242u;

	while (deal->over_count < deal->team) {
		state ^= state << 13;
		state ^= state >> 17;
		state ^= state << 5;
		deal_ask(deal, state % deal->team);
	}
}

static void expect_each_unit_once(void (*ask)(struct deal *deal))
{
	static struct deal deal;

	for (size_t k = 0; k < LENGTH(kinds); k++)
		for (size_t c = 0; c < LENGTH(chunks); c++)
			for (size_t u = 0; u < LENGTH(unit_counts); u++)
				for (size_t t = 0; t < LENGTH(teams); t++) {
					const struct schedule schedule = { kinds[k], chunks[c] };
					if (schedule.kind == SCHEDULE_AUTO && schedule.chunk)
						continue;
					deal_init(&deal, schedule, unit_counts[u], teams[t]);
					ask(&deal);
					expect_all_given(&deal);
				}
}

Test(split, gives_each_unit_once_to_members_who_ask_in_turn)
{
	expect_each_unit_once(ask_in_turn);
}

Test(split, gives_each_unit_once_when_one_member_draws_all)
{
	expect_each_unit_once(ask_greedily);
}

Test(split, gives_each_unit_once_to_members_who_ask_at_random)
{
	expect_each_unit_once(ask_at_random);
}

Test(split, of_static_is_without_gaps_at_the_largest_sizes)
{
	const uint64_t units = INT64_MAX;
	const unsigned team = 4096;
	uint64_t next = 0;

	for (unsigned m = 0; m < team; m++) {
		struct share share = { { SCHEDULE_STATIC, 0 }, units, m, team, 0 };
		struct range got;
		cr_assert(schedule_next(&share, NULL, &got));
		cr_assert_eq(got.first, next, "member %u", m);
		next = got.end;
	}
	cr_expect_eq(next, units);
}

Test(split, of_static_gives_no_member_more_than_one_unit_above_another)
{
	static struct deal deal;

	for (size_t u = 0; u < LENGTH(unit_counts); u++)
		for (size_t t = 0; t < LENGTH(teams); t++) {
			const uint64_t each = unit_counts[u] / teams[t];
			uint64_t had[TEAM_MOST] = { 0 };
			deal_init(&deal, (struct schedule) { SCHEDULE_STATIC, 0 }, unit_counts[u],
				teams[t]);
			ask_in_turn(&deal);
			for (uint64_t unit = 0; unit < unit_counts[u]; unit++)
				had[deal.owner[unit]]++;
			for (unsigned m = 0; m < teams[t]; m++)
				cr_assert(had[m] == each || had[m] == each + 1,
					"%s: member %u has %llu", deal.name, m,
					(unsigned long long)had[m]);
		}
}

/* ---- the worked table of schedule.h: ten units, three members ---- */

/* Who has which unit, as digits: "0000111222". */
static void expect_owners(struct schedule schedule, const char *expected)
{
	static struct deal deal;
	char owners[11] = "";

	deal_init(&deal, schedule, 10, 3);
	ask_in_turn(&deal);
	for (int unit = 0; unit < 10; unit++)
		owners[unit] = (char)('0' + deal.owner[unit]);
	cr_expect_str_eq(owners, expected);
}

Test(table, of_static)
{
	expect_owners((struct schedule) { SCHEDULE_STATIC, 0 }, "0000111222");
}

Test(table, of_static_2)
{
	expect_owners((struct schedule) { SCHEDULE_STATIC, 2 }, "0011220011");
}

Test(table, of_auto_is_that_of_static)
{
	expect_owners((struct schedule) { SCHEDULE_AUTO, 0 }, "0000111222");
}

/* The chunks in order, whoever asks: member `only`, or if negative all in turn. */
static void expect_chunks(struct schedule schedule, int only, const char *expected)
{
	struct dispatch shared = { 0 };
	struct share shares[3];
	struct range got;
	char text[64] = "";
	uint64_t next = 0;

	for (unsigned m = 0; m < 3; m++)
		shares[m] = (struct share) { schedule, 10, m, 3, 0 };
	for (int turn = 0;
		schedule_next(&shares[only < 0 ? turn % 3 : only], &shared, &got) && turn < 10;
		turn++) {
		cr_assert_eq(got.first, next, "chunks are not given in order");
		sprintf(text + strlen(text), "%s%llu", turn ? " " : "",
			(unsigned long long)(got.end - got.first));
		next = got.end;
	}
	cr_expect_str_eq(text, expected);
}

static void expect_chunks_whoever_asks(struct schedule schedule, const char *expected)
{
	for (int only = -1; only < 3; only++)
		expect_chunks(schedule, only, expected);
}

Test(table, of_dynamic_is_one_unit_at_a_time)
{
	expect_chunks_whoever_asks(
		(struct schedule) { SCHEDULE_DYNAMIC, 0 }, "1 1 1 1 1 1 1 1 1 1");
}

Test(table, of_dynamic_4)
{
	expect_chunks_whoever_asks((struct schedule) { SCHEDULE_DYNAMIC, 4 }, "4 4 2");
}

Test(table, of_guided)
{
	expect_chunks_whoever_asks((struct schedule) { SCHEDULE_GUIDED, 0 }, "4 2 2 1 1");
}

Test(table, of_guided_3)
{
	expect_chunks_whoever_asks((struct schedule) { SCHEDULE_GUIDED, 3 }, "4 3 3");
}

/* ---- libgomp's own split ---- */

static const omp_sched_t omp_kinds[SCHEDULE_KINDS] = {
	[SCHEDULE_STATIC] = omp_sched_static,
	[SCHEDULE_AUTO] = omp_sched_auto,
};

static void split_by_openmp(struct schedule schedule, int units, unsigned team, int *owner)
{
	omp_set_dynamic(0);
	omp_set_schedule(omp_kinds[schedule.kind], (int)schedule.chunk);
#pragma omp parallel for schedule(runtime) num_threads(team)
	for (int unit = 0; unit < units; unit++)
		owner[unit] = omp_get_thread_num();
}

static void expect_the_split_of_openmp(struct schedule schedule)
{
	static const unsigned few[] = { 1, 2, 3, 5, 8, 21 };
	static int owner[UNITS_MOST];
	static struct deal deal;

	for (size_t u = 0; u < LENGTH(unit_counts); u++)
		for (size_t t = 0; t < LENGTH(few); t++) {
			split_by_openmp(schedule, (int)unit_counts[u], few[t], owner);
			deal_init(&deal, schedule, unit_counts[u], few[t]);
			ask_in_turn(&deal);
			for (uint64_t unit = 0; unit < unit_counts[u]; unit++)
				cr_assert_eq(deal.owner[unit], owner[unit],
					"%s: unit %llu is member %d's, but of OpenMP %d's",
					deal.name, (unsigned long long)unit, deal.owner[unit],
					owner[unit]);
		}
}

Test(split, of_static_is_that_of_openmp)
{
	expect_the_split_of_openmp((struct schedule) { SCHEDULE_STATIC, 0 });
}

Test(split, of_static_with_a_chunk_is_that_of_openmp)
{
	for (size_t c = 1; c < LENGTH(chunks); c++)
		expect_the_split_of_openmp((struct schedule) { SCHEDULE_STATIC, chunks[c] });
}

#ifndef __clang__
Test(split, of_auto_is_that_of_libgomp)
{
	expect_the_split_of_openmp((struct schedule) { SCHEDULE_AUTO, 0 });
}
#endif
