#include "launch/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "team/probe.h"

/*
 * A line's way between members who spin is known where each has a CPU of its own, and where there are
 * members between two regions: in a pool.
 */
static bool can_pass(const struct session *s)
{
	return s->order->spec.variant == POOL && s->order->cpus;
}

int take_parts(struct session *s, struct message *why)
{
	struct team *team = &s->team;
	struct parts_record *parts =
		calloc(1, sizeof(*parts) + team->threads * sizeof(*parts->pass_ns));

	if (!parts)
		return fail(why, -ENOMEM, "no memory for what parts cost");
	s->record->parts = parts;
	parts->passes = can_pass(s) ? team->threads - 1 : 0;
	for (unsigned m = 0; m < parts->passes; m++)
		parts->pass_ns[m] = probe_pass_ns(team, m + 1);
	parts->stamp_ns = probe_stamp_ns(&s->clock);
	const int error = probe_barrier_ns(team, s->order->spec.variant, &parts->barrier_ns);
	if (error)
		return fail(why, error, "cannot measure a barrier: %s", strerror(-error));
	return 0;
}
