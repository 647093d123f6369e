#include <inttypes.h>
#include <stdio.h>

#include "commands.h"
#include "grid.h"
#include "launch.h"

static void add_kernel(struct grid *grid, const struct kernel *kernel)
{
	char size[SIZE_TEXT];

	grid_add(grid, "%s", kernel->name);
	grid_add(grid, "%s", kernel->what);
	grid_add(grid, "%" PRIu64 " %s%s", kernel->grain, kernel->element,
		kernel->grain == 1 ? "" : "s");
	grid_add(grid, "%s", size_print(kernel->size, size));
	grid_add(grid, "%s", kernel->why);
}

static void print_kernels(void)
{
	static const struct column columns[] = { { "kernel", false }, { "computes", false },
		{ "unit", true }, { "size", true }, { "which is", false } };
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t k = 0; k < launch_kernel_count(); k++)
		add_kernel(&grid, launch_kernel_at(k));
	grid_print_text(&grid, stdout);
	grid_release(&grid);
}

static const char *nature_of(enum variant variant)
{
	static const char *const names[2][2] = { { "neither", "parallel" },
		{ "concurrent", "concurrent and parallel" } };

	return names[variant_is_concurrent(variant)][variant_is_parallel(variant)];
}

static void print_variants(void)
{
	static const struct column columns[] = { { "variant", false }, { "is", false },
		{ "executes a kernel by", false } };
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (int v = 0; v < VARIANTS_OF_TASKS; v++) {
		grid_add(&grid, "%s", variant_name(v));
		grid_add(&grid, "%s", nature_of(v));
		grid_add(&grid, "%s", variant_what(v));
	}
	grid_print_text(&grid, stdout);
	grid_release(&grid);
	puts("\n  concurrent: members are in progress at once; parallel: they compute at once\n"
	     "  openmp-sections and openmp-tasks are for tine tasks alone");
}

int command_list(const struct options *options)
{
	(void)options;
	print_kernels();
	putchar('\n');
	print_variants();
	return EXIT_DONE;
}
