#include "analysis/counsel.h"

#include <math.h>
#include <stdlib.h>

/* From when on something is worth telling: a share of the run, of a region, a rate. */
static const double worth = 0.01, much = 0.1, preempted_a_second = 20, migrations_a_second = 5;

enum { CHUNKS_A_MEMBER = 16, PREEMPTED_LEAST = 20 };

struct desk {
	const struct profile *profile;
	unsigned cpus;
	struct counsels *counsels;
};

static void add(struct desk *desk, struct counsel counsel)
{
	struct counsels *all = desk->counsels;

	if (all->count == COUNSELS_MOST)
		return;
	if (isnan(counsel.win) || counsel.win >= worth * desk->profile->wall)
		all->of[all->count++] = counsel;
}

/* ---- one place ---- */

static double overhead_of(const struct profile_site *site)
{
	return (site->fork + site->join) / site->members;
}

static bool is_disturbed(const struct desk *desk)
{
	const struct profile *p = desk->profile;

	return p->preempted >= PREEMPTED_LEAST &&
		(double)p->preempted > preempted_a_second * p->wall;
}

static void look_at_grain(struct desk *desk, const struct profile_site *site)
{
	const double overhead = overhead_of(site), alone = site->elapsed - site->body;

	if (site->members < 1.5 || overhead < much * site->elapsed)
		return;
	/* half of p E is work if the body is as long as all that is lost */
	const struct counsel counsel = {
		.kind = alone > 0 ? COUNSEL_ALONE : COUNSEL_GRAIN,
		.site = site,
		.win = alone > 0 ? alone : 0.9 * overhead,
		.figure = (site->total - site->body) / site->count,
	};
	add(desk, counsel);
}

/* Chunks are dealt out by request, and all members asked: the last ones make the wait. */
static bool has_large_chunks(const struct profile_site *site)
{
	const double each = (double)site->raw->chunks / site->count / site->members;

	return site->raw->chunks && each < CHUNKS_A_MEMBER;
}

static void look_at_balance(struct desk *desk, const struct profile_site *site)
{
	const double win = site->busiest - site->body / site->members;
	const bool regular = site->regular > 0.75 || site->count < 4;

	if (site->members < 1.5 || win < much * site->elapsed)
		return;
	add(desk,
		(struct counsel) {
			.kind = has_large_chunks(site) ? COUNSEL_CHUNKS
				: regular              ? COUNSEL_IMBALANCE
						       : COUNSEL_IRREGULAR,
			.site = site,
			.win = win,
		});
}

static void look_at_sync(struct desk *desk, const struct profile_site *site)
{
	const double win = site->sync / site->members;
	const double unequal = site->busiest - site->body / site->members;

	/* what is unequal makes others wait at barriers: it has its own counsel */
	if (site->members > 1.5 && win - unequal > much * site->elapsed)
		add(desk, (struct counsel) { COUNSEL_SYNC, site, win - unequal, 0, 0 });
}

static void look_at_team(struct desk *desk, const struct profile_site *site)
{
	const unsigned team = site->raw->team_most;
	const double excess = overhead_of(site) - site->count * site->overhead_least;

	if (desk->cpus && team > desk->cpus)
		add(desk, (struct counsel) { COUNSEL_OVERSUBSCRIBED, site, NAN, 0, team });
	else if (team > 1 && team == desk->cpus && is_disturbed(desk) &&
		excess > much * site->elapsed)
		add(desk, (struct counsel) { COUNSEL_CROWDED, site, excess, 0, team });
	if (site->raw->nested && site->raw->refused)
		add(desk, (struct counsel) { COUNSEL_NESTED, site, NAN, 0, 0 });
}

static void look_at_site(struct desk *desk, const struct profile_site *site)
{
	if (site->share < worth)
		return;
	look_at_grain(desk, site);
	look_at_balance(desk, site);
	look_at_sync(desk, site);
	look_at_team(desk, site);
}

/* ---- the run ---- */

static void look_at_run(struct desk *desk)
{
	const struct profile *p = desk->profile;
	const double win = desk->cpus ? p->serial * (1 - 1 / (double)desk->cpus) : NAN;

	if (desk->cpus > 1 && p->serial > much * p->wall)
		add(desk, (struct counsel) { COUNSEL_SERIAL, NULL, win, 0, 0 });
	if ((double)p->migrations > migrations_a_second * p->wall && p->migrations > 10)
		add(desk, (struct counsel) { COUNSEL_MIGRATION, NULL, NAN, 0, 0 });
}

static int by_win(const void *a, const void *b)
{
	const struct counsel *x = a, *y = b;
	const double xw = isnan(x->win) ? -1 : x->win, yw = isnan(y->win) ? -1 : y->win;

	return (xw < yw) - (xw > yw);
}

struct counsels counsels_of(const struct profile *profile, unsigned cpus)
{
	struct counsels counsels = { .count = 0 };
	struct desk desk = { profile, cpus, &counsels };

	if (!profile->site_count)
		return counsels;
	for (size_t s = 0; s < profile->site_count; s++)
		look_at_site(&desk, &profile->sites[s]);
	look_at_run(&desk);
	qsort(counsels.of, counsels.count, sizeof(counsels.of[0]), by_win);
	return counsels;
}
