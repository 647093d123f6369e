/*
 * kernels, table: what each says of itself.
 */
#include <criterion/criterion.h>

#include "problems.h"

Test(kernels, descriptions_are_complete)
{
	for (unsigned k = 0; k < kernel_count; k++) {
		const struct kernel *kernel = kernel_table[k].kernel;
		cr_expect(kernel->what && kernel->why && kernel->element, "%s: no words",
			kernel->name);
		cr_expect(kernel->size.n && kernel->grain, "%s: no default", kernel->name);
		cr_expect_eq(
			!kernel->size.width, !kernel->size.height, "%s: half a size", kernel->name);
		cr_expect(!kernel->size.height || kernel->size.height == kernel->size.n,
			"%s: n is not the height", kernel->name);
		cr_expect_not_null(kernel->setup, "%s: no setup", kernel->name);
		cr_expect_eq(!kernel->combine, !kernel->result, "%s: half a result", kernel->name);
		cr_expect(kernel->result || kernel->output, "%s: no result", kernel->name);
		cr_expect(!kernel->output || kernel->bytes, "%s: no bytes", kernel->name);
		cr_expect(!kernel->takes_picture || makes_picture(kernel), "%s: no picture size",
			kernel->name);
	}
}

static bool has_demand(const struct demand *demand)
{
	double all = demand->read_bytes + demand->written_bytes;

	for (int o = 0; o < OPERATIONS; o++)
		all += demand->operations[o];
	return all > 0;
}

Test(kernels, regular_ones_say_what_an_element_takes)
{
	for (unsigned k = 0; k < kernel_count; k++) {
		const struct kernel *kernel = kernel_table[k].kernel;
		cr_expect(!kernel->regular || has_demand(&kernel->demand), "%s", kernel->name);
	}
}

Test(kernels, what_binds_them_is_said_in_one_way)
{
	for (unsigned k = 0; k < kernel_count; k++) {
		const struct kernel *kernel = kernel_table[k].kernel;
		cr_expect(!kernel->bound || !has_demand(&kernel->demand), "%s", kernel->name);
	}
}

Test(kernels, arrays_that_are_gone_through_fit_the_memory_that_is_asked_for)
{
	for (unsigned k = 0; k < kernel_count; k++) {
		const struct kernel *kernel = kernel_table[k].kernel;
		cr_expect_leq(kernel->demand.read_bytes + kernel->demand.written_bytes,
			(double)kernel->bytes, "%s", kernel->name);
	}
}

Test(kernels, defaults_are_within_the_limit)
{
	for (unsigned k = 0; k < kernel_count; k++) {
		const struct kernel *kernel = kernel_table[k].kernel;
		cr_expect(!kernel->limit || kernel->size.n <= kernel->limit, "%s", kernel->name);
	}
}
