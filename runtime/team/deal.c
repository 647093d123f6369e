#include "team/deal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Writes down where each chunk of guided ends, or if `ends` is NULL only counts them. */
static uint64_t walk_guided(const struct deal *deal, uint64_t *ends)
{
	struct share share = { deal->schedule, deal->units, 0, deal->team, 0 };
	struct dispatch all = { 0 };
	struct range chunk;
	uint64_t count = 0;

	for (; schedule_next(&share, &all, &chunk); count++)
		if (ends)
			ends[count] = chunk.end;
	return count;
}

static int prepare_guided(struct deal *deal)
{
	deal->chunks = walk_guided(deal, NULL);
	deal->ends = calloc(deal->chunks + 1, sizeof(*deal->ends));
	if (!deal->ends)
		return -ENOMEM;
	walk_guided(deal, deal->ends);
	return 0;
}

static void prepare_dynamic(struct deal *deal)
{
	deal->chunk = deal->schedule.chunk ? deal->schedule.chunk : 1;
	deal->chunks = deal->units / deal->chunk + (deal->units % deal->chunk != 0);
}

int deal_init(struct deal *deal, struct schedule schedule, uint64_t units, unsigned team)
{
	const size_t bytes = team * sizeof(*deal->counters);

	*deal = (struct deal) {
		.schedule = schedule, .units = units, .team = team, .blocks = team
	};
	if (schedule.kind == SCHEDULE_DYNAMIC)
		prepare_dynamic(deal);
	else if (schedule.kind != SCHEDULE_GUIDED)
		return 0;
	else if (prepare_guided(deal))
		return -ENOMEM;
	deal->counters = aligned_alloc(_Alignof(struct counter), bytes);
	if (!deal->counters) {
		deal_release(deal);
		return -ENOMEM;
	}
	memset(deal->counters, 0, bytes);
	return 0;
}

void deal_in_order(struct deal *deal)
{
	deal->blocks = 1;
}

void deal_release(struct deal *deal)
{
	free(deal->counters);
	free(deal->ends);
	*deal = (struct deal) { 0 };
}

void deal_reset(struct deal *deal)
{
	for (unsigned m = 0; deal->counters && m < deal->team; m++)
		atomic_store_explicit(&deal->counters[m].next, 0, memory_order_relaxed);
}
