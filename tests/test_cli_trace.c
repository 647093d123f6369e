/*
 * cli, trace: programs of every construct are run with and without, and must not notice; those that end
 * badly must leave a report; what is injected must be found.
 */
#include "cli_commands.h"
#include "cli_pictures.h"
#include "cli_refused.h"

TestSuite(trace, .init = enter_directory, .fini = leave_directory, .timeout = 120);

/* A program of tests/trace, as the Makefile built it. */
static char *program(const char *name)
{
	char path[120];

	snprintf(path, sizeof(path), "tests/trace/%s", name);
	return beside_tine(path);
}

static struct told plain(const char *path, const char *argument)
{
	return tine_as(&(struct way) { .program = path },
		argument ? ARGUMENTS(argument) : (const char *const[]) { NULL });
}

static struct told traced(const char *path, const char *argument)
{
	return tine_as(&(struct way) { 0 }, ARGUMENTS("trace", "--", path, argument));
}

/* ---- each construct, by each compiler ---- */

static struct told same_as_without(const char *name, const char *build)
{
	char file[100];

	setenv("OMP_NUM_THREADS", "2", 1);
	setenv("OMP_CANCELLATION", "true", 1);
	snprintf(file, sizeof(file), "%s.%s", name, build);
	const char *path = program(file);
	const struct told without = plain(path, NULL), with = traced(path, NULL);
	cr_expect_eq(with.code, without.code, "%s: %d, not %d\n%s", file, with.code, without.code,
		with.err);
	cr_expect_str_eq(with.out, without.out, "%s", file);
	expect_words(with.err, "OpenMP in 1 of 1 processes");
	cr_expect_null(strstr(with.err, "Not seen"), "%s", with.err);
	return with;
}

#define SAME(name, seen)                                                                           \
	Test(trace, name##_by_gcc_O0_is_the_same)                                                  \
	{                                                                                          \
		expect_words(same_as_without(#name, "gcc0").err, seen);                            \
	}                                                                                          \
	Test(trace, name##_by_gcc_O2_is_the_same)                                                  \
	{                                                                                          \
		expect_words(same_as_without(#name, "gcc2").err, seen);                            \
	}                                                                                          \
	Test(trace, name##_by_clang_is_the_same)                                                   \
	{                                                                                          \
		same_as_without(#name, "clang");                                                   \
	}

SAME(schedule_static, "schedule_static.c:")
SAME(schedule_dynamic, "dynamic")
SAME(schedule_guided, "guided")
SAME(schedule_runtime, "runtime")
SAME(schedule_nonmonotonic, "dynamic")
SAME(nested, "└ ")
SAME(cancelled, "cancel")
SAME(tasks, "task")
SAME(taskloop, "taskloop")
SAME(reductions, "reduction")
SAME(ordered, "ordered")
SAME(doacross, "doacross")
SAME(sections, "sections")
SAME(single, "single")
SAME(critical, "critical")
SAME(detach, "task")

/* ---- programs as distributions ship them ---- */

/* A picture for the others to work on. */
static void make_picture(void)
{
	static unsigned char pixels[600 * 400 * 3];

	for (size_t i = 0; i < sizeof(pixels); i++)
		pixels[i] = (unsigned char)(i * i / 97);
	put_png("in.png", 600, 400, PNG_FORMAT_RGB, pixels);
}

/* The same file comes out with and without; the report names a place in the library. */
static void same_picture(const char *const *command, const char *library)
{
	const char *traced_command[16] = { "trace", "--format", "svg", "--output", "out", "--" };
	const char *found = NULL;
	char *path;
	size_t count = 0;

	make_picture();
	setenv("OMP_NUM_THREADS", "2", 1);
	for (; command[count]; count++)
		traced_command[6 + count] = command[count];
	for (const char *const *at = (const char *const[]) { "/usr/bin", "/usr/local/bin", NULL };
		*at && !found; at++) {
		cr_assert_geq(asprintf(&path, "%s/%s", *at, command[0]), 0);
		found = access(keep(path), X_OK) ? NULL : path;
	}
	if (!found)
		skip("it is not installed");
	const struct told without = tine_as(&(struct way) { .program = found }, command + 1);
	expect_code(&without, 0);
	cr_assert_eq(rename("result.ppm", "without.ppm"), 0);
	const struct told with = tine_as(&(struct way) { 0 }, traced_command);
	expect_code(&with, 0);
	cr_expect_eq(system("cmp result.ppm without.ppm"), 0, "the pictures differ");
	expect_words(with.err, library);
	expect_words(file_text("out/worst-1.svg"), "member 0");
}

Test(trace, GraphicsMagick_blurs_the_same)
{
	same_picture(ARGUMENTS("gm", "convert", "in.png", "-blur", "0x4", "result.ppm"),
		"libGraphicsMagick");
}

Test(trace, GraphicsMagick_resizes_the_same)
{
	same_picture(ARGUMENTS("gm", "convert", "in.png", "-resize", "150%", "result.ppm"),
		"libGraphicsMagick");
}

Test(trace, ImageMagick_blurs_the_same)
{
	same_picture(ARGUMENTS("convert-im6.q16", "in.png", "-blur", "0x3", "result.ppm"),
		"libMagickCore");
}

static void same_sum(const char *name, const char *library)
{
	char *path = program(name);

	setenv("OMP_NUM_THREADS", "2", 1);
	const struct told without = plain(path, NULL);
	if (without.code == 77)
		skip("it is not installed");
	const struct told with = traced(path, NULL);
	expect_code(&with, 0);
	cr_expect_str_eq(with.out, without.out);
	expect_words(with.err, library);
}

Test(trace, OpenBLAS_multiplies_the_same)
{
	same_sum("uses_openblas.gcc2", "libopenblas");
}

Test(trace, FFTW_transforms_the_same)
{
	same_sum("uses_fftw.gcc2", "libfftw3_omp");
}

/* ---- ways to end ---- */

static struct told ends(const char *way, int code, const char *words)
{
	const struct told told = traced(program("ways_to_end.gcc2"), way);

	cr_expect_eq(told.code, code, "%s: %d, not %d\n%s", way, told.code, code, told.err);
	expect_words(told.err, words);
	return told;
}

Test(trace, exit_in_a_region_leaves_a_report)
{
	expect_words(ends("exit", 7, "exit status 7").err, "1 region had not been joined");
}

Test(trace, abort_in_a_region_leaves_a_report)
{
	expect_words(ends("abort", -SIGABRT, "ended by signal 6").err, "did not exit by itself");
}

Test(trace, a_fault_in_a_region_leaves_a_report)
{
	ends("segv", -SIGSEGV, "1 region had not been joined");
}

Test(trace, being_killed_in_a_region_leaves_a_report)
{
	expect_words(
		ends("kill", -SIGKILL, "ended by signal 9").err, "1 region had not been joined");
}

Test(trace, _exit_leaves_a_report)
{
	/* the last one, if it was short, is named as missing */
	expect_match(ends("_exit", 6, "OpenMP in 1").err, "in (10|9) parallel regions");
}

Test(trace, a_forked_child_has_a_report_of_its_own)
{
	const struct told told = ends("fork", 5, "OpenMP in 2 of 2 processes");

	expect_words(told.err, "in 3 parallel regions");
	expect_words(told.err, "in 4 parallel regions");
}

Test(trace, exec_leaves_a_report_of_both_programs)
{
	const struct told told = ends("exec", 0, "OpenMP in 2 of 2 processes");

	expect_match(told.err, "in (12|11) parallel regions");
	expect_words(told.err, "in 10 parallel regions");
}

Test(trace, regions_in_signal_handlers_do_no_harm)
{
	ends("handler", 0, "in 210 parallel regions");
}

Test(trace, libgomp_that_is_opened_later_is_seen)
{
	const char *opener = program("opens_plugin.gcc2"), *plugin = program("plugin.so");
	const struct told told = traced(opener, plugin);

	expect_code(&told, 4);
	cr_expect_str_eq(told.out, "4950\n");
	expect_words(told.err, "plugin_sum, plugin.c:");
}

/* ---- what cannot be traced ---- */

Test(trace, a_command_that_is_not_there_is_127)
{
	expect_missing_is_127("trace");
}

Test(trace, a_command_that_cannot_be_executed_is_126)
{
	expect_not_executable_is_126("trace");
}

Test(trace, a_static_program_is_named_and_runs)
{
	setenv("OMP_NUM_THREADS", "2", 1);
	const struct told told = traced(program("static"), NULL);

	expect_code(&told, 0);
	expect_words(told.err, "it is statically linked, so that preloading cannot reach it");
	cr_expect_str_eq(told.out, plain(program("static"), NULL).out);
}

Test(trace, a_setuid_program_of_another_is_named)
{
	const char *tool = "/bin/true";

	if (getuid() == 0) {
		cr_assert_eq(system("cp /bin/true own && chown 65534 own && chmod 4755 own"), 0);
		tool = "./own";
	} else {
		skip("a setuid program needs root");
	}
	expect_words(tine("trace", "--", tool).err, "it runs with other rights than ours");
}

Test(trace, without_OpenMP_it_says_so_and_keeps_the_exit_status)
{
	const struct told told = tine("trace", "--", "sh", "-c", "echo out; echo err >&2; exit 42");

	expect_code(&told, 42);
	cr_expect_str_eq(told.out, "out\n");
	expect_words(told.err, "err\n");
	expect_words(told.err, "no OpenMP was seen");
}

Test(trace, a_command_ended_by_a_signal_ends_tine_by_it)
{
	const struct told told = tine("trace", "--", "sh", "-c", "kill -TERM $$");

	expect_code(&told, -SIGTERM);
}

Test(trace, a_format_for_pictures_needs_a_directory)
{
	expect_refusal("--output DIR", ARGUMENTS("trace", "--format", "svg", "--", "true"));
}

Test(trace, nothing_is_left_in_memory)
{
	const struct told told = tine("trace", "--", "sh", "-c", "printf %s $TINE_TRACE_DIR");

	cr_expect_neq(access("/dev/shm", F_OK) && !*told.out, 1);
	cr_expect_eq(access(told.out, F_OK), -1, "%s is still there", told.out);
}

/* ---- threads ---- */

Test(trace, threads_are_regions_where_that_is_asked_for)
{
	const struct told told = tine("trace", "--pthreads", "--", program("threads.gcc2"));

	expect_code(&told, 0);
	expect_match(told.err, "main, threads.c:[0-9]+ +5 ");
	expect_match(told.err, " 4 +4 +0 +0  barrier");
}

Test(trace, threads_are_none_where_it_is_not)
{
	expect_words(traced(program("threads.gcc2"), NULL).err, "no OpenMP was seen");
}

Test(trace, short_threads_use_the_same_records_again)
{
	setenv("OMP_NUM_THREADS", "1", 1);
	const struct told told =
		tine("trace", "--", program("ways_to_end.gcc2"), "threads", "2000");

	expect_code(&told, 0);
	expect_words(told.err, "in 2000 parallel regions");
	expect_words(told.err, "0, 2000 threads");
}

/* ---- what is kept in detail ---- */

/* Those are not short in which the member lost its CPU. */
Test(trace, short_regions_of_a_single_member_are_in_the_sums_alone)
{
	const struct told told = tine("trace", "--", program("cost.gcc2"), "regions", "100", "1");

	expect_words(told.err, "in 700 parallel regions");
	expect_match(told.err,
		"\n[0-9]?[0-9] of 700 regions were kept in detail, the first ones, without short");
}

Test(trace, short_regions_of_a_single_member_are_kept_with_their_chunks)
{
	const struct told told =
		tine("trace", "--chunks", "--", program("cost.gcc2"), "regions", "100", "1");

	expect_words(told.err, "\n700 of 700 regions were kept in detail;");
}

Test(trace, short_regions_of_a_team_are_kept_in_detail)
{
	const struct told told = tine("trace", "--", program("cost.gcc2"), "regions", "100", "2");

	expect_words(told.err, "\n700 of 700 regions were kept in detail;");
}

Test(trace, long_regions_of_a_single_member_are_kept_in_detail)
{
	setenv("OMP_THREAD_LIMIT", "1", 1);
	const struct told told =
		tine("trace", "--", program("truth.gcc2"), "imbalance", "3", "1", "1");

	expect_match(told.err, "\n[34] of 4 regions were kept in detail");
}

/* ---- formats ---- */

static const char *written(const char *format)
{
	setenv("OMP_NUM_THREADS", "2", 1);
	const struct told told = tine("trace", "--chunks", "--format", format, "--output", "out",
		"--", program("schedule_dynamic.gcc2"));

	expect_code(&told, 0);
	return listing("out");
}

Test(trace, text_has_the_worst_regions)
{
	expect_words(written("text"), "worst-1.txt\n");
	expect_words(file_text("out/worst-1.txt"), "dealt.c:");
}

Test(trace, svg_has_the_worst_regions)
{
	expect_words(written("svg"), "worst-1.svg\n");
	expect_words(file_text("out/worst-1.svg"), "member 1");
}

Test(trace, svg_has_the_whole_run)
{
	expect_words(written("svg"), "run.svg\n");
	expect_words(file_text("out/run.svg"), "outside");
}

Test(trace, chrome_has_all_regions_and_their_chunks)
{
	expect_words(written("chrome"), "run.json\n");
	json_t *said = parse(file_text("out/run.json"));
	cr_expect(json_is_array(json_object_get(said, "traceEvents")));
	json_decref(said);
	expect_words(file_text("out/run.json"), "unit 999");
}

Test(trace, otf2_has_all_regions)
{
	expect_words(written("otf2"), "run.otf2\n");
	cr_assert_eq(system("otf2-print out/run.otf2/traces.otf2 > printed"), 0);
	cr_expect_eq(count_words(file_text("printed"), "THREAD_FORK"), 2);
}

Test(trace, places_are_in_a_table)
{
	written("text");
	cr_expect_eq(count_lines(file_text("out/places.csv")), 3);
}
