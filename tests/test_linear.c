/*
 * linear: no compiler may fold a kernel's loop away. Twice the n must take about twice the time.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "clock.h"
#include "image.h"
#include "machine/build.h"
#include "pattern.h"
#include "team/team.h"

enum {
	ATTEMPTS = 3,      /* since a machine may do other things at any time */
	REPETITIONS = 11,  /* of each size, in turn, of which the fastest counts */
	LONG_NS = 3000000, /* a region is made shorter than this */
	/*
	 * A loop that takes less, of a problem that should take milliseconds, does nothing; and
	 * stamps would decide about the ratio.
	 */
	NOTHING_NS = 10000
};

/* What linear time is told by: folded loops have 1 or less, linear ones 2, triangle 4. */
static const double least_ratio = 1.5;

/* A kernel's sequential variant, ready to run. */
struct ready {
	const struct kernel_entry *entry;
	struct clock clock;
	struct picture picture;
	struct input *input;
	struct team team;
};

static struct size size_of(const struct kernel *kernel, uint64_t n)
{
	return (struct size) {
		.n = n,
		.width = kernel->size.width,
		.height = kernel->size.width ? (uint32_t)n : 0,
	};
}

static void ready_init(struct ready *r, const struct kernel_entry *entry, uint64_t n)
{
	const struct kernel *kernel = entry->kernel;
	volatile uint64_t zero = 0;
	struct problem problem = { .size = size_of(kernel, n), .gamma = 2.2, .zero = zero };

	*r = (struct ready) { .entry = entry, .clock = clock_calibrate() };
	if (kernel->takes_picture) {
		cr_assert_eq(picture_generate(
				     problem.size.width, problem.size.height, &r->picture, NULL),
			0);
		problem.picture = &r->picture;
	}
	r->input = calloc(1, kernel->input_bytes);
	cr_assert_not_null(r->input);
	cr_assert_eq(kernel->setup(r->input, &problem), 0, "%s: no input", kernel->name);
	const struct team_plan plan = { .kernel = kernel,
		.input = r->input,
		.n = n,
		.grain = 1,
		.variant = SEQUENTIAL,
		.threads = 1,
		.clock = &r->clock };
	cr_assert_eq(team_init(&r->team, &plan, NULL), 0);
	if (kernel->fill)
		cr_assert_eq(team_fill(&r->team, kernel->fill, NULL), 0);
}

static void ready_release(struct ready *r)
{
	team_release(&r->team);
	if (r->entry->kernel->release)
		r->entry->kernel->release(r->input);
	free(r->input);
	picture_release(&r->picture);
}

static uint64_t time_of_region(struct ready *r)
{
	team_reset(&r->team);
	cr_assert_eq(r->entry->region[SEQUENTIAL](&r->team), 0);
	return clock_ns_between(&r->clock, r->team.fork, r->team.join);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t time_of(const struct kernel_entry *entry, uint64_t n)
{
	struct ready r;

	ready_init(&r, entry, n);
	const uint64_t ns = smaller(time_of_region(&r), time_of_region(&r));
	ready_release(&r);
	return ns;
}

/* An eighth of the default n, halved until a region is short, or doubled until stamps are. */
static uint64_t short_n(const struct kernel_entry *entry)
{
	const uint64_t least = 4, most = 8 * entry->kernel->size.n;
	uint64_t n = entry->kernel->size.n / 8 + 1;

	while (n >= least && time_of(entry, n) >= LONG_NS)
		n /= 2;
	while (n < most && time_of(entry, n) < 4 * NOTHING_NS)
		n *= 2;
	return n;
}

/* How many times as long twice the n takes. */
static double ratio_of(const struct kernel_entry *entry, uint64_t n)
{
	uint64_t once_ns = UINT64_MAX, twice_ns = UINT64_MAX;
	struct ready once, twice;

	ready_init(&once, entry, n);
	ready_init(&twice, entry, 2 * n);
	for (int i = 0; i < REPETITIONS; i++) {
		once_ns = smaller(once_ns, time_of_region(&once));
		twice_ns = smaller(twice_ns, time_of_region(&twice));
	}
	ready_release(&once);
	ready_release(&twice);
	return (double)twice_ns / (double)(once_ns > NOTHING_NS ? once_ns : NOTHING_NS);
}

/* The largest ratio of some attempts, which end once one is large enough. */
static double ratio_at_best(const struct kernel_entry *entry)
{
	const uint64_t n = short_n(entry);
	double best = 0;

	for (int attempt = 0; attempt < ATTEMPTS && best <= least_ratio; attempt++) {
		const double ratio = ratio_of(entry, n);
		best = ratio > best ? ratio : best;
	}
	return best;
}

/* Kernels that are there to be noticed: one that compilers fold, some that do hardly anything. */
static bool is_planted(const struct kernel *kernel)
{
	return !strcmp(kernel->name, "folded") || !strcmp(kernel->name, "wrong") ||
		!strcmp(kernel->name, "delayed") || !strcmp(kernel->name, "policy");
}

/* Of a steep one, twice the n would take forever; one that waits has no loop. */
static bool can_be_doubled(const struct kernel *kernel)
{
	return !is_planted(kernel) && !kernel->steep && !kernel->begin;
}

static void free_names(struct criterion_test_params *names)
{
	cr_free(names->params);
}

struct name {
	char of_kernel[64];
};

ParameterizedTestParameters(linear, time_of_each_kernel_doubles_with_n)
{
	struct name *names = cr_malloc(kernel_count * sizeof(*names));
	size_t count = 0;

	for (unsigned k = 0; k < kernel_count; k++)
		if (can_be_doubled(kernel_table[k].kernel))
			snprintf(names[count++].of_kernel, sizeof(names->of_kernel), "%s",
				kernel_table[k].kernel->name);
	return cr_make_param_array(struct name, names, count, free_names);
}

ParameterizedTest(struct name *name, linear, time_of_each_kernel_doubles_with_n)
{
	const double ratio = ratio_at_best(kernel_find(name->of_kernel));

	cr_assert_gt(ratio, least_ratio,
		"%s: twice the n takes %.3g times as long: is its loop folded?", name->of_kernel,
		ratio);
}

/* At -O1 gcc folds nothing. */
static bool compiler_folds(void)
{
	const char *flags = build_flags();

	return flags && (strstr(flags, "-O2") || strstr(flags, "-O3"));
}

Test(linear, check_notices_a_loop_that_is_folded)
{
	const struct kernel_entry *folded = kernel_find("folded");

	if (!compiler_folds())
		cr_skip_test("built without -O2 or -O3");
	cr_assert_not_null(folded, "build with KERNELS=tests/kernels/folded.c");
	const double ratio = ratio_at_best(folded);
	cr_assert_lt(ratio, least_ratio, "twice the n takes %.3g times as long", ratio);
}
