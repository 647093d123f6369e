/*
 * topologies: this machine's, and those that hwloc makes up, so that every machine tests the same ones.
 */
#ifndef TOPOLOGIES_H
#define TOPOLOGIES_H

#include <criterion/criterion.h>
#include <stdlib.h>

#include "machine/topology.h"

static inline void forget_other_machines(void)
{
	unsetenv("HWLOC_SYNTHETIC");
	unsetenv("HWLOC_XMLFILE");
	unsetenv("HWLOC_THISSYSTEM");
}

/* NULL: this machine. The caller releases it. */
static inline struct topology load(const char *synthetic)
{
	struct topology topology;
	struct message why = { "" };

	if (synthetic)
		setenv("HWLOC_SYNTHETIC", synthetic, 1);
	cr_assert_eq(topology_load(&topology, &why), 0, "%s", why.text);
	return topology;
}

#endif
