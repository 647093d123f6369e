/*
 * topology: cores, caches and CPUs of machines that hwloc makes up, and how teams are bound to them.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>

#include "topologies.h"

TestSuite(topology, .init = forget_other_machines);

static void expect_cpus(const int *cpus, size_t count, const int *expected)
{
	for (size_t i = 0; i < count; i++)
		cr_expect_eq(cpus[i], expected[i], "position %zu: CPU %d, not %d", i, cpus[i],
			expected[i]);
}

static void expect_ladder(const char *synthetic, const char *expected)
{
	struct topology topology = load(synthetic);
	unsigned counts[LADDER_MAX];
	char text[256] = "";

	const size_t count = topology_ladder(&topology, counts, LADDER_MAX);
	for (size_t i = 0; i < count; i++)
		sprintf(text + strlen(text), "%s%u", i ? " " : "", counts[i]);
	cr_expect_str_eq(text, expected);
	topology_release(&topology);
}

Test(topology, counts_what_hwloc_describes)
{
	struct topology topology = load("pack:2 [numa] core:8 pu:2");

	cr_expect_eq(topology.packages, 2);
	cr_expect_eq(topology.numa_nodes, 2);
	cr_expect_eq(topology.cores, 16);
	cr_expect_eq(topology.hardware_threads, 32);
	topology_release(&topology);
}

Test(topology, takes_caches_from_hwloc)
{
	struct topology topology =
		load("pack:1 l3:1(size=33554432) l2:4(size=1048576) l1d:1(size=49152) core:1 pu:1");

	cr_expect_eq(topology.l1d_bytes, 49152);
	cr_expect_eq(topology.l2_bytes, 1048576);
	cr_expect_eq(topology.l3_bytes, 33554432);
	topology_release(&topology);
}

Test(topology, has_no_size_for_a_cache_that_is_not_there)
{
	struct topology topology = load("pack:1 core:2 pu:1");

	cr_expect_eq(topology.l3_bytes, 0);
	topology_release(&topology);
}

static void expect_cores_first(const char *synthetic, const int expected[8])
{
	struct topology topology = load(synthetic);

	expect_cpus(topology.cpus_cores_first, 8, expected);
	topology_release(&topology);
}

Test(topology, orders_one_cpu_a_core_before_second_threads)
{
	expect_cores_first("pack:2 core:2 pu:2", (int[]) { 0, 2, 4, 6, 1, 3, 5, 7 });
}

Test(topology, goes_by_cores_where_numbers_do_not)
{
	expect_cores_first(
		"pack:2 core:2 pu:2(indexes=0,4,1,5,2,6,3,7)", (int[]) { 0, 1, 2, 3, 4, 5, 6, 7 });
}

Test(topology, orders_all_threads_of_a_core_before_the_next)
{
	struct topology topology = load("pack:2 core:2 pu:2(indexes=0,4,1,5,2,6,3,7)");

	expect_cpus(topology.cpus_compact, 8, (int[]) { 0, 4, 1, 5, 2, 6, 3, 7 });
	topology_release(&topology);
}

Test(topology, takes_a_cpu_without_a_core_for_a_core)
{
	struct topology topology = load("pu:5");

	cr_expect_eq(topology.cores, 5);
	topology_release(&topology);
}

Test(topology, holds_more_cpus_than_a_cpu_set_t)
{
	struct topology topology = load("pack:4 core:512 pu:2");

	cr_expect_eq(topology.cpus_cores_first[topology.hardware_threads - 1], 4095);
	topology_release(&topology);
}

Test(topology, lists_the_cpus_it_allows)
{
	struct topology topology = load("core:2 pu:2(indexes=0,1,2,8)");

	cr_expect_str_eq(topology.cpus_allowed, "0-2,8");
	topology_release(&topology);
}

Test(topology, refuses_a_synthetic_machine_that_hwloc_does_not_understand)
{
	struct topology topology;
	struct message why = { "" };

	setenv("HWLOC_SYNTHETIC", "garbage", 1);
	cr_expect_eq(topology_load(&topology, &why), -EINVAL);
	cr_expect(
		strstr(why.text, "HWLOC_SYNTHETIC") && strstr(why.text, "garbage"), "%s", why.text);
}

Test(topology, refuses_a_recorded_machine_that_is_not_there)
{
	struct topology topology;
	struct message why = { "" };

	setenv("HWLOC_XMLFILE", "/nonexistent/node.xml", 1);
	cr_expect_eq(topology_load(&topology, &why), -EINVAL);
	cr_expect(strstr(why.text, "HWLOC_XMLFILE"), "%s", why.text);
}

/* Leaves this thread one of its CPUs, the last. Returns its number. */
static int stay_on_the_last_cpu(void)
{
	const size_t cpus = 1 << 16, bytes = CPU_ALLOC_SIZE(cpus);
	cpu_set_t *set = CPU_ALLOC(cpus);
	int last = -1;

	CPU_ZERO_S(bytes, set);
	cr_assert_eq(sched_getaffinity(0, bytes, set), 0);
	for (size_t cpu = 0; cpu < cpus; cpu++)
		if (CPU_ISSET_S(cpu, bytes, set))
			last = (int)cpu;
	CPU_ZERO_S(bytes, set);
	CPU_SET_S((size_t)last, bytes, set);
	cr_assert_eq(sched_setaffinity(0, bytes, set), 0);
	CPU_FREE(set);
	return last;
}

Test(topology, stays_inside_the_affinity_mask)
{
	const int only = stay_on_the_last_cpu();
	struct topology topology = load(NULL);

	cr_expect_eq(topology.hardware_threads, 1);
	cr_expect_eq(topology.cores, 1);
	cr_expect_eq(topology.cpus_cores_first[0], only);
	topology_release(&topology);
}

Test(topology, leaves_a_synthetic_machine_whole_under_a_narrow_mask)
{
	stay_on_the_last_cpu();
	struct topology topology = load("core:4 pu:2");

	cr_expect_eq(topology.hardware_threads, 8);
	topology_release(&topology);
}

Test(topology, tells_this_machine_from_a_synthetic_one)
{
	struct topology here = load(NULL), elsewhere = load("core:2 pu:1");

	cr_expect_not(here.synthetic);
	cr_expect(elsewhere.synthetic);
	topology_release(&here);
	topology_release(&elsewhere);
}

Test(topology, can_be_released_twice)
{
	struct topology topology = load("core:2 pu:1");

	topology_release(&topology);
	topology_release(&topology);
}

Test(topology, climbs_in_powers_of_two_to_all_cores)
{
	expect_ladder("pack:2 core:8 pu:1", "1 2 4 8 16");
}

Test(topology, climbs_to_all_cores_that_are_no_power_of_two)
{
	expect_ladder("pack:2 core:3 pu:1", "1 2 4 6");
}

Test(topology, climbs_on_to_all_hardware_threads)
{
	expect_ladder("pack:2 core:3 pu:2", "1 2 4 6 12");
}

Test(topology, climbs_one_step_on_one_core)
{
	expect_ladder("core:1 pu:1", "1");
}

Test(topology, climbs_two_steps_on_one_core_of_two_threads)
{
	expect_ladder("core:1 pu:2", "1 2");
}

Test(topology, climbs_no_further_than_there_is_room)
{
	struct topology topology = load("core:16 pu:2");
	unsigned counts[4] = { 0, 0, 0, 77 };

	cr_expect_eq(topology_ladder(&topology, counts, 3), 3);
	cr_expect_eq(counts[3], 77);
	topology_release(&topology);
}

/* ---- binding: two cores of two hardware threads, 0 2 and 1 3, of this machine ---- */

static int cores_first[] = { 0, 1, 2, 3 }, compact[] = { 0, 2, 1, 3 };
static const struct topology two_by_two = {
	.packages = 1,
	.numa_nodes = 1,
	.cores = 2,
	.hardware_threads = 4,
	.cpus_cores_first = cores_first,
	.cpus_compact = compact,
};

static int *bound(const struct topology *topology, enum bind bind, unsigned threads)
{
	int *cpus = cores_first;

	cr_assert_eq(topology_bind(topology, bind, threads, &cpus, NULL), 0);
	return cpus;
}

Test(bind, puts_members_on_cores_of_their_own)
{
	int *cpus = bound(&two_by_two, BIND_CORES, 3);

	expect_cpus(cpus, 3, (int[]) { 0, 1, 2 });
	free(cpus);
}

Test(bind, fills_a_core_before_the_next)
{
	int *cpus = bound(&two_by_two, BIND_THREADS, 3);

	expect_cpus(cpus, 3, (int[]) { 0, 2, 1 });
	free(cpus);
}

Test(bind, binds_as_many_members_as_there_are_hardware_threads)
{
	int *cpus = bound(&two_by_two, BIND_CORES, 4);

	cr_expect_not_null(cpus);
	free(cpus);
}

Test(bind, leaves_more_members_than_hardware_threads_alone)
{
	cr_expect_null(bound(&two_by_two, BIND_CORES, 5));
}

Test(bind, leaves_members_alone_when_asked_to)
{
	cr_expect_null(bound(&two_by_two, BIND_NONE, 2));
}

Test(bind, leaves_members_alone_on_a_synthetic_machine)
{
	struct topology synthetic = two_by_two;

	synthetic.synthetic = true;
	cr_expect_null(bound(&synthetic, BIND_CORES, 2));
}

Test(bind, reads_the_words_it_prints)
{
	for (enum bind bind = 0; bind < BINDS; bind++) {
		enum bind read = BINDS;
		cr_expect_eq(bind_parse(bind_name(bind), &read, NULL), 0);
		cr_expect_eq(read, bind);
	}
}

Test(bind, refuses_other_words_and_says_which_are_right)
{
	struct message why = { "" };
	enum bind bind;

	cr_expect_eq(bind_parse("sockets", &bind, &why), -EINVAL);
	for (enum bind b = 0; b < BINDS; b++)
		cr_expect(strstr(why.text, bind_name(b)), "%s", why.text);
}
