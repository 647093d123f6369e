/*
 * kernels: each against a formula or an independent reference, then every kernel in the table, under
 * every variant, schedule and awkward size, against its sequential self.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <malloc.h>

#include "harness.h"
#include "reference.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const double test_gamma = 2.2;

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

static const struct kernel_entry *find(const char *name)
{
	const struct kernel_entry *entry = kernel_find(name);

	cr_assert_not_null(entry, "there is no kernel %s", name);
	return entry;
}

static bool makes_picture(const struct kernel *kernel)
{
	return kernel->size.width != 0;
}

/* n elements, or if there is a width, a picture's n rows. */
static struct problem problem_of(uint64_t n, uint32_t width, const struct picture *picture)
{
	return (struct problem) {
		.size = { .n = n, .width = width, .height = width ? (uint32_t)n : 0 },
		.picture = picture,
		.gamma = test_gamma,
		.recipe = { .scale = soon_answered },
	};
}

/* One that suits the kernel: of the picture's size, or 1009 elements at most. */
static struct problem small_problem(const struct kernel *kernel, const struct picture *picture)
{
	if (makes_picture(kernel))
		return problem_of(picture->height, picture->width, picture);
	return problem_of(soon(kernel, 1009), 0, NULL);
}

/* ---- numbers ---- */

static void expect_number(const char *name, uint64_t n, uint64_t expected)
{
	const struct problem problem = problem_of(n, 0, NULL);
	struct computed got = compute_sequentially(find(name), &problem);
	char text[RESULT_BYTES];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)expected);
	cr_assert_str_eq(got.text, text, "%s of n=%llu is %s, expected %s", name,
		(unsigned long long)n, got.text, text);
	computed_release(&got);
}

static const uint64_t lengths[] = { 1, 2, 3, 7, 64, 1009, 65536, 1000003 };

Test(kernels, sum_squares_is_the_formula)
{
	for (size_t i = 0; i < LENGTH(lengths); i++)
		expect_number("sum_squares", lengths[i], reference_sum_squares(lengths[i]));
}

Test(kernels, sum_squares_wraps_at_64_bits)
{
	const uint64_t n = 5000000;

	cr_assert_gt((double)n * (double)n * (double)n / 3, 0x1p64, "this n does not wrap");
	expect_number("sum_squares", n, reference_sum_squares(n));
}

Test(kernels, count_up_is_the_formula)
{
	for (size_t i = 0; i < LENGTH(lengths); i++)
		expect_number("count_up", lengths[i], reference_count(lengths[i]));
}

Test(kernels, count_down_is_the_formula)
{
	for (size_t i = 0; i < LENGTH(lengths); i++)
		expect_number("count_down", lengths[i], reference_count(lengths[i]));
}

Test(kernels, triangle_is_the_plain_double_loop)
{
	static const uint64_t rows[] = { 1, 2, 3, 8, 64, 1009 };

	for (size_t i = 0; i < LENGTH(rows); i++)
		expect_number("triangle", rows[i], reference_triangle(rows[i]));
}

Test(kernels, triad_is_the_plain_expression)
{
	for (size_t i = 0; i < LENGTH(lengths); i++) {
		const struct problem problem = problem_of(lengths[i], 0, NULL);
		struct computed got = compute_sequentially(find("triad"), &problem);
		const double *a = got.data;
		cr_assert_eq(got.bytes, lengths[i] * sizeof(*a));
		for (uint64_t e = 0; e < lengths[i]; e++)
			cr_assert_eq(a[e], reference_triad(e), "a[%llu] is %.17g, expected %.17g",
				(unsigned long long)e, a[e], reference_triad(e));
		computed_release(&got);
	}
}

Test(kernels, primes_are_those_of_a_sieve)
{
	static const uint64_t ends[] = { 1, 2, 3, 4, 5, 9, 10, 25, 26, 49, 50, 121, 1009, 1010,
		65536 };

	for (size_t i = 0; i < LENGTH(ends); i++)
		expect_number("primes", ends[i], reference_primes(ends[i]));
}

Test(kernels, primes_below_a_million_are_78498)
{
	expect_number("primes", 1000000, 78498);
}

Test(kernels, queens_are_those_of_the_plain_search)
{
	for (int n = 1; n <= 8; n++) {
		int columns[8];
		expect_number("queens", (uint64_t)n, reference_queens(n, 0, columns));
	}
}

Test(kernels, queens_are_as_many_as_is_known)
{
	expect_number("queens", 8, 92);
	expect_number("queens", 10, 724);
	expect_number("queens", 12, 14200);
}

static const uint64_t seeds[] = { 0, 1, 4294967295 };

Test(kernels, histogram_is_the_plain_count)
{
	static const uint64_t sizes[] = { 1, 7, 8, 9, 255, 4096, 30011, 70001 };

	for (size_t i = 0; i < LENGTH(sizes) * LENGTH(seeds); i++) {
		struct problem problem = problem_of(sizes[i / LENGTH(seeds)], 0, NULL);
		char expected[RESULT_BYTES];
		problem.recipe.seed = seeds[i % LENGTH(seeds)];
		struct computed got = compute_sequentially(find("histogram"), &problem);
		reference_histogram(problem.size.n, problem.recipe.seed, expected);
		cr_assert_str_eq(got.text, expected, "n=%llu, seed %llu: %s, expected %s",
			(unsigned long long)problem.size.n, (unsigned long long)problem.recipe.seed,
			got.text, expected);
		computed_release(&got);
	}
}

Test(kernels, stencil_is_the_plain_average)
{
	static const int rows[] = { 1, 2, 3, 17 };

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct problem problem = problem_of((uint64_t)rows[i], 0, NULL);
		struct computed got = compute_sequentially(find("stencil"), &problem);
		const double *to = got.data;
		cr_assert_eq(got.bytes, (size_t)rows[i] * 1024 * sizeof(*to));
		for (int y = 0; y < rows[i]; y++)
			for (int x = 0; x < 1024; x++, to++)
				cr_assert_eq(*to, reference_stencil(x, y, rows[i]),
					"(%d, %d) of %d rows is %.17g, expected %.17g", x, y,
					rows[i], *to, reference_stencil(x, y, rows[i]));
		computed_release(&got);
	}
}

/* SplitMix64's first numbers from 0, as other programs print them. */
Test(kernels, random_numbers_are_SplitMix64)
{
	static const uint64_t known[] = { 0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4,
		0x06c45d188009454f };

	for (size_t i = 0; i < LENGTH(known); i++)
		cr_expect_eq(random_of(0, i), known[i], "%zu", i);
	for (size_t i = 0; i < 100; i++)
		cr_expect_eq(random_of(12345, i), reference_random(12345, i), "%zu", i);
}

/* ---- collatz ---- */

static void expect_collatz(uint64_t n, const char *expected)
{
	const struct problem problem = problem_of(n, 0, NULL);
	struct computed got = compute_sequentially(find("collatz"), &problem);

	cr_assert_str_eq(got.text, expected, "collatz of n=%llu is %s, expected %s",
		(unsigned long long)n, got.text, expected);
	computed_release(&got);
}

Test(kernels, collatz_is_the_plain_walk)
{
	static const uint64_t starts[] = { 1, 2, 3, 9, 27, 64, 1009, 30011 };

	for (size_t i = 0; i < LENGTH(starts); i++) {
		char expected[RESULT_BYTES];
		reference_collatz(starts[i], expected);
		expect_collatz(starts[i], expected);
	}
}

Test(kernels, collatz_finds_the_known_longest_below_a_million)
{
	expect_collatz(1000000, "524:837799:131434424");
}

Test(kernels, collatz_takes_the_smaller_of_two_starts)
{
	/* 12 and 13 both take 9 steps. */
	const struct kernel *collatz = find("collatz")->kernel;
	const struct {
		uint64_t steps, start, total;
	} later = { 9, 13, 9 }, sooner = { 9, 12, 9 };
	char either_way[2][RESULT_BYTES];

	cr_assert_eq(collatz->partial_bytes, sizeof(later), "the test knows the partial's layout");
	for (int swap = 0; swap < 2; swap++) {
		uint64_t total[3] = { 0 };
		collatz->combine((void *)total, (const void *)(swap ? &later : &sooner));
		collatz->combine((void *)total, (const void *)(swap ? &sooner : &later));
		collatz->result((const void *)total, either_way[swap]);
		cr_assert_str_eq(either_way[swap], "9:12:18");
	}
}

Test(kernels, collatz_leaves_64_bits_just_after_its_limit)
{
	const uint64_t limit = find("collatz")->kernel->limit;

	cr_assert_neq(reference_collatz_steps(limit), UINT64_MAX);
	cr_assert_eq(reference_collatz_steps(limit + 1), UINT64_MAX);
}

/* ---- pictures ---- */

struct shape {
	uint32_t width, height;
};

/* Around the edges of what is done at a time, tiles of 256 pixels; see WIDTHS for vectors. */
static const struct shape shapes[] = {
	{ 1, 1 },
	{ 1, 7 },
	{ 7, 1 },
	{ 2, 2 },
	{ 3, 2 },
	{ 2, 3 },
	{ 5, 3 },
	{ 64, 1 },
	{ 17, 31 },
	{ 31, 4 },
	{ 32, 4 },
	{ 33, 4 },
	{ 255, 2 },
	{ 256, 3 },
	{ 257, 3 },
	{ 258, 2 },
	{ 1025, 2 },
};

/* And each of so many, two vectors of 64 bytes and more, 3 rows high. */
enum { WIDTHS = 140 };

static struct computed compute_picture(const char *name, const struct picture *source)
{
	const struct problem problem = problem_of(source->height, source->width, source);
	struct computed got = compute_sequentially(find(name), &problem);

	cr_assert_not_null(got.picture.pixels, "%s makes no picture", name);
	cr_assert_eq(got.picture.width, source->width);
	cr_assert_eq(got.picture.height, source->height);
	cr_assert_eq(got.bytes, row_bytes(&got.picture) * got.picture.height);
	return got;
}

/* What a pixel kernel should make of one channel of one pixel. */
typedef uint8_t pixel_fn(const struct picture *source, int x, int y, int channel);

static void expect_pixels(const char *name, const struct picture *source, pixel_fn *expected)
{
	struct computed got = compute_picture(name, source);
	const int channels = (int)got.picture.channels;
	const uint8_t *pixel = got.picture.pixels;

	for (int y = 0; y < (int)source->height; y++)
		for (int x = 0; x < (int)source->width; x++)
			for (int c = 0; c < channels; c++, pixel++)
				cr_assert_eq(*pixel, expected(source, x, y, c),
					"%s of %ux%u x %u channels: (%d, %d) channel %d is %d, "
					"expected %d",
					name, source->width, source->height, source->channels, x, y,
					c, *pixel, expected(source, x, y, c));
	computed_release(&got);
}

static struct picture noise_of(size_t i, uint32_t channels)
{
	return i < LENGTH(shapes) ? noise(shapes[i].width, shapes[i].height, channels)
				  : noise((uint32_t)(i - LENGTH(shapes) + 1), 3, channels);
}

static void expect_every_shape(const char *name, pixel_fn *expected)
{
	for (uint32_t channels = 1; channels <= 4; channels++)
		for (size_t i = 0; i < LENGTH(shapes) + WIDTHS; i++) {
			struct picture source = noise_of(i, channels);
			expect_pixels(name, &source, expected);
			free(source.pixels);
		}
}

static uint8_t gamma_22(const struct picture *source, int x, int y, int channel)
{
	return reference_gamma(source, x, y, channel, test_gamma);
}

static uint8_t sobel(const struct picture *source, int x, int y, int channel)
{
	(void)channel;
	return reference_sobel(source, x, y);
}

static uint8_t mandelbrot(const struct picture *source, int x, int y, int channel)
{
	(void)channel;
	return reference_mandelbrot((uint32_t)x, (uint32_t)y, source->width, source->height);
}

Test(kernels, pixel_invert_is_the_formula)
{
	expect_every_shape("pixel_invert", reference_invert);
}

Test(kernels, pixel_gray_is_the_formula)
{
	expect_every_shape("pixel_gray", reference_gray);
}

Test(kernels, pixel_gamma_is_the_formula)
{
	expect_every_shape("pixel_gamma", gamma_22);
}

Test(kernels, pixel_blur_is_the_plain_25_taps)
{
	expect_every_shape("pixel_blur", reference_blur);
}

Test(kernels, pixel_sobel_is_the_plain_convolution)
{
	expect_every_shape("pixel_sobel", sobel);
}

/* The sums of a white picture are the largest there are. */
Test(kernels, pixel_blur_keeps_white_white)
{
	struct picture white = noise(67, 5, 4);

	memset(white.pixels, 255, row_bytes(&white) * white.height);
	struct computed got = compute_picture("pixel_blur", &white);
	cr_assert_arr_eq(got.data, white.pixels, got.bytes);
	computed_release(&got);
	free(white.pixels);
}

static uint32_t channels_made(const char *name, uint32_t channels)
{
	struct picture source = noise(2, 2, channels);
	struct computed got = compute_picture(name, &source);
	const uint32_t made = got.picture.channels;

	computed_release(&got);
	free(source.pixels);
	return made;
}

Test(kernels, channels_of_the_output)
{
	static const struct {
		const char *name;
		uint32_t made[5]; /* of that many */
	} expected[] = {
		{ "pixel_invert", { 0, 1, 2, 3, 4 } },
		{ "pixel_gray", { 0, 1, 2, 1, 2 } },
		{ "pixel_gamma", { 0, 1, 2, 3, 4 } },
		{ "pixel_blur", { 0, 1, 2, 3, 4 } },
		{ "pixel_sobel", { 0, 1, 1, 1, 1 } },
	};

	for (size_t i = 0; i < LENGTH(expected); i++)
		for (uint32_t channels = 1; channels <= 4; channels++)
			cr_assert_eq(channels_made(expected[i].name, channels),
				expected[i].made[channels], "%s of %u channels", expected[i].name,
				channels);
}

Test(kernels, pixel_gamma_refuses_what_is_no_gamma)
{
	const struct kernel *kernel = find("pixel_gamma")->kernel;
	static const double wrong[] = { 0, -1, NAN };
	struct picture source = noise(2, 2, 3);

	for (size_t i = 0; i < LENGTH(wrong); i++) {
		struct problem problem = problem_of(2, 2, &source);
		struct input *input = calloc(1, kernel->input_bytes);
		problem.gamma = wrong[i];
		cr_assert_eq(kernel->setup(input, &problem), -EINVAL, "gamma %g", wrong[i]);
		free(input);
	}
	free(source.pixels);
}

Test(kernels, mandelbrot_is_the_plain_loop)
{
	static const struct shape sizes[] = {
		{ 1, 1 },
		{ 1, 7 },
		{ 7, 1 },
		{ 31, 3 },
		{ 32, 3 },
		{ 33, 3 },
		{ 100, 71 },
	};

	for (size_t i = 0; i < LENGTH(sizes); i++) {
		const struct picture shape = {
			.width = sizes[i].width, .height = sizes[i].height, .channels = 1
		};
		expect_pixels("mandelbrot", &shape, mandelbrot);
	}
}

/* ---- the table ---- */

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
			struct picture source = noise(1 + i / 4, 2, 1 + i % 4);
			const struct problem problem = small_problem(kernel, &source);
			struct input *input = calloc(1, kernel->input_bytes);
			const uint8_t *behind =
				behind_output(&kernel_table[k], &problem, input, 0x5a);
			for (int b = 0; b < READ_PAST; b++)
				cr_assert_eq(behind[b], 0x5a, "%s %ux2 x %u: byte %d behind",
					kernel->name, source.width, source.channels, b);
			kernel->release(input);
			free(input);
			free(source.pixels);
		}
	}
}

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

/* ---- every kernel, variant, schedule, team and awkward size ---- */

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
