#include "trace/words.h"

#include <math.h>
#include <string.h>

#include "quantity.h"

char *seen_print(unsigned seen, char text[SEEN_TEXT])
{
	static const char *const names[TRACE_SEEN_KINDS] = { "static", "dynamic", "guided",
		"runtime", "sections", "single", "critical", "ordered", "doacross", "task",
		"taskloop", "barrier", "reduction", "scope", "cancel" };

	text[0] = 0;
	for (unsigned k = 0; k < TRACE_SEEN_KINDS; k++)
		if (seen >> k & 1) {
			const size_t at = strlen(text);
			snprintf(text + at, SEEN_TEXT - at, "%s%s", at ? ", " : "", names[k]);
		}
	return text[0] ? text : strcpy(text, "–");
}

/* ---- advice ---- */

struct context {
	const struct counsel *counsel;
	const struct profile *profile;
	const char *place;
	bool gnu;
	FILE *to;
};

static void tell_grain(const struct context *c)
{
	const struct profile_site *site = c->counsel->site;
	char work[QUANTITY_TEXT], cost[QUANTITY_TEXT], half[QUANTITY_TEXT];

	fprintf(c->to,
		"a region of %s has %s of work and costs %s in fork and join; it would be half "
		"efficient with %s: put more work into a region",
		c->place, seconds_print(site->body / site->count, work),
		seconds_print((site->fork + site->join) / site->members / site->count, cost),
		seconds_print(c->counsel->figure, half));
}

static void tell_alone(const struct context *c)
{
	const struct profile_site *site = c->counsel->site;
	char work[QUANTITY_TEXT], took[QUANTITY_TEXT], half[QUANTITY_TEXT];

	fprintf(c->to,
		"a region of %s has %s of work and takes %s: one thread alone would be quicker, "
		"by an if clause, until it has %s",
		c->place, seconds_print(site->body / site->count, work),
		seconds_print(site->mean, took), seconds_print(c->counsel->figure, half));
}

static void tell_imbalance(const struct context *c)
{
	const struct profile_site *site = c->counsel->site;
	const bool asks = site->raw->seen & (TRACE_SEEN_DYNAMIC | TRACE_SEEN_GUIDED);

	fprintf(c->to, "%s: the same member has the most work, %.0f %% more than the mean%s",
		c->place, 100 * (site->busiest * site->members / site->body - 1),
		asks ? ": give it other parts of the work"
		     : ": try schedule(dynamic) with 16 chunks or more a member, or "
		       "schedule(static,1) where parts grow");
}

static void tell_irregular(const struct context *c)
{
	const struct profile_site *site = c->counsel->site;
	const bool asks = site->raw->seen & (TRACE_SEEN_DYNAMIC | TRACE_SEEN_GUIDED);

	fprintf(c->to, "%s: now one member is last, now another, with %.0f %% more than the mean%s",
		c->place, 100 * (site->busiest * site->members / site->body - 1),
		asks ? ": other load on the CPUs, or single pieces of work that are too large"
		     : ": try schedule(dynamic), unless other load on the CPUs is the reason");
}

static void tell_chunks(const struct context *c)
{
	const struct profile_site *site = c->counsel->site;

	fprintf(c->to,
		"%s: members get %.1f chunks each, and the busiest has %.0f %% more than the mean: "
		"try smaller chunks",
		c->place, (double)site->raw->chunks / site->count / site->members,
		100 * (site->busiest * site->members / site->body - 1));
}

static void tell_sync(const struct context *c)
{
	const struct profile_site *site = c->counsel->site;
	char seen[SEEN_TEXT];

	fprintf(c->to, "%s: %.0f %% of the members' time is waits inside of the region (%s)",
		c->place, 100 * site->sync / site->total, seen_print(site->raw->seen, seen));
}

static void tell_crowded(const struct context *c)
{
	fprintf(c->to,
		"%s: a team of %u on as many CPUs that others use as well, preempted %llu times: "
		"members spin while those they wait for have no CPU; try OMP_NUM_THREADS=%u%s",
		c->place, c->counsel->count, c->profile->preempted, c->counsel->count - 1,
		c->gnu ? " or GOMP_SPINCOUNT=1000" : " or KMP_BLOCKTIME=0");
}

static void tell_nested(const struct context *c)
{
	fprintf(c->to,
		"%s: lies inside of another region and ran on one thread %u times, though it asked "
		"for more: OMP_MAX_ACTIVE_LEVELS=2 would give it a team, if CPUs are left",
		c->place, c->counsel->site->raw->refused);
}

static void tell_oversubscribed(const struct context *c)
{
	fprintf(c->to, "%s: %u members share fewer CPUs: try no more threads than CPUs", c->place,
		c->counsel->count);
}

static void tell_serial(const struct context *c)
{
	const struct profile *p = c->profile;

	fprintf(c->to,
		"%.0f %% of the run is outside of parallel regions, which alone bounds the speedup "
		"over one core to %.2f: find what it does there",
		100 * p->serial / p->wall, p->bound);
}

static void tell_migration(const struct context *c)
{
	fprintf(c->to, "threads changed CPU %llu times: try OMP_PROC_BIND=true",
		c->profile->migrations);
}

void counsel_print(const struct counsel *counsel, const struct profile *profile, const char *place,
	bool gnu, FILE *to)
{
	static void (*const tell[COUNSEL_KINDS])(const struct context *) = {
		[COUNSEL_GRAIN] = tell_grain,
		[COUNSEL_ALONE] = tell_alone,
		[COUNSEL_IMBALANCE] = tell_imbalance,
		[COUNSEL_IRREGULAR] = tell_irregular,
		[COUNSEL_CHUNKS] = tell_chunks,
		[COUNSEL_SYNC] = tell_sync,
		[COUNSEL_CROWDED] = tell_crowded,
		[COUNSEL_NESTED] = tell_nested,
		[COUNSEL_OVERSUBSCRIBED] = tell_oversubscribed,
		[COUNSEL_SERIAL] = tell_serial,
		[COUNSEL_MIGRATION] = tell_migration,
	};
	const struct context context = { counsel, profile, place, gnu, to };
	char win[QUANTITY_TEXT];

	if (isnan(counsel->win))
		fputs("- what it wins is not known: ", to);
	else
		fprintf(to, "- at most %s (%.0f %% of the run): ", seconds_print(counsel->win, win),
			100 * counsel->win / profile->wall);
	tell[counsel->kind](&context);
	fputc('\n', to);
}
