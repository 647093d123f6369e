/*
 * deal: chunks of pthread and pool go to who asks, each once, and none is kept from the idle.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/chunks.h"
#include "team/deal.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum { TEAM_MOST = 21, UNITS_MOST = 1000 };

static const enum schedule_kind kinds[] = { SCHEDULE_STATIC, SCHEDULE_DYNAMIC, SCHEDULE_GUIDED };
static const uint32_t chunks[] = { 0, 1, 2, 3, 16, 999, 1001, SCHEDULE_CHUNK_MAX };
static const uint64_t unit_counts[] = { 0, 1, 2, 7, 64, 65, 997, UNITS_MOST };
static const unsigned teams[] = { 1, 2, 3, 7, TEAM_MOST };

/* One region, dealt out in this thread, so that the test decides who asks when. */
struct region {
	struct deal deal;
	struct hand hands[TEAM_MOST];
	bool over[TEAM_MOST];
	unsigned over_count;
	uint64_t dealt;
	int owner[UNITS_MOST]; /* -1: nobody */
	char name[80];
};

static void begin(struct region *r, struct schedule schedule, uint64_t units, unsigned team)
{
	char text[SCHEDULE_TEXT];

	memset(r, 0, sizeof(*r));
	cr_assert_eq(deal_init(&r->deal, schedule, units, team), 0);
	deal_reset(&r->deal);
	for (unsigned m = 0; m < team; m++)
		r->hands[m] = hand_of(&r->deal, m);
	memset(r->owner, -1, sizeof(r->owner));
	snprintf(r->name, sizeof(r->name), "%s, %llu units, %u members",
		schedule_print(schedule, text), (unsigned long long)units, team);
}

static bool ask(struct region *r, unsigned member)
{
	struct range got;

	if (r->over[member])
		return false;
	if (!hand_next(&r->hands[member], &got)) {
		r->over[member] = true;
		r->over_count++;
		return false;
	}
	r->dealt++;
	cr_assert(got.first < got.end && got.end <= r->deal.units, "%s: got [%llu, %llu)", r->name,
		(unsigned long long)got.first, (unsigned long long)got.end);
	for (uint64_t u = got.first; u < got.end; u++) {
		cr_assert_eq(r->owner[u], -1, "%s: unit %llu was given twice", r->name,
			(unsigned long long)u);
		r->owner[u] = (int)member;
	}
	return true;
}

static void ask_in_turn(struct region *r)
{
	while (r->over_count < r->deal.team)
		for (unsigned m = 0; m < r->deal.team; m++)
			ask(r, m);
}

static void ask_greedily(struct region *r)
{
	for (unsigned m = r->deal.team; m--;)
		while (ask(r, m))
			;
}

static void ask_at_random(struct region *r)
{
	for (uint64_t i = 0; r->over_count < r->deal.team; i++)
		ask(r, (unsigned)(random_of(7, i) % r->deal.team));
}

static void for_all(void (*asking)(struct region *r), void (*check)(const struct region *r))
{
	static struct region r;

	for (size_t k = 0; k < LENGTH(kinds); k++)
		for (size_t c = 0; c < LENGTH(chunks); c++)
			for (size_t u = 0; u < LENGTH(unit_counts); u++)
				for (size_t t = 0; t < LENGTH(teams); t++) {
					const struct schedule s = { kinds[k], chunks[c] };
					begin(&r, s, unit_counts[u], teams[t]);
					asking(&r);
					check(&r);
					deal_release(&r.deal);
				}
}

static void expect_all_given(const struct region *r)
{
	for (uint64_t u = 0; u < r->deal.units; u++)
		cr_assert_neq(r->owner[u], -1, "%s: unit %llu was not given", r->name,
			(unsigned long long)u);
}

Test(deal, gives_each_unit_once_to_members_who_ask_in_turn)
{
	for_all(ask_in_turn, expect_all_given);
}

Test(deal, gives_each_unit_once_when_one_member_draws_all)
{
	for_all(ask_greedily, expect_all_given);
}

Test(deal, gives_each_unit_once_to_members_who_ask_at_random)
{
	for_all(ask_at_random, expect_all_given);
}

static void expect_as_many_chunks(const struct region *r)
{
	const struct deal *deal = &r->deal;

	cr_assert_eq(r->dealt, chunks_dealt(deal->schedule, deal->units, deal->team), "%s: %llu",
		r->name, (unsigned long long)r->dealt);
}

Test(deal, gives_as_many_chunks_as_libgomp)
{
	for_all(ask_at_random, expect_as_many_chunks);
}

Test(deal, after_a_reset_begins_again)
{
	static struct region r;

	begin(&r, (struct schedule) { SCHEDULE_DYNAMIC, 3 }, 100, 3);
	ask_greedily(&r);
	deal_reset(&r.deal);
	struct hand hand = hand_of(&r.deal, 1);
	struct range got;
	cr_assert(hand_next(&hand, &got));
	cr_expect_eq(got.first, 36); /* of 34 chunks the first 12 are member 0's */
	deal_release(&r.deal);
}

/* ---- the worked table of deal.h: ten units, three members, dynamic,2 ---- */

Test(deal, begins_with_each_members_own_block)
{
	static struct region r;

	begin(&r, (struct schedule) { SCHEDULE_DYNAMIC, 2 }, 10, 3);
	for (unsigned m = 0; m < 3; m++)
		cr_assert(ask(&r, m));
	cr_expect(r.owner[0] == 0 && r.owner[1] == 0 && r.owner[4] == 1 && r.owner[8] == 2);
	deal_release(&r.deal);
}

Test(deal, who_is_done_with_its_block_goes_on_to_the_next_members)
{
	static struct region r;

	begin(&r, (struct schedule) { SCHEDULE_DYNAMIC, 2 }, 10, 3);
	for (unsigned m = 0; m < 3; m++)
		ask(&r, m);
	cr_assert(ask(&r, 2));
	cr_expect(r.owner[2] == 2 && r.owner[3] == 2);
	cr_expect_eq(r.owner[6], -1);
	deal_release(&r.deal);
}

Test(deal, counters_share_no_pair_of_cache_lines)
{
	struct deal deal;

	cr_assert_eq(deal_init(&deal, (struct schedule) { SCHEDULE_DYNAMIC, 1 }, 10, 3), 0);
	for (unsigned m = 0; m < 3; m++)
		cr_expect_eq((uintptr_t)&deal.counters[m] % 128, 0);
	deal_release(&deal);
}
