/*
 * cli, timeline: which case and regions it shows as text, and what it refuses.
 */
#include "cli_pictures.h"
#include "cli_refused.h"

TestSuite(timeline, .init = enter_directory, .fini = leave_directory, .timeout = 60);

#define PI    "timeline", "pi", "--size", "100000"
#define SMALL PI, "--threads", "2"

/* ---- text ---- */

/* The columns of the longest line: characters, none of which takes two. */
static size_t columns_of(const char *text)
{
	size_t most = 0, columns = 0;

	for (; *text; text++) {
		columns = *text == '\n' ? 0 : columns + ((*text & 0xc0) != 0x80);
		most = columns > most ? columns : most;
	}
	return most;
}

static struct told text_of_width(const char *columns, const char *const *arguments)
{
	setenv("COLUMNS", columns, 1);
	const struct told told = tine_as(&(struct way) { 0 }, arguments);

	expect_code(&told, 0);
	return told;
}

static void expect_to_fit(const char *columns)
{
	const struct told told = text_of_width(columns, ARGUMENTS(SMALL, "--regions", "3"));

	cr_expect_leq(columns_of(told.out), strtoul(columns, NULL, 10), "%s", told.out);
}

#define FITS(columns)                                                                              \
	Test(timeline, text_fits_##columns##_columns)                                              \
	{                                                                                          \
		expect_to_fit(#columns);                                                           \
	}

FITS(40)
FITS(59)
FITS(60)
FITS(80)
FITS(133)
FITS(400)

Test(timeline, text_takes_40_columns_where_there_are_fewer)
{
	const struct told told = text_of_width("20", ARGUMENTS(SMALL));

	cr_expect_leq(columns_of(told.out), 40, "%s", told.out);
}

Test(timeline, text_takes_100_columns_where_nobody_says)
{
	unsetenv("COLUMNS");
	const struct told told = tine(SMALL);

	expect_code(&told, 0);
	cr_expect_leq(columns_of(told.out), 100, "%s", told.out);
	cr_expect_gt(columns_of(told.out), 80, "%s", told.out);
}

Test(timeline, text_has_no_blanks_at_the_ends_of_lines)
{
	const struct told told = text_of_width("120", ARGUMENTS(SMALL));

	cr_expect_not(matches(told.out, " $"), "%s", told.out);
}

Test(timeline, text_on_a_pipe_has_no_colour)
{
	const struct told told = tine(SMALL);

	expect_code(&told, 0);
	cr_expect_null(strchr(told.out, '\033'), "%s", told.out);
}

/* What a terminal is sent; one member's text is short enough not to wait for who reads it. */
static const char *said_to_terminal(void)
{
	enum { MOST = 8192 };
	char *said = keep(calloc(MOST, 1));
	const int terminal = posix_openpt(O_RDWR | O_NOCTTY);

	cr_assert(terminal >= 0 && !grantpt(terminal) && !unlockpt(terminal));
	const int other = open(ptsname(terminal), O_RDWR | O_NOCTTY);
	cr_assert_geq(other, 0);
	const struct told told =
		tine_as(&(struct way) { .out = other }, ARGUMENTS(PI, "--variant", "sequential"));
	expect_code(&told, 0);
	cr_assert_gt(read(terminal, said, MOST - 1), 0);
	return said;
}

Test(timeline, text_on_a_terminal_has_colour)
{
	expect_words(said_to_terminal(), "\033[34m█");
}

Test(timeline, NO_COLOR_takes_the_colour_away)
{
	setenv("NO_COLOR", "1", 1);
	cr_expect_null(strchr(said_to_terminal(), '\033'));
}

/* ---- which regions ---- */

Test(timeline, one_warm_region_is_shown_unless_more_are_asked_for)
{
	const struct told told = tine(SMALL);

	expect_code(&told, 0);
	cr_expect_eq(count_words(told.out, "\nregion "), 1, "%s", told.out);
	expect_match(told.out, "^region 1, warm: ");
}

Test(timeline, as_many_regions_as_asked_for_the_first_of_them_cold)
{
	const struct told told = tine(SMALL, "--regions", "4");

	expect_code(&told, 0);
	cr_expect_eq(count_words(told.out, "\nregion "), 4, "%s", told.out);
	expect_match(told.out, "^region 1, cold: ");
	expect_match(told.out, "^region 4, warm: ");
	cr_expect_eq(count_words(told.out, "cold"), 1, "%s", told.out);
}

Test(timeline, the_one_region_that_is_asked_for_is_the_cold_one)
{
	const struct told told = tine(SMALL, "--regions", "1");

	expect_code(&told, 0);
	cr_expect_eq(count_words(told.out, "\nregion "), 1, "%s", told.out);
	expect_match(told.out, "^region 1, cold: ");
}

/* ---- which case ---- */

static void expect_heading(const char *heading, const char *const *arguments)
{
	const struct told told = text_of_width("100", arguments);

	cr_expect_eq(
		strncmp(told.out, heading, strlen(heading)), 0, "no %s:\n%s", heading, told.out);
	cr_expect_eq(told.out[strlen(heading)], ' ', "%s", told.out);
}

#define SHOWS(name, heading, ...)                                                                  \
	Test(timeline, shows_##name)                                                               \
	{                                                                                          \
		expect_heading(heading, ARGUMENTS(__VA_ARGS__));                                   \
	}

/* clang-format off */
SHOWS(openmp, "pi/openmp/t2/static/n100000", SMALL, "--variant", "openmp")
SHOWS(pthread, "pi/pthread/t2/static/n100000", SMALL, "--variant", "pthread")
SHOWS(pool, "pi/pool/t2/static/n100000", SMALL, "--variant", "pool")
SHOWS(sequential, "pi/sequential/t1/none/n100000", SMALL, "--variant", "sequential")
SHOWS(openmp_unless_another_is_given, "pi/openmp/t2/static/n100000", SMALL)
SHOWS(a_static_chunk, "pi/openmp/t2/static,3/n100000", SMALL, "--schedule", "static,3")
SHOWS(dynamic, "pi/pool/t2/dynamic/n100000", SMALL, "--variant", "pool", "--schedule", "dynamic")
SHOWS(guided, "pi/pthread/t2/guided,2/n100000", SMALL, "--variant", "pthread", "--schedule", "guided,2")
SHOWS(auto, "pi/openmp/t2/auto/n100000", SMALL, "--schedule", "auto")
SHOWS(one_member, "pi/pool/t1/static/n100000", PI, "--variant", "pool", "--threads", "1")
SHOWS(a_grain, "pi/openmp/t2/static/n100000/g100", SMALL, "--grain", "100")
SHOWS(a_size_of_a_picture, "mandelbrot/openmp/t2/static/40x30", "timeline", "mandelbrot", "--size", "40x30", "--threads", "2")
SHOWS(a_gamma, "pixel_gamma/openmp/t2/static/64x48", "timeline", "pixel_gamma", "--size", "64x48", "--threads", "2", "--gamma", "1.5")
SHOWS(unbound_members, "pi/openmp/t2/static/n100000", SMALL, "--bind", "none")
/* clang-format on */

Test(timeline, shows_an_image_in_its_own_size)
{
	static const uint8_t pixels[61 * 43 * 3];

	put_png("in.png", 61, 43, PNG_FORMAT_RGB, pixels);
	expect_heading("pixel_invert/openmp/t2/static/61x43",
		ARGUMENTS("timeline", "pixel_invert", "--image", "in.png", "--threads", "2"));
}

/* ---- the sequential variant, which forks nothing ---- */

Test(timeline, sequential_is_one_call)
{
	const struct told told = tine(PI, "--variant", "sequential");

	expect_code(&told, 0);
	expect_words(told.out, "all units in one call, without a fork");
	expect_match(told.out, "^region 1, warm: ");
	cr_expect_eq(count_words(told.out, "\nmember "), 1, "%s", told.out);
}

Test(timeline, sequential_shows_as_many_regions_as_asked_for_and_none_is_cold)
{
	const struct told told = tine(PI, "--variant", "sequential", "--regions", "3");

	expect_code(&told, 0);
	cr_expect_eq(count_words(told.out, "\nregion "), 3, "%s", told.out);
	cr_expect_null(strstr(told.out, "cold"), "%s", told.out);
}

/* ---- more threads than CPUs ---- */

/* Members that preempt one another are no other load. */
Test(timeline, of_more_threads_than_CPUs_says_that_they_take_turns)
{
	const struct told told =
		tine("timeline", "pi", "--size", "1000000", "--variant", "pool", "--threads", "64");

	expect_code(&told, 0);
	expect_match(told.err, "^tine: 64 threads share [0-9]+ hardware threads?: they take turns");
	cr_expect_null(strstr(told.err, "disturbed"), "%s", told.err);
}

Test(timeline, of_64_threads_has_a_line_a_member)
{
	const struct told told = tine(PI, "--variant", "pool", "--threads", "64");

	expect_code(&told, 0);
	cr_expect_eq(count_words(told.out, "\nmember "), 64, "%s", told.out);
}

Test(timeline, of_more_threads_has_a_line_for_several_members)
{
	const struct told told = tine(PI, "--variant", "pthread", "--threads", "100");

	expect_code(&told, 0);
	expect_words(told.out, "a line is 2 members");
	cr_expect_eq(count_words(told.out, "\nmembers "), 50, "%s", told.out);
}

/* ---- what is refused, before anything is measured ---- */

static void put_what_is_in_the_way(void)
{
	enter_directory();
	put_text("kept.svg", untouched);
	cr_assert_eq(mkdir("there.otf2", 0777), 0);
	cr_assert_eq(mkdir("folder.svg", 0777), 0);
}

TestSuite(timeline_refused, .init = put_what_is_in_the_way, .fini = leave_directory, .timeout = 60);

#define REFUSED(name, named, right, ...)                                                           \
	Test(timeline_refused, name)                                                               \
	{                                                                                          \
		expect_early_refusal(                                                              \
			named, right, "kept.svg", 1.0, ARGUMENTS("timeline", __VA_ARGS__));        \
	}

/* Were it measured, it would take a second of CPU time. */
#define LARGE "sum_squares", "--size", "4000000000"

/* clang-format off */
REFUSED(svg_without_a_file, "svg", "--output FILE", LARGE, "--format", "svg")
REFUSED(png_without_a_file, "png", "--output FILE", LARGE, "--format", "png")
REFUSED(otf2_without_a_file, "otf2", "--output FILE", LARGE, "--format", "otf2")
REFUSED(an_archive_that_is_there, "--output there.otf2", "new directory", LARGE, "--output", "there.otf2")
REFUSED(an_ending_of_no_format, "--output x.pdf", ".svg", LARGE, "--output", "x.pdf")
REFUSED(a_file_in_a_missing_directory, "--output nowhere/x.svg", "No such file", LARGE, "--output", "nowhere/x.svg")
REFUSED(a_trace_in_a_missing_directory, "--output nowhere/x.json", "No such file", LARGE, "--output", "nowhere/x.json")
REFUSED(an_archive_in_a_missing_directory, "--output nowhere/x.otf2", "No such file", LARGE, "--output", "nowhere/x.otf2")
REFUSED(a_file_in_proc, "--output /proc/x.txt", "cannot be written", LARGE, "--output", "/proc/x.txt")
REFUSED(a_directory, "--output folder.svg", "directory", LARGE, "--output", "folder.svg")
REFUSED(no_name_of_a_file, "--output", "give a file", LARGE, "--output", "")
REFUSED(an_unknown_kernel, "'sum_square'", "'sum_squares'", "sum_square")
Test(timeline_refused, no_kernel)
{
	expect_early_refusal("KERNEL", "--help", "kept.svg", 1.0, ARGUMENTS("timeline"));
}
REFUSED(an_unknown_format, "--format gif", "svg", LARGE, "--format", "gif")
REFUSED(a_format_of_tables, "--format csv", "chrome", LARGE, "--format", "csv")
REFUSED(an_unknown_option, "'--region'", "'--regions'", LARGE, "--region", "2")
REFUSED(an_option_of_others, "--launches is no option of tine timeline", "run sweep", LARGE, "--launches", "2")
REFUSED(an_unknown_variant, "--variant opnmp", "'openmp'", LARGE, "--variant", "opnmp")
REFUSED(an_unknown_schedule, "--schedule", "'dynamic'", LARGE, "--schedule", "dynamik")
REFUSED(no_regions, "--regions 0", "1 to 100", LARGE, "--regions", "0")
REFUSED(too_many_regions, "--regions 101", "1 to 100", LARGE, "--regions", "101")
REFUSED(two_variants, "one case", "--variant", LARGE, "--variant", "pool", "--variant", "openmp")
REFUSED(sequential_and_another, "one case", "--variant", LARGE, "--variant", "pool", "--variant", "sequential")
REFUSED(two_numbers_of_threads, "one case", "--threads", LARGE, "--threads", "1,2")
REFUSED(two_schedules, "one case", "--schedule", LARGE, "--schedule", "auto", "--schedule", "guided")
REFUSED(a_picture_for_integers, "--image", "pixel", "pi", "--image", "kept.svg")
REFUSED(a_size_of_the_wrong_kind, "--size", "WIDTHxHEIGHT", "mandelbrot", "--size", "1000")
REFUSED(a_gamma_out_of_range, "--gamma 0", "0.01 to 100", "pixel_gamma", "--gamma", "0")
REFUSED(a_grain_of_nothing, "--grain 0", "from 1", LARGE, "--grain", "0")
/* clang-format on */

Test(timeline, help_names_every_option)
{
	expect_options("timeline",
		ARGUMENTS("--variant", "--threads", "--schedule", "--size", "--grain", "--image",
			"--gamma", "--limit", "--bind", "--regions", "--format", "--output"));
}
