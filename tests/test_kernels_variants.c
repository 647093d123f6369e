/*
 * kernels, variants: every kernel in the table, under every variant, schedule and awkward size, against
 * its sequential self.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>

#include "problems.h"

Test(kernels, a_second_region_gives_the_same)
{
	for (unsigned k = 0; k < kernel_count; k++) {
		const struct kernel *kernel = kernel_table[k].kernel;
		struct picture source = noise(17, 31, 3);
		const struct problem problem = small_problem(kernel, &source);
		const struct how twice = { SEQUENTIAL, 1, { 0 }, 1, .regions = 2 };
		struct computed once = compute_sequentially(&kernel_table[k], &problem);
		struct computed again = compute(&kernel_table[k], &twice, &problem);
		cr_assert(computed_equal(&once, &again), "%s: %s, then %s", kernel->name, once.text,
			again.text);
		computed_release(&once);
		computed_release(&again);
		free(source.pixels);
	}
}

static const char *const schedules[] = {
	"static",
	"static,1",
	"static,3",
	"dynamic,1",
	"dynamic,16",
	"guided",
	"guided,2",
	"auto",
};
static const unsigned teams[] = { 1, 2, 3, 7 };

/* n and width; one unit, fewer units than members, a prime count, grains that fit and that do not. */
static const struct {
	uint64_t n;
	uint32_t width; /* for kernels that make pictures */
	uint64_t grain;
} problems[] = {
	{ 1, 1, 1 },
	{ 1, 7, 1 },
	{ 7, 1, 1 },
	{ 3, 5, 1 },
	{ 1, 64, 1 },
	{ 31, 17, 1 },
	{ 31, 17, 4 },
	{ 32, 17, 8 },
	{ 2, 17, 64 },
	{ 1009, 0, 1 },
	{ 1009, 0, 10 },
	{ 1024, 0, 64 },
	{ 6, 0, 1 },
};

static bool close_enough(double a, double b, double tolerance)
{
	return fabs(a - b) <= tolerance * fmax(fabs(a), fabs(b));
}

/* Equal, or within the tolerance that the kernel asks for. */
static bool agree(
	const struct kernel *kernel, const struct computed *got, const struct computed *expected)
{
	const double *a = got->data, *b = expected->data;

	if (!kernel->tolerance)
		return computed_equal(got, expected);
	if (got->bytes != expected->bytes ||
		!close_enough(
			strtod(got->text, NULL), strtod(expected->text, NULL), kernel->tolerance))
		return false;
	for (size_t i = 0; i < got->bytes / sizeof(*a); i++)
		if (!close_enough(a[i], b[i], kernel->tolerance))
			return false;
	return true;
}

static void expect_every_schedule(const struct kernel_entry *entry, enum variant variant,
	const struct problem *problem, uint64_t grain)
{
	struct computed expected = compute_sequentially(entry, problem);

	for (size_t t = 0; t < LENGTH(teams); t++)
		for (size_t s = 0; s < LENGTH(schedules); s++) {
			struct how how = { variant, teams[t], { 0 }, grain, .regions = 1 };
			cr_assert_eq(schedule_parse(schedules[s], &how.schedule, NULL), 0);
			struct computed got = compute(entry, &how, problem);
			cr_assert(agree(entry->kernel, &got, &expected), "%s: %s, sequentially %s",
				describe_case(entry->kernel, &how, problem), got.text,
				expected.text);
			computed_release(&got);
		}
	computed_release(&expected);
}

/* Sizes take channel counts in turn, but the last picture takes all of them. */
static bool wanted(size_t problem, uint32_t channels)
{
	return problems[problem].grain == 4 || channels == 1 + problem % 4;
}

static void expect_every_channel(const struct kernel_entry *entry, enum variant variant, size_t i)
{
	for (uint32_t channels = 1; channels <= 4; channels++) {
		struct picture source = noise(problems[i].width, (uint32_t)problems[i].n, channels);
		const struct problem problem =
			problem_of(problems[i].n, problems[i].width, &source);
		if (wanted(i, channels))
			expect_every_schedule(entry, variant, &problem, problems[i].grain);
		free(source.pixels);
	}
}

static void expect_every_problem(const struct kernel_entry *entry, enum variant variant)
{
	const struct kernel *kernel = entry->kernel;

	for (size_t i = 0; i < LENGTH(problems); i++) {
		const struct problem plain =
			problem_of(soon(kernel, problems[i].n), problems[i].width, NULL);
		if (makes_picture(kernel) != !!problems[i].width)
			continue;
		if (kernel->takes_picture)
			expect_every_channel(entry, variant, i);
		else
			expect_every_schedule(entry, variant, &plain, problems[i].grain);
	}
}

struct pairing {
	unsigned kernel;
	enum variant variant;
};

static void free_pairings(struct criterion_test_params *pairings)
{
	cr_free(pairings->params);
}

/* All but the kernel that is made not to agree. */
ParameterizedTestParameters(kernels, every_variant_agrees_with_sequential)
{
	struct pairing *pairings = cr_malloc(kernel_count * VARIANTS * sizeof(*pairings));
	size_t count = 0;

	for (unsigned k = 0; k < kernel_count; k++)
		for (int v = SEQUENTIAL + 1; v < VARIANTS; v++)
			if (strcmp(kernel_table[k].kernel->name, "wrong"))
				pairings[count++] = (struct pairing) { k, v };
	return cr_make_param_array(struct pairing, pairings, count, free_pairings);
}

ParameterizedTest(struct pairing *p, kernels, every_variant_agrees_with_sequential)
{
	expect_every_problem(&kernel_table[p->kernel], p->variant);
}
