/*
 * waits: units of kernels whose elements wait (kernel.h's begin), in the variants that do something else
 * meanwhile. For their templates alone, after the kernel's description.
 */
#ifndef WAITS_H
#define WAITS_H

#include <poll.h>

#include "team/team.h"

/* Known when the template is compiled, so that kernels that do not wait are none the slower. */
#define UNITS_WAIT (description.begin != NULL)

static inline void unit_begin(const struct team *team, uint64_t unit)
{
	const struct input *input = team->input;
	const struct range elements = unit_elements(unit, team->grain, team->n);

	for (uint64_t e = elements.first; e < elements.end; e++)
		description.begin(input, e);
}

/*
 * What is to be awaited before the unit, which has begun, can be done without waiting: a descriptor; -1:
 * nothing any more, or what could not be begun, with which body() tries again.
 */
static inline int unit_awaits(const struct team *team, uint64_t unit)
{
	const struct input *input = team->input;
	const struct range elements = unit_elements(unit, team->grain, team->n);

	for (uint64_t e = elements.first; e < elements.end; e++) {
		struct pollfd polled = { description.begin(input, e), POLLIN, 0 };
		if (polled.fd >= 0 && !poll(&polled, 1, 0))
			return polled.fd;
	}
	return -1;
}

#endif
