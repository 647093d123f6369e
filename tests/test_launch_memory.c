/*
 * launch_memory: what a launch says its members allocated and touched first.
 */
#include <criterion/criterion.h>
#include <unistd.h>

#include "launches.h"
#include "nodes.h"

static size_t page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static struct launch_record launch_of(
	const char *kernel, enum variant variant, unsigned threads, uint64_t n)
{
	struct launch_order order = order_of(kernel, variant, threads, "static", n);

	order.spec.grain = 1000;
	order.memory = true;
	struct launch_record record = measure(&order);
	cr_assert_eq(record.status, LAUNCH_OK, "%s", record.why);
	cr_assert_not_null(record.memory);
	return record;
}

static void expect_near(uint64_t bytes, uint64_t expected, uint64_t off, const char *what)
{
	cr_expect(bytes + off >= expected && bytes <= expected + off, "%s: %llu, not %llu ± %llu",
		what, (unsigned long long)bytes, (unsigned long long)expected,
		(unsigned long long)off);
}

/* Arrays of less than 256 KiB, which come in small pages. */
enum { N = 30000, BLOCKS_BYTES = N * sizeof(uint64_t) };

Test(sample, has_what_the_input_takes_as_member_0s)
{
	struct launch_record record = launch_of("triad", POOL, 2, N);

	expect_near(record.memory[0].allocated_bytes, 3 * BLOCKS_BYTES, 1000, "allocated");
	cr_expect_eq(record.memory[1].allocated_bytes, 0);
	launch_release(&record);
}

/* Three arrays, whose middle page belongs to either. */
static void expect_halves(enum variant variant)
{
	struct launch_record record = launch_of("triad", variant, 2, N);

	for (unsigned m = 0; m < 2; m++) {
		expect_near(record.memory[m].touched_bytes, 3 * BLOCKS_BYTES / 2, 4 * page_bytes(),
			"touched");
		cr_expect_geq(record.memory[m].node, 0);
		cr_expect_leq(record.memory[m].node_bytes, record.memory[m].touched_bytes);
		cr_expect_gt(record.memory[m].node_bytes, 0);
	}
	launch_release(&record);
}

Test(sample, has_each_members_half_of_the_arrays_it_fills)
{
	for (int variant = SEQUENTIAL + 1; variant < VARIANTS; variant++)
		expect_halves(variant);
}

/* Arrays too small to be mapped one by one, which come where others were. */
Test(sample, has_halves_of_small_arrays_too)
{
	const uint64_t bytes = 8000 * sizeof(double);
	struct launch_record record = launch_of("triad", POOL, 2, 8000);

	for (unsigned m = 0; m < 2; m++)
		expect_near(
			record.memory[m].touched_bytes, 3 * bytes / 2, 4 * page_bytes(), "touched");
	launch_release(&record);
}

Test(sample, has_all_of_the_arrays_as_the_sequential_variants)
{
	struct launch_record record = launch_of("triad", SEQUENTIAL, 1, N);

	expect_near(record.memory[0].touched_bytes, 3 * BLOCKS_BYTES, 4 * page_bytes(), "touched");
	launch_release(&record);
}

Test(sample, of_a_kernel_without_memory_is_almost_nothing)
{
	struct launch_record record = launch_of("count_up", POOL, 3, N);

	for (unsigned m = 0; m < 3; m++) {
		expect_near(record.memory[m].allocated_bytes, 0, 1000, "allocated");
		cr_expect_eq(record.memory[m].touched_bytes, 0);
		cr_expect_eq(record.memory[m].node, -1);
	}
	launch_release(&record);
}

/* tests/kernels/hoard.c: an array that is touched in the body alone, which asks for as much again. */
static void expect_hoard(enum variant variant, unsigned threads)
{
	struct launch_record record = launch_of("hoard", variant, threads, N);
	uint64_t touched = 0;

	for (unsigned m = 0; m < threads; m++) {
		const uint64_t setup = m ? 0 : BLOCKS_BYTES;
		expect_near(record.memory[m].allocated_bytes, setup + BLOCKS_BYTES / threads, 1000,
			"allocated");
		cr_expect_gt(record.memory[m].touched_bytes, 0, "member %u", m);
		touched += record.memory[m].touched_bytes;
	}
	expect_near(touched, BLOCKS_BYTES, 2 * page_bytes(), "touched by all");
	launch_release(&record);
}

Test(sample, has_what_members_allocate_and_touch_in_the_body)
{
	for (int variant = SEQUENTIAL + 1; variant < VARIANTS; variant++)
		expect_hoard(variant, 2);
}

Test(sample, has_what_the_sequential_body_allocates_and_touches)
{
	expect_hoard(SEQUENTIAL, 1);
}

static void expect_node(const char *kernel, int node)
{
	struct launch_record record = launch_of(kernel, PTHREAD, 2, N);

	for (unsigned m = 0; m < 2; m++) {
		cr_expect_gt(record.memory[m].touched_bytes, 0);
		cr_expect_eq(record.memory[m].node, node, "%s: member %u's is node %d", kernel, m,
			record.memory[m].node);
	}
	launch_release(&record);
}

Test(sample, has_the_node_with_the_most_of_a_members_pages)
{
	nodes_are = ON_TWO;
	expect_node("triad", 5);
}

Test(sample, has_no_node_where_members_touched_several_at_once)
{
	nodes_are = ON_TWO;
	expect_node("hoard", -1);
}

Test(sample, has_bytes_but_no_node_where_the_system_tells_none)
{
	nodes_are = REFUSED;
	expect_node("triad", -1);
	expect_node("hoard", -1);
}
