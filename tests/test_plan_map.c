/*
 * plan, map: that there is no memory for the CPUs of members does not pass for that they are not bound.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>

/* The plan, with a binding that fails when a test says so. */
#include "machine/topology.h"

static int bind_or_fail(const struct topology *topology, enum bind bind, unsigned threads,
	int **cpus, struct message *why);
#define topology_bind bind_or_fail
#include "execution.c"
#include "nearest.c"
#include "plan.c"
#include "plan_json.c"
#include "recipe.c"
#undef topology_bind

static bool starved;

static int bind_or_fail(const struct topology *topology, enum bind bind, unsigned threads,
	int **cpus, struct message *why)
{
	return starved ? fail(why, -ENOMEM, "no memory")
		       : topology_bind(topology, bind, threads, cpus, why);
}

/* Plans here take no turns. */
int turns_open(struct turns **turns, const char *path, struct message *why)
{
	(void)turns;
	return fail(why, -EINVAL, "--turns %s", path);
}

void turns_close(struct turns *turns)
{
	(void)turns;
}

static int cpus_here[] = { 4, 6, 5, 7 };

static struct plan plan_here(enum bind bind)
{
	return (struct plan) {
		.bind = bind,
		.topology = { .hardware_threads = 4,
			.cpus_cores_first = cpus_here,
			.cpus_compact = cpus_here },
	};
}

Test(plan_map, has_the_CPU_of_each_member)
{
	const struct plan plan = plan_here(BIND_CORES);
	json_t *map = plan_map(&plan);

	cr_assert_eq(json_array_size(map), 4);
	for (size_t m = 0; m < 4; m++)
		cr_expect_eq(json_integer_value(json_array_get(map, m)), cpus_here[m]);
	json_decref(map);
}

Test(plan_map, is_empty_where_members_are_not_bound)
{
	const struct plan plan = plan_here(BIND_NONE);
	json_t *map = plan_map(&plan);

	cr_assert(json_is_array(map));
	cr_expect_eq(json_array_size(map), 0);
	json_decref(map);
}

Test(plan_map, is_not_there_without_memory_for_the_CPUs)
{
	const struct plan plan = plan_here(BIND_CORES);

	starved = true;
	cr_expect_null(plan_map(&plan));
}

static size_t allocations_left; /* of jansson's, that succeed */

static void *allocate(size_t bytes)
{
	return allocations_left-- ? malloc(bytes) : NULL;
}

/* One allocation fails, whichever: there is a whole map, or none. */
Test(plan_map, is_whole_or_not_there)
{
	const struct plan plan = plan_here(BIND_CORES);
	size_t fails = 0;
	json_t *map;

	json_set_alloc_funcs(allocate, free);
	do {
		allocations_left = fails++;
		map = plan_map(&plan);
	} while (!map && fails < 100);
	cr_expect_eq(json_array_size(map), 4);
	cr_expect_gt(fails, 4);
	json_decref(map);
}

Test(plan_map, that_is_not_there_is_not_in_a_plan_either)
{
	const struct plan plan = plan_here(BIND_CORES);

	starved = true;
	cr_expect_null(plan_to_json(&plan));
}
