/*
 * cli, timeline: pictures, JSON and archives, in files that are whole or not there.
 */
#include <sys/mount.h>

#include "cli_waiting.h"

TestSuite(timeline, .init = enter_directory, .fini = leave_directory, .timeout = 60);

#define SMALL   "timeline", "pi", "--size", "100000", "--threads", "2"
#define ENDLESS "timeline", "sum_squares", "--size", "9000000000000000000", "--threads", "2"

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
	put_text("x.json", untouched);
	const struct told told = tine(SMALL, "--output", "x.json");

	expect_code(&told, 0);
	json_decref(parse(file_text("x.json")));
	cr_expect_str_eq(listing("."), "x.json\n");
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
	expect_interrupted_before("x.json", ARGUMENTS(ENDLESS, "--output", "x.json"));
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
	put_text("x.txt", untouched);
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
	put_text("x.svg", untouched);
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
	put_text("x.svg", untouched);
	const struct told told = tine(SMALL, "--output", "x.svg");

	expect_code(&told, 4);
	expect_match(
		told.err, "gnuplot is missing; apt-get install gnuplot-nox, dnf install gnuplot");
	cr_expect_str_eq(file_text("x.svg"), untouched);
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
	expect_words(told.err, "could not write all of it beside tmp/tine-");
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
