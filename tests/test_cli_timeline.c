/*
 * cli, timeline: one region of one case as text, picture, JSON or archive, on the terminal or in a file
 * that is whole or not there.
 */
#include <sys/mount.h>

#include "cli.h"

TestSuite(timeline, .init = enter_directory, .fini = leave_directory, .timeout = 60);

#define PI      "timeline", "pi", "--size", "100000"
#define SMALL   PI, "--threads", "2"
#define ENDLESS "timeline", "sum_squares", "--size", "9000000000000000000", "--threads", "2"

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

/* ---- files, in the format of their names ---- */

static void expect_file(const char *path, const char *begin, size_t bytes)
{
	struct stat status;

	cr_assert_eq(stat(path, &status), 0, "there is no %s", path);
	cr_assert_gt(status.st_size, (off_t)bytes);
	cr_expect_eq(memcmp(file_text(path), begin, bytes), 0, "%s begins in another way", path);
}

static void expect_written(const char *path, const char *begin, const char *const *arguments)
{
	char names[64];
	const struct told told = tine_as(&(struct way) { 0 }, arguments);

	expect_code(&told, 0);
	cr_expect_str_empty(told.out);
	expect_file(path, begin, strlen(begin));
	snprintf(names, sizeof(names), "%s\n", path);
	cr_expect_str_eq(listing("."), names);
}

#define WRITES(name, path, begin, ...)                                                             \
	Test(timeline, writes_##name)                                                              \
	{                                                                                          \
		expect_written(path, begin, ARGUMENTS(SMALL, "--output", path, ##__VA_ARGS__));    \
	}

static const char png_begins[] = "\x89PNG\r\n\x1a\n", svg_begins[] = "<?xml", json_begins[] = "{",
		  text_begins[] = "pi/openmp/t2/static/n100000  on ";

WRITES(svg, "x.svg", svg_begins)
WRITES(png, "x.png", png_begins)
WRITES(chrome_as_json, "x.json", json_begins)
WRITES(text_as_txt, "x.txt", text_begins)
WRITES(text_where_there_is_no_ending, "x", text_begins)
WRITES(svg_by_format, "x.picture", svg_begins, "--format", "svg")
WRITES(png_by_format, "x", png_begins, "--format", "png")
WRITES(chrome_by_format, "x.trace", json_begins, "--format", "chrome")
WRITES(text_by_format_against_the_ending, "x.svg", text_begins, "--format", "text")

Test(timeline, a_dot_in_a_directory_is_no_ending)
{
	cr_assert_eq(mkdir("a.svg", 0777), 0);
	const struct told told = tine(SMALL, "--output", "a.svg/x");

	expect_code(&told, 0);
	expect_file("a.svg/x", text_begins, strlen(text_begins));
}

Test(timeline, svg_names_the_case)
{
	const struct told told = tine(SMALL, "--output", "x.svg");

	expect_code(&told, 0);
	expect_words(file_text("x.svg"), "pi/openmp/t2/static/n100000 on ");
}

Test(timeline, chrome_goes_to_standard_output)
{
	const struct told told = tine(SMALL, "--format", "chrome", "--regions", "2");

	expect_code(&told, 0);
	json_t *trace = parse(told.out);
	cr_expect(json_is_array(json_object_get(trace, "traceEvents")));
	json_decref(trace);
}

static struct told write_archive(const char *const *arguments)
{
	const struct told told = tine_as(&(struct way) { 0 }, arguments);

	if (strstr(told.err, "built without libotf2"))
		skip("tine was built without libotf2");
	return told;
}

Test(timeline, writes_an_archive)
{
	const struct told told = write_archive(ARGUMENTS(SMALL, "--output", "x.otf2"));

	expect_code(&told, 0);
	cr_expect_str_eq(listing("."), "x.otf2\n");
	expect_match(listing("x.otf2"), "\\.otf2$");
}

Test(timeline, writes_an_archive_by_format)
{
	const struct told told =
		write_archive(ARGUMENTS(SMALL, "--format", "otf2", "--output", "archive"));

	expect_code(&told, 0);
	expect_match(listing("archive"), "\\.otf2$");
}

/* ---- what was there before ---- */

Test(timeline, replaces_a_file_when_all_is_well)
{
	put_text("x.json", "what was there before");
	const struct told told = tine(SMALL, "--output", "x.json");

	expect_code(&told, 0);
	json_decref(parse(file_text("x.json")));
	cr_expect_str_eq(listing("."), "x.json\n");
}

static void expect_untouched(const char *path)
{
	char names[64];

	snprintf(names, sizeof(names), "%s\n", path);
	cr_expect_str_eq(file_text(path), "what was there before");
	cr_expect_str_eq(listing("."), names);
}

static struct told end_by(int signal, const char *const *arguments)
{
	const struct way way = { 0 };
	const struct job job = start(&way, arguments);
	const pid_t launch = wait_for_launch(job.pid);

	cr_assert_eq(kill(job.pid, signal), 0);
	const struct told told = finish(&way, &job);
	expect_ended(launch);
	return told;
}

Test(timeline, is_ended_by_SIGINT_and_leaves_no_file)
{
	const struct told told = end_by(SIGINT, ARGUMENTS(ENDLESS, "--output", "x.svg"));

	expect_code(&told, 130);
	expect_match(told.err, "^tine: interrupted");
	cr_expect_str_empty(listing("."));
}

Test(timeline, is_ended_by_SIGINT_and_leaves_the_old_file)
{
	put_text("x.json", "what was there before");
	const struct told told = end_by(SIGINT, ARGUMENTS(ENDLESS, "--output", "x.json"));

	expect_code(&told, 130);
	expect_untouched("x.json");
}

Test(timeline, is_ended_by_SIGTERM_and_prints_nothing)
{
	const struct told told = end_by(SIGTERM, ARGUMENTS(ENDLESS));

	expect_code(&told, 130);
	cr_expect_str_empty(told.out);
}

/* ---- launches that fail, and results that are wrong ---- */

Test(timeline, of_a_launch_that_hangs_names_it)
{
	put_text("x.txt", "what was there before");
	const struct told told = tine(ENDLESS, "--limit", "0.2s", "--output", "x.txt");

	expect_code(&told, 4);
	expect_match(told.err, "^tine: sum_squares/openmp/t2/static/n9[0-9]*: hung: .*--limit");
	expect_untouched("x.txt");
}

Test(timeline, of_a_launch_that_is_killed_names_it)
{
	const struct way way = { 0 };
	const struct job job = start(&way, ARGUMENTS(ENDLESS));

	cr_assert_eq(kill(wait_for_launch(job.pid), SIGKILL), 0);
	const struct told told = finish(&way, &job);
	expect_code(&told, 4);
	expect_match(told.err, "^tine: sum_squares/openmp/.*: ended by signal 9");
	cr_expect_str_empty(told.out);
}

/* The kernel is in the test build alone. */
static void skip_without_wrong(void)
{
	if (!matches(tine("list").out, "^ *wrong "))
		skip("tine was built without the kernel wrong");
}

#define WRONG "timeline", "wrong", "--variant", "pool", "--threads", "2"

Test(timeline, of_a_wrong_result_is_shown_and_told)
{
	skip_without_wrong();
	const struct told told = tine(WRONG);

	expect_code(&told, 1);
	expect_match(told.err, "^tine: wrong/pool/t2/static/n1000: wrong: the result .* differs");
	expect_words(told.out, "\nregion 1");
}

Test(timeline, of_a_wrong_result_is_not_written)
{
	skip_without_wrong();
	put_text("x.svg", "what was there before");
	const struct told told = tine(WRONG, "--output", "x.svg");

	expect_code(&told, 1);
	expect_words(told.err, "x.svg is not written");
	expect_untouched("x.svg");
}

/* ---- gnuplot ---- */

/* An empty TMPDIR, in which a test sees what is left. */
static void use_own_tmp(void)
{
	cr_assert_eq(mkdir("tmp", 0777), 0);
	setenv("TMPDIR", "tmp", 1);
}

Test(timeline, without_gnuplot_names_the_packages_and_leaves_nothing)
{
	use_own_tmp();
	setenv("PATH", "/nonexistent", 1);
	put_text("x.svg", "what was there before");
	const struct told told = tine(SMALL, "--output", "x.svg");

	expect_code(&told, 4);
	expect_match(
		told.err, "gnuplot is missing; apt-get install gnuplot-nox, dnf install gnuplot");
	cr_expect_str_eq(file_text("x.svg"), "what was there before");
	cr_expect_str_eq(listing("."), "tmp\nx.svg\n");
	cr_expect_str_empty(listing("tmp"));
}

Test(timeline, with_gnuplot_leaves_nothing_in_TMPDIR)
{
	use_own_tmp();
	const struct told told = tine(SMALL, "--output", "x.png");

	expect_code(&told, 0);
	cr_expect_str_empty(listing("tmp"));
}

Test(timeline, a_TMPDIR_that_is_not_there_is_named)
{
	setenv("TMPDIR", "nowhere", 1);
	const struct told told = tine(SMALL, "--output", "x.svg");

	expect_code(&told, 4);
	expect_words(told.err, "nowhere/tine-");
	cr_expect_str_empty(listing("."));
}

/* As on a full disk, which gnuplot does not notice. */
Test(timeline, half_a_picture_is_none)
{
	use_own_tmp();
	cr_assert_eq(mkdir("bin", 0777), 0);
	put_text("bin/gnuplot", "#!/bin/sh\nfor e in svg png; do echo '<?xml' >\"$5.$e\"; done\n");
	cr_assert_eq(chmod("bin/gnuplot", 0755), 0);
	setenv("PATH", "bin", 1);
	const struct told told = tine(SMALL, "--output", "x.svg");

	expect_code(&told, 4);
	expect_words(told.err, "could not write all of it below tmp/tine-");
	cr_expect_str_eq(listing("."), "bin\ntmp\n");
	cr_expect_str_empty(listing("tmp"));
}

/* ---- disks that are full ---- */

static void expect_full(const char *format)
{
	const struct told told = tine(SMALL, "--format", format, "--output", "/dev/full");

	expect_code(&told, 4);
	expect_match(
		told.err, "^tine: --output /dev/full cannot be written: No space left on device$");
}

#define FULL(format)                                                                               \
	Test(timeline, format##_on_a_full_device_is_told)                                          \
	{                                                                                          \
		expect_full(#format);                                                              \
	}

FULL(text)
FULL(svg)
FULL(png)
FULL(chrome)

static void expect_full_terminal(const char *format)
{
	const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	const struct told told =
		tine_as(&(struct way) { .out = full }, ARGUMENTS(SMALL, "--format", format));

	expect_code(&told, 4);
	cr_expect_eq(count_words(told.err, "No space left on device"), 1, "%s", told.err);
	expect_match(told.err, "^tine: cannot write to standard output: No space left on device$");
	close(full);
}

Test(timeline, text_that_standard_output_does_not_take_is_told_once)
{
	expect_full_terminal("text");
}

Test(timeline, chrome_that_standard_output_does_not_take_is_told_once)
{
	expect_full_terminal("chrome");
}

/* A disk of a few KiB, which goes with this process. */
static void put_small_disk(void)
{
	cr_assert_eq(mkdir("disk", 0777), 0);
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		mount("none", "disk", "tmpfs", 0, "size=16k"))
		skip("no file system can be mounted here");
}

static void expect_disk_full(const char *const *arguments)
{
	put_small_disk();
	const struct told told = write_archive(arguments);
	char *left = listing("disk");

	umount("disk");
	expect_code(&told, 4);
	expect_words(told.err, "disk/");
	cr_expect_str_empty(left);
}

Test(timeline, a_picture_on_a_full_disk_is_told_and_taken_away)
{
	expect_disk_full(ARGUMENTS(SMALL, "--output", "disk/x.svg"));
}

Test(timeline, a_trace_on_a_full_disk_is_told_and_taken_away)
{
	expect_disk_full(ARGUMENTS(SMALL, "--grain", "100", "--output", "disk/x.json"));
}

/* Writers whose files cannot be closed are forgotten by libotf2, which a leak checker must not mind. */
Test(timeline, an_archive_on_a_full_disk_is_told_and_taken_away)
{
	put_text("forgotten", "leak:otf2_evt_writer_new\nleak:otf2_global_def_writer_new\n");
	setenv("LSAN_OPTIONS", "suppressions=forgotten:print_suppressions=0", 1);
	expect_disk_full(ARGUMENTS(SMALL, "--grain", "100", "--output", "disk/x.otf2"));
}

Test(timeline, a_full_TMPDIR_is_told_and_no_picture_left)
{
	setenv("TMPDIR", "disk", 1);
	expect_disk_full(ARGUMENTS(SMALL, "--output", "x.svg"));
	cr_expect_str_eq(listing("."), "disk\n");
}

/* ---- what is refused, before anything is measured ---- */

static void put_what_is_in_the_way(void)
{
	enter_directory();
	put_text("kept.svg", "what was there before");
	cr_assert_eq(mkdir("there.otf2", 0777), 0);
	cr_assert_eq(mkdir("folder.svg", 0777), 0);
}

TestSuite(timeline_refused, .init = put_what_is_in_the_way, .fini = leave_directory, .timeout = 60);

static void expect_refused(const char *named, const char *right, const char *const *arguments)
{
	const char *before = listing(".");
	const struct told told = tine_as(&(struct way) { 0 }, arguments);

	expect_code(&told, 2);
	cr_expect_str_empty(told.out);
	expect_words(told.err, named);
	expect_words(told.err, right);
	cr_expect_lt(told.cpu, 1.0, "%.1f s of CPU time before the message", told.cpu);
	cr_expect_str_eq(listing("."), before);
	cr_expect_str_eq(file_text("kept.svg"), "what was there before");
}

#define REFUSED(name, named, right, ...)                                                           \
	Test(timeline_refused, name)                                                               \
	{                                                                                          \
		expect_refused(named, right, ARGUMENTS("timeline", __VA_ARGS__));                  \
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
	expect_refused("KERNEL", "--help", ARGUMENTS("timeline"));
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
	static const char *const names[] = { "--variant", "--threads", "--schedule", "--size",
		"--grain", "--image", "--gamma", "--limit", "--bind", "--regions", "--format",
		"--output" };
	const struct told told = tine("timeline", "--help");

	expect_code(&told, 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		expect_words(told.out, names[i]);
}
