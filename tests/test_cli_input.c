/*
 * cli, input: help, lists, and what is refused, with which message, before anything is done.
 */
#include "cli_pictures.h"
#include "cli_refused.h"
#include "launch.h"

/* ---- pictures that are none ---- */

static uint32_t crc32_of(const uint8_t *data, size_t bytes)
{
	uint32_t crc = ~0u;

	for (size_t i = 0; i < bytes; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

static void put_big_endian(uint8_t *to, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* A PNG of 8-bit RGB that claims a size, and has no pixels. */
static void put_claim(const char *path, uint32_t width, uint32_t height)
{
	uint8_t png[45] = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";

	put_big_endian(png + 16, width);
	put_big_endian(png + 20, height);
	memcpy(png + 24, "\x08\x02\0\0\0", 5);
	put_big_endian(png + 29, crc32_of(png + 12, 17));
	memcpy(png + 37, "IDAT", 4);
	put_big_endian(png + 41, crc32_of(png + 37, 4));
	put_file(path, png, sizeof(png));
}

static void put_cut(const char *path, const char *from)
{
	struct stat status;

	cr_assert_eq(stat(from, &status), 0);
	put_file(path, file_text(from), (size_t)status.st_size / 2);
}

static void put_pictures(void)
{
	static uint8_t pixels[64 * 64 * 4];

	for (size_t i = 0; i < sizeof(pixels); i++)
		pixels[i] = (uint8_t)(i * i >> 3);
	enter_directory();
	put_png("good.png", 64, 64, PNG_FORMAT_RGB, pixels);
	put_png("alpha.png", 64, 64, PNG_FORMAT_RGBA, pixels);
	put_cut("cut.png", "good.png");
	put_text("cut.ppm", "P6\n64 64\n255\nthis is too short");
	put_text("empty.png", "");
	put_text("text.png", "This is not a picture, but a sentence.\n");
	put_text("zero.ppm", "P6\n0 64\n255\n");
	put_text("zero.pgm", "P5\n64 0\n255\n");
	put_claim("zero.png", 0, 64);
	put_text("huge.ppm", "P6\n1000000 1000000\n255\n");
	put_claim("huge.png", 1000000, 1000000);
	put_text("kept.png", untouched);
	cr_assert_eq(mkdir("folder.png", 0777), 0);
}

TestSuite(refused, .init = put_pictures, .fini = leave_directory, .timeout = 60);

#define REFUSED(name, option, right, ...)                                                          \
	Test(refused, name)                                                                        \
	{                                                                                          \
		expect_early_refusal(option, right, "kept.png", 1.5, ARGUMENTS(__VA_ARGS__));      \
	}

/* clang-format off */
REFUSED(unknown_command, "'sweap'", "'sweep'", "sweap")
REFUSED(unknown_command_far_from_any, "'xylophone'", "tine --help", "xylophone")
REFUSED(help_of_an_unknown_command, "'sweap'", "'sweep'", "help", "sweap")
REFUSED(unknown_kernel, "'sum_square'", "'sum_squares'", "run", "sum_square")
REFUSED(unknown_kernel_far_from_any, "'xylophone'", "tine list", "run", "xylophone")
REFUSED(unknown_kernel_after_a_known, "'colatz'", "'collatz'", "run", "pi", "colatz")
REFUSED(unknown_kernel_of_a_sweep, "'triads'", "'triad'", "sweep", "triads")
REFUSED(unknown_variant, "--variant opnmp", "'openmp'", "run", "pi", "--variant", "opnmp")
REFUSED(unknown_variant_in_a_list, "--variant opnmp", "'openmp'", "run", "pi", "--variant", "pool,opnmp")
REFUSED(empty_variant_in_a_list, "--variant : it is", "pool", "run", "pi", "--variant", "pool,")
REFUSED(unknown_variant_far_from_any, "--variant gpu: it is", "pool", "run", "pi", "--variant", "gpu")
REFUSED(unknown_schedule, "--schedule", "did you mean 'dynamic'", "run", "pi", "--schedule", "dynamik")
REFUSED(unknown_schedule_with_chunk, "--schedule", "did you mean 'guided'", "run", "pi", "--schedule", "gided,4")
REFUSED(unknown_option, "'--thread'", "'--threads'", "run", "pi", "--thread", "2")
REFUSED(unknown_option_with_value, "'--thread", "'--threads'", "run", "pi", "--thread=2")
REFUSED(unknown_option_is_not_answered_with_another_commands, "'--outpt'", "'--out'", "sweep", "--outpt", "x")
REFUSED(option_of_another_command, "--quick is no option of tine run", "belongs to: sweep", "run", "pi", "--quick")
REFUSED(option_that_several_read_in_their_own_way, "--format is no option of tine sweep", "run tasks compare", "sweep", "pi", "--format", "csv")
REFUSED(option_of_other_commands, "--threads is no option of tine doctor", "belongs to: run sweep", "doctor", "--threads", "2")
REFUSED(unknown_format, "--format", "markdown", "run", "pi", "--format", "xml")
REFUSED(unknown_bind, "--bind", "cores", "run", "pi", "--bind", "core")
REFUSED(option_without_its_value, "--threads", "1,2,4", "run", "pi", "--threads")
REFUSED(value_for_a_switch, "--quick", "no value", "sweep", "--quick=yes")
REFUSED(run_without_kernel, "KERNEL", "--help", "run")
REFUSED(report_without_run, "RUN", "--help", "report")
REFUSED(report_of_two_runs, "'b'", "one argument", "report", "a", "b")
REFUSED(doctor_of_something, "'pi'", "one argument", "doctor", "pi")
REFUSED(list_of_something, "'pi'", "one argument", "list", "pi")

REFUSED(threads_zero, "--threads 0", "1 to 4096", "run", "pi", "--threads", "0")
REFUSED(threads_negative, "--threads -1", "1 to 4096", "run", "pi", "--threads", "-1")
REFUSED(threads_over_the_most, "--threads 4097", "1 to 4096", "run", "pi", "--threads", "4097")
REFUSED(threads_with_a_gap, "--threads 1,,2", "1,2,4", "run", "pi", "--threads", "1,,2")
REFUSED(threads_with_an_open_end, "--threads 1,2,", "1,2,4", "run", "pi", "--threads", "1,2,")
REFUSED(threads_empty, "--threads", "1,2,4", "run", "pi", "--threads", "")
REFUSED(threads_a_word, "--threads abc", "'all'", "run", "pi", "--threads", "abc")
REFUSED(threads_with_a_tail, "--threads 2x", "1 to 4096", "run", "pi", "--threads", "2x")
REFUSED(threads_broken, "--threads 1.5", "1 to 4096", "run", "pi", "--threads", "1.5")
REFUSED(threads_overflowing, "--threads", "1 to 4096", "run", "pi", "--threads", "18446744073709551617")
REFUSED(threads_of_a_sweep, "--threads 0", "1 to 4096", "sweep", "--threads", "0")

REFUSED(chunk_zero, "--schedule", "from 1", "run", "pi", "--schedule", "dynamic,0")
REFUSED(chunk_negative, "--schedule", "from 1", "run", "pi", "--schedule", "static,-4")
REFUSED(chunk_empty, "--schedule", "from 1", "run", "pi", "--schedule", "static,")
REFUSED(chunk_a_word, "--schedule", "from 1", "run", "pi", "--schedule", "static,few")
REFUSED(chunk_overflowing, "--schedule", "from 1", "run", "pi", "--schedule", "static,18446744073709551616")
REFUSED(chunk_of_auto, "--schedule", "auto takes no chunk", "run", "pi", "--schedule", "auto,4")

REFUSED(size_zero, "--size 0", "from 1", "run", "pi", "--size", "0")
REFUSED(size_negative, "--size -5", "from 1", "run", "pi", "--size", "-5")
REFUSED(size_overflowing, "--size 18446744073709551616", "from 1", "run", "pi", "--size", "18446744073709551616")
REFUSED(size_a_word, "--size big", "from 1", "run", "pi", "--size", "big")
REFUSED(size_empty, "--size", "from 1", "run", "pi", "--size", "")
REFUSED(size_without_height, "--size 12x", "1920x1080", "run", "mandelbrot", "--size", "12x")
REFUSED(size_without_width, "--size x12", "1920x1080", "run", "mandelbrot", "--size", "x12")
REFUSED(size_of_no_height, "--size 12x0", "1920x1080", "run", "mandelbrot", "--size", "12x0")
REFUSED(size_of_no_width, "--size 0x12", "1920x1080", "run", "mandelbrot", "--size", "0x12")
REFUSED(size_of_three_sides, "--size 1x2x3", "1920x1080", "run", "mandelbrot", "--size", "1x2x3")
REFUSED(size_of_a_picture_for_integers, "--size", "a number", "run", "pi", "--size", "12x12")
REFUSED(size_of_integers_for_a_picture, "--size", "WIDTHxHEIGHT", "run", "mandelbrot", "--size", "12")
REFUSED(size_larger_than_memory, "--size 1000000000000", "memory", "run", "triad", "--size", "1000000000000")
REFUSED(size_whose_bytes_overflow, "--size 9223372036854775807", "memory", "run", "triad", "--size", "9223372036854775807")
REFUSED(size_of_a_picture_larger_than_memory, "--size 1000000x1000000", "memory", "run", "mandelbrot", "--size", "1000000x1000000")
REFUSED(size_of_a_picture_wider_than_any, "--size 2097152x1", "1048576", "run", "pixel_invert", "--size", "2097152x1")
REFUSED(size_beyond_what_is_exact, "--size", "exact", "run", "collatz", "--size", "9223372036854775807")

REFUSED(grain_zero, "--grain 0", "from 1", "run", "pi", "--grain", "0")
REFUSED(grain_a_word, "--grain few", "from 1", "run", "pi", "--grain", "few")
REFUSED(launches_zero, "--launches 0", "from 1", "run", "pi", "--launches", "0")
REFUSED(samples_zero, "--samples 0", "from 1", "run", "pi", "--samples", "0")
REFUSED(samples_over_the_most, "--samples 1001", "1000", "run", "pi", "--samples", "1001")
REFUSED(precision_zero, "--precision 0", "over 0 to 100", "run", "pi", "--precision", "0")
REFUSED(precision_negative, "--precision -1", "over 0 to 100", "run", "pi", "--precision", "-1")
REFUSED(precision_over_all, "--precision 101%", "over 0 to 100", "run", "pi", "--precision", "101%")
REFUSED(precision_a_word, "--precision high", "1%", "run", "pi", "--precision", "high")
REFUSED(precision_no_number, "--precision nan", "1%", "run", "pi", "--precision", "nan")
REFUSED(precision_infinite, "--precision inf", "1%", "run", "pi", "--precision", "inf")
REFUSED(precision_empty, "--precision", "1%", "run", "pi", "--precision", "")
REFUSED(precision_with_a_tail, "--precision 1%%", "over 0 to 100", "run", "pi", "--precision", "1%%")
REFUSED(precision_of_a_sweep, "--precision 0%", "over 0 to 100", "sweep", "--precision", "0%")
REFUSED(budget_zero, "--budget 0", "90s", "run", "pi", "--budget", "0")
REFUSED(budget_negative, "--budget -5s", "over 0", "run", "pi", "--budget", "-5s")
REFUSED(budget_a_word, "--budget long", "90s", "run", "pi", "--budget", "long")
REFUSED(budget_in_days, "--budget 5d", "2h", "run", "pi", "--budget", "5d")
REFUSED(limit_zero, "--limit 0s", "over 0", "run", "pi", "--limit", "0s")
REFUSED(limit_no_number, "--limit nan", "90s", "run", "pi", "--limit", "nan")
REFUSED(scaling_unknown, "--scaling week", "strong or weak", "run", "pi", "--scaling", "week")
REFUSED(scaling_beyond_64_bits, "--scaling weak: sum_squares", "4 threads", "run", "sum_squares", "--scaling", "weak", "--size", "9000000000000000000", "--threads", "4")
REFUSED(scaling_beyond_the_largest_size, "--scaling weak: sum_squares", "2 threads", "run", "sum_squares", "--scaling", "weak", "--size", "9000000000000000000", "--threads", "2", "--limit", "1s", "--launches", "1")
REFUSED(scaling_beyond_the_highest_picture, "--scaling weak: mandelbrot", "2 threads", "run", "mandelbrot", "--scaling", "weak", "--size", "1x2147483647", "--threads", "2")
REFUSED(scaling_beyond_memory, "--scaling weak", "memory", "run", "triad", "--scaling", "weak", "--size", "10000000", "--threads", "4096")
REFUSED(scaling_of_a_picture_that_is_given, "--scaling weak", "--image", "run", "pixel_invert", "--scaling", "weak", "--image", "good.png", "--threads", "2")
REFUSED(gamma_zero, "--gamma 0", "from 0.01", "run", "pixel_gamma", "--gamma", "0")
REFUSED(gamma_no_number, "--gamma nan", "from 0.01", "run", "pixel_gamma", "--gamma", "nan")
REFUSED(scaling_of_a_steep_kernel, "--scaling weak: queens", "out of all proportion", "run", "queens", "--scaling", "weak", "--threads", "2")
REFUSED(size_of_a_board_beyond_what_is_known, "--size 28", "up to 27", "run", "queens", "--size", "28")
REFUSED(shape_unknown, "--shape risen", "'rising'", "run", "synthetic", "--shape", "risen")
REFUSED(shape_unknown_and_far_from_any, "--shape xylophone: it is constant", "heavy-tailed or giant", "run", "synthetic", "--shape", "xylophone")
REFUSED(shape_empty, "--shape", "constant", "run", "synthetic", "--shape", "")
REFUSED(shape_of_a_sweep, "--shape risen", "'rising'", "sweep", "--shape", "risen")
REFUSED(shape_for_a_kernel_without, "--shape: pi takes none", "synthetic", "run", "pi", "--shape", "rising")
REFUSED(shape_for_an_unknown_kernel, "'sintetic'", "'synthetic'", "run", "sintetic", "--shape", "rising")
REFUSED(mean_zero, "--mean-ns 0", "from 1", "run", "synthetic", "--mean-ns", "0")
REFUSED(mean_over_the_most, "--mean-ns 1000000001", "to 1000000000", "run", "synthetic", "--mean-ns", "1000000001")
REFUSED(mean_a_word, "--mean-ns few", "from 1", "run", "synthetic", "--mean-ns", "few")
REFUSED(mean_for_a_kernel_without, "--mean-ns: pi takes none", "synthetic", "run", "pi", "--mean-ns", "5")
REFUSED(seed_negative, "--seed -1", "from 0", "sweep", "--seed", "-1")

REFUSED(image_missing, "--image", "missing.png", "run", "pixel_invert", "--image", "missing.png")
REFUSED(image_empty, "--image", "empty.png", "run", "pixel_invert", "--image", "empty.png")
REFUSED(image_cut_png, "--image", "cut.png", "run", "pixel_invert", "--image", "cut.png")
REFUSED(image_cut_ppm, "--image", "cut.ppm", "run", "pixel_invert", "--image", "cut.ppm")
REFUSED(image_a_text, "--image", "text.png", "run", "pixel_invert", "--image", "text.png")
REFUSED(image_a_directory, "--image", "folder.png", "run", "pixel_invert", "--image", "folder.png")
REFUSED(image_of_no_pixels_png, "--image", "zero.png", "run", "pixel_invert", "--image", "zero.png")
REFUSED(image_of_no_width_ppm, "--image", "zero.ppm", "run", "pixel_invert", "--image", "zero.ppm")
REFUSED(image_of_no_height_pgm, "--image", "zero.pgm", "run", "pixel_invert", "--image", "zero.pgm")
REFUSED(image_that_claims_too_much_png, "--image", "1000000", "run", "pixel_invert", "--image", "huge.png")
REFUSED(image_that_claims_too_much_ppm, "--image", "1000000", "run", "pixel_invert", "--image", "huge.ppm")
REFUSED(image_of_a_sweep, "--image", "missing.png", "sweep", "--image", "missing.png")
REFUSED(image_for_integers, "--image", "pixel", "run", "pi", "--image", "good.png")
REFUSED(image_and_size, "--image", "--size", "run", "pixel_invert", "--image", "good.png", "--size", "8x8")

REFUSED(output_in_a_missing_directory, "--output nowhere/x.png", "No such file", "run", "pixel_invert", "--output", "nowhere/x.png")
REFUSED(output_in_proc, "--output /proc/x.png", "cannot be written", "run", "pixel_invert", "--output", "/proc/x.png")
REFUSED(output_of_an_unknown_kind, "--output", ".png", "run", "pixel_invert", "--output", "x.jpg")
REFUSED(output_without_an_ending, "--output", ".png", "run", "pixel_invert", "--output", "picture")
REFUSED(output_to_a_directory, "--output folder.png", "directory", "run", "pixel_invert", "--output", "folder.png")
REFUSED(output_of_a_kernel_without_picture, "--output", "pi", "run", "pi", "--output", "kept.png")
REFUSED(output_of_an_array, "--output", "triad", "run", "triad", "--output", "kept.png")
REFUSED(output_of_two_kernels, "--output", "one kernel", "run", "pixel_invert", "pixel_gray", "--size", "64x64", "--output", "kept.png")
REFUSED(output_of_colour_as_pgm, "--output", "colour", "run", "pixel_invert", "--size", "64x64", "--output", "x.pgm")
REFUSED(output_of_alpha_as_ppm, "--output", "alpha", "run", "pixel_invert", "--image", "alpha.png", "--output", "x.ppm")

REFUSED(out_that_is_there, "--out folder.png", "new directory", "sweep", "--out", "folder.png")
REFUSED(out_that_is_a_file, "--out kept.png", "new directory", "sweep", "--out", "kept.png")
REFUSED(out_below_a_file, "--out kept.png/run", "directory", "sweep", "--out", "kept.png/run")
REFUSED(out_in_proc, "--out /proc/run", "directory", "sweep", "--out", "/proc/run")
REFUSED(out_empty, "--out", "directory", "sweep", "--out", "")
REFUSED(resume_of_a_run, "--resume is no option of tine run", "belongs to: sweep", "run", "pi", "--resume", "D")
REFUSED(resume_of_nothing, "--resume nowhere", "run directory", "sweep", "--resume", "nowhere")
REFUSED(resume_of_a_file, "--resume kept.png", "run directory", "sweep", "--resume", "kept.png")
REFUSED(resume_of_a_directory_without_a_run, "--resume folder.png", "run directory", "sweep", "--resume", "folder.png")
REFUSED(resume_empty, "--resume", "run directory", "sweep", "--resume", "")
REFUSED(out_with_a_wrong_kernel, "'colatz'", "'collatz'", "sweep", "colatz", "--out", "new")
/* clang-format on */

Test(refused, no_arguments_at_all)
{
	const struct told told = tine_as(&(struct way) { 0 }, (const char *const[]) { NULL });

	expect_code(&told, 2);
	cr_expect_str_empty(told.out);
	expect_words(told.err, "tine --help");
}

/* ---- what is told on request ---- */

TestSuite(told, .init = enter_directory, .fini = leave_directory, .timeout = 60);

static void expect_help(const struct told *told, const char *usage)
{
	expect_code(told, 0);
	cr_expect_str_empty(told->err);
	expect_words(told->out, usage);
	expect_words(told->out, "Examples:");
}

Test(told, help_of_all_names_every_command)
{
	static const char *const names[] = { "list", "run", "sweep", "report", "doctor",
		"compare" };
	const struct told told = tine("--help");

	expect_help(&told, "Usage: tine");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		expect_words(told.out, names[i]);
	cr_expect(!strstr(told.out, "launch "), "the hidden command is shown");
}

Test(told, help_of_list)
{
	const struct told told = tine("list", "--help");

	expect_help(&told, "Usage: tine list");
}

Test(told, help_of_run_names_every_option)
{
	static const char *const names[] = { "--variant", "--threads", "--schedule", "--size",
		"--grain", "--image", "--output", "--gamma", "--shape", "--mean-ns", "--launches",
		"--samples", "--precision", "--budget", "--limit", "--scaling strong|weak",
		"--bind", "--seed", "--format", "--help" };
	const struct told told = tine("run", "--help");

	expect_help(&told, "Usage: tine run KERNEL");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		expect_words(told.out, names[i]);
}

Test(told, help_and_refusal_name_every_shape)
{
	const struct kernel *synthetic = launch_kernel("synthetic");
	const struct told help = tine("run", "--help"),
			  refusal = tine("run", "synthetic", "--shape", "xylophone");

	for (size_t s = 0; synthetic->shapes[s]; s++) {
		expect_words(help.out, synthetic->shapes[s]);
		expect_words(refusal.err, synthetic->shapes[s]);
	}
}

Test(told, help_of_sweep)
{
	const struct told told = tine("sweep", "--help");

	expect_help(&told, "Usage: tine sweep");
	expect_words(told.out, "--quick");
	expect_words(told.out, "--out DIR");
	expect_words(told.out, "--resume RUN");
}

Test(told, help_of_compare)
{
	const struct told told = tine("compare", "--help");

	expect_help(&told, "Usage: tine compare RUN_A RUN_B");
	expect_words(told.out, "--fail-above");
}

Test(told, help_of_doctor)
{
	const struct told told = tine("doctor", "--help");

	expect_help(&told, "Usage: tine doctor");
	expect_words(told.out, "--format");
}

Test(told, help_of_report)
{
	const struct told told = tine("report", "--help");

	expect_help(&told, "Usage: tine report RUN");
}

Test(told, help_comes_even_if_arguments_are_missing_or_wrong)
{
	const struct told told = tine("run", "nonsense", "-h");

	expect_help(&told, "Usage: tine run");
}

Test(told, help_states_the_exit_codes)
{
	const struct told told = tine("run", "--help");

	expect_match(told.out, "0 done, 1 .*wrong, 2 usage, 3 slower");
	expect_match(told.out, "4 the environment.*, 130 interrupted");
}

Test(told, version)
{
	const struct told told = tine("--version");

	expect_code(&told, 0);
	expect_match(told.out, "^tine [0-9]+\\.[0-9]+\\.[0-9]+$");
	cr_expect_eq(count_lines(told.out), 1);
	cr_expect_str_empty(told.err);
}

static void expect_listed(const char *name, const char *element, const char *size)
{
	const struct told told = tine("list");
	char *pattern;

	expect_code(&told, 0);
	cr_expect_str_empty(told.err);
	cr_assert_geq(
		asprintf(&pattern, "^ *%s .* [1-9][0-9]* %ss? +%s  ", name, element, size), 0);
	expect_match(told.out, pattern);
	free(pattern);
}

static const char number[] = "[1-9][0-9]*", sides[] = "[1-9][0-9]*x[1-9][0-9]*";

#define LISTED(name, element, size)                                                                \
	Test(told, list_has_##name##_with_unit_and_size)                                           \
	{                                                                                          \
		expect_listed(#name, element, size);                                               \
	}

/* clang-format off */
LISTED(sum_squares, "integer", number)
LISTED(count_up, "integer", number)
LISTED(count_down, "integer", number)
LISTED(triangle, "row", number)
LISTED(collatz, "start", number)
LISTED(mandelbrot, "row", sides)
LISTED(triad, "element", number)
LISTED(synthetic, "element", number)
LISTED(primes, "integer", number)
LISTED(queens, "column", number)
LISTED(histogram, "byte", number)
LISTED(spmv, "row", number)
LISTED(stencil, "row", number)
LISTED(pixel_invert, "row", sides)
LISTED(pixel_gray, "row", sides)
LISTED(pixel_gamma, "row", sides)
LISTED(pixel_blur, "row", sides)
LISTED(pixel_sobel, "row", sides)
LISTED(log_scan, "byte", number)
LISTED(fetch, "request", number)
LISTED(mixed, "picture", number)
LISTED(pi, "strip", number) /* dropped in by KERNELS= alone */
/* clang-format on */

Test(told, list_has_the_variants_and_whether_each_is_parallel)
{
	static const char *const names[] = { "sequential +neither",
		"openmp +concurrent and parallel", "pthread +concurrent and parallel",
		"pool +concurrent and parallel", "process +concurrent and parallel",
		"one-core +concurrent", "global-lock +concurrent", "event-loop +concurrent",
		"openmp-sections +concurrent and parallel",
		"openmp-tasks +concurrent and parallel" };
	const struct told told = tine("list");
	char pattern[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(pattern, sizeof(pattern), "^ *%s  +[a-z]", names[i]);
		expect_match(told.out, pattern);
	}
}
