/*
 * memory, shared: what children write there is here, and it is gone when it is freed.
 */
#include <criterion/criterion.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel.h"
#include "memory.h"

/* What waits for ever fails. */
TestSuite(shared, .timeout = 60);

/* What a child writes there is here. */
static void expect_shared(unsigned char *at, size_t bytes)
{
	const pid_t child = fork();

	cr_assert_geq(child, 0);
	if (!child) {
		memset(at, 7, bytes);
		_exit(0);
	}
	cr_assert_eq(waitpid(child, NULL, 0), child);
	for (size_t b = 0; b < bytes; b++)
		cr_assert_eq(at[b], 7, "byte %zu of %zu", b, bytes);
}

Test(shared, memory_is_written_by_children_however_large_it_is)
{
	static const size_t sizes[] = { 1, 100, 4096, 100000, 5 << 20 };

	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		memory_share_begin();
		unsigned char *from_malloc = malloc(sizes[s]), *from_calloc = calloc(1, sizes[s]),
			      *aligned = kernel_alloc(1, sizes[s]);
		memory_share_end();
		cr_assert(from_malloc && from_calloc && aligned);
		cr_expect_eq((uintptr_t)aligned % (sizes[s] < (2 << 20) ? 128 : 2 << 20), 0);
		expect_shared(from_malloc, sizes[s]);
		expect_shared(from_calloc, sizes[s]);
		expect_shared(aligned, sizes[s]);
		free(from_malloc);
		free(from_calloc);
		free(aligned);
	}
}

Test(shared, memory_that_grows_keeps_what_it_held)
{
	memory_share_begin();
	unsigned char *at = malloc(10);
	memory_share_end();
	memset(at, 3, 10);
	at = realloc(at, 10000); /* no longer shared */
	cr_assert_not_null(at);
	for (int b = 0; b < 10; b++)
		cr_expect_eq(at[b], 3);
	free(at);
}

static bool is_mapped(const void *at)
{
	unsigned char present;

	return !mincore((void *)((uintptr_t)at & ~(uintptr_t)4095), 1, &present);
}

Test(shared, memory_that_is_freed_is_gone)
{
	memory_share_begin();
	void *at = malloc(10000);
	memory_share_end();
	cr_assert(is_mapped(at));
	free(at);
	cr_expect_not(is_mapped(at));
}
