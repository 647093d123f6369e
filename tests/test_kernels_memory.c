/*
 * kernels, memory: where there is none, what fill leaves in it, and what lies behind a picture.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "problems.h"

/* kernel_alloc's source of memory, so that tests can make it run dry and see what is written. */
static int allocations_left = -1; /* that succeed; negative: all */
static int poison;                /* what memory is full of at first */

void *aligned_alloc(size_t alignment, size_t bytes)
{
	void *memory;

	if (!allocations_left || posix_memalign(&memory, alignment, bytes))
		return NULL;
	allocations_left -= allocations_left > 0;
	return memset(memory, poison, bytes);
}

/* Arrays are mappings of their own, so that caches of freed memory do not blur the count. */
static void map_arrays(void)
{
	mallopt(M_MMAP_THRESHOLD, 1 << 12);
}

static size_t arrays_in_use(void)
{
	return mallinfo2().hblks;
}

static int setup_with_allocations(struct input *input, const struct kernel *kernel, int allocations)
{
	const struct picture source = { .width = 400, .height = 300, .channels = 3 };
	const struct problem problem = small_problem(kernel, &source);

	memset(input, 0, kernel->input_bytes);
	allocations_left = allocations;
	const int error = kernel->setup(input, &problem);
	allocations_left = -1;
	if (!error && kernel->release)
		kernel->release(input);
	return error;
}

Test(kernels, setup_without_memory_fails_and_leaves_nothing_allocated)
{
	map_arrays();
	for (unsigned k = 0; k < kernel_count; k++) {
		const struct kernel *kernel = kernel_table[k].kernel;
		struct input *input = malloc(kernel->input_bytes);
		int error = -ENOMEM;
		for (int allocations = 0; error; allocations++) {
			const size_t before = arrays_in_use();
			error = setup_with_allocations(input, kernel, allocations);
			cr_assert(!error || error == -ENOMEM, "%s: %d", kernel->name, error);
			cr_assert_eq(arrays_in_use(), before, "%s: a leak after %d allocations",
				kernel->name, allocations);
			cr_assert(allocations || !kernel->output || error,
				"%s: its memory is not kernel_alloc's", kernel->name);
		}
		free(input);
	}
}

/* The output as fill leaves it, in memory that held something else. */
static struct computed filled(const struct kernel *kernel, const struct problem *problem, int junk)
{
	struct input *input = calloc(1, kernel->input_bytes);
	struct computed copy = { 0 };

	poison = junk;
	cr_assert_eq(kernel->setup(input, problem), 0);
	poison = 0;
	if (kernel->fill)
		kernel->fill(input, (struct range) { 0, problem->size.n });
	take_output(&copy, kernel, input);
	if (kernel->release)
		kernel->release(input);
	free(input);
	return copy;
}

Test(kernels, fill_writes_all_of_the_output)
{
	for (unsigned k = 0; k < kernel_count; k++) {
		const struct kernel *kernel = kernel_table[k].kernel;
		struct picture source = noise(17, 31, 3);
		const struct problem problem = small_problem(kernel, &source);
		struct computed one = filled(kernel, &problem, 0x5a);
		struct computed other = filled(kernel, &problem, 0xa5);
		cr_assert(computed_equal(&one, &other), "%s", kernel->name);
		computed_release(&one);
		computed_release(&other);
		free(source.pixels);
	}
}

/* A kernel's memory is full of junk; it runs in place, and what lies behind its output is returned. */
static const uint8_t *behind_output(const struct kernel_entry *entry, const struct problem *problem,
	struct input *input, int junk)
{
	const struct kernel *kernel = entry->kernel;
	const struct clock clock = { .ns_per_tick = 1 };
	const struct team_plan plan = { .kernel = kernel,
		.input = input,
		.n = problem->size.n,
		.grain = 1,
		.threads = 1,
		.clock = &clock };
	struct team team;

	poison = ~junk & 255;
	cr_assert_eq(kernel->setup(input, problem), 0);
	poison = 0;
	kernel->fill(input, (struct range) { 0, problem->size.n });
	const struct output output = kernel->output(input);
	uint8_t *behind = (uint8_t *)output.data + output.bytes;
	memset(behind, junk, READ_PAST);
	cr_assert_eq(team_init(&team, &plan, NULL), 0);
	entry->region[SEQUENTIAL](&team);
	team_release(&team);
	return behind;
}

Test(kernels, pictures_end_where_they_end)
{
	for (unsigned k = 0; k < kernel_count; k++) {
		const struct kernel *kernel = kernel_table[k].kernel;
		for (uint32_t i = 0; kernel->takes_picture && i < 4 * WIDTHS; i++) {
			struct picture source = noise(1 + i / 4, 5, 1 + i % 4);
			const struct problem problem = small_problem(kernel, &source);
			struct input *input = calloc(1, kernel->input_bytes);
			const uint8_t *behind =
				behind_output(&kernel_table[k], &problem, input, 0x5a);
			for (int b = 0; b < READ_PAST; b++)
				cr_assert_eq(behind[b], 0x5a, "%s %ux5 x %u: byte %d behind",
					kernel->name, source.width, source.channels, b);
			kernel->release(input);
			free(input);
			free(source.pixels);
		}
	}
}
