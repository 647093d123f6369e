/*
 * cli, report: what is made again from a run directory, and broken ones.
 */
#include "cli_sweep.h"

TestSuite(report, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 60);
TestSuite(drawn, .init = enter_directory, .fini = leave_directory, .timeout = 60);

static const char *const derived[] = { "D/speedup.csv", "D/speedup.md", "D/schedules.csv",
	"D/schedules.md", "D/scaling.csv", "D/scaling.md", "D/losses.csv", "D/losses.md" };

enum { DERIVED = sizeof(derived) / sizeof(derived[0]) };

static void expect_same_again(const char *const *files, size_t count)
{
	char *before[16];
	size_t sizes[16];
	struct stat status;

	for (size_t i = 0; i < count; i++) {
		before[i] = file_text(files[i]);
		cr_assert_eq(stat(files[i], &status), 0);
		sizes[i] = (size_t)status.st_size;
		cr_assert_eq(unlink(files[i]), 0);
	}
	const struct told told = tine("report", "D");
	expect_code(&told, 0);
	for (size_t i = 0; i < count; i++) {
		const char *after = file_text(files[i]);
		cr_assert_eq(stat(files[i], &status), 0);
		cr_expect_eq((size_t)status.st_size, sizes[i], "%s", files[i]);
		cr_expect_eq(memcmp(before[i], after, sizes[i]), 0, "%s differs", files[i]);
	}
}

Test(report, makes_deleted_tables_again_byte_by_byte)
{
	small_sweep();
	expect_same_again(derived, DERIVED);
}

Test(report, prints_what_the_sweep_printed)
{
	const struct told sweep = small_sweep(), report = tine("report", "D");

	cr_expect_str_eq(report.out, sweep.out);
}

Test(report, does_not_touch_the_raw_data)
{
	small_sweep();
	const char *launches = file_text("D/launches.jsonl"), *about = file_text("D/run.json");

	tine("report", "D");
	cr_expect_str_eq(file_text("D/launches.jsonl"), launches);
	cr_expect_str_eq(file_text("D/run.json"), about);
}

/* ---- what is precise ---- */

enum { ENOUGH_LAUNCHES = 8 };

static void put_many_cores(void)
{
	json_t *about = parse(file_text("D/run.json"));

	json_object_set_new(json_object_get(about, "machine"), "cores", json_integer(8));
	cr_assert_eq(json_dump_file(about, "D/run.json", 0), 0);
	json_decref(about);
}

/*
 * A run of up to 6 threads whose times obey Amdahl's law with a serial part of 5 %. The launches of
 * teams of `blurred` grow by a part of 3 % from round to round, all others by next to nothing.
 */
static void report_law_abiding_run(json_int_t blurred)
{
	setenv("HWLOC_SYNTHETIC", "core:2 pu:1", 1); /* schedules are tried on so many threads */
	const struct told told = tine("sweep", "pi", "--size", "1000", "--samples", "1",
		"--variant", "openmp", "--threads", "1,2,3,4,6", "--launches", "1", "--out", "D");
	json_t *measured = launches_in("D"), *launches = json_array(), *one;
	size_t i;

	expect_code(&told, 0);
	json_array_foreach (measured, i, one) {
		const json_int_t threads = whole(one, "threads");
		add_launches_like(launches, one, ENOUGH_LAUNCHES,
			1e7 * (0.05 + 0.95 / (double)threads), threads == blurred ? 0.03 : 1e-5);
	}
	put_launches("D", launches);
	put_many_cores();
	json_decref(measured);
	const struct told report = tine("report", "D");
	expect_code(&report, 0);
}

#define PRECISE_COLUMN "^\"?pi/openmp/t2/[^/]*/n1000\"?,pi,openmp,2,.*,"

Test(report, a_schedule_that_is_precise_is_not_marked)
{
	report_law_abiding_run(0);
	expect_match(file_text("D/schedules.csv"), PRECISE_COLUMN "true,2,true,3\\.14");
	cr_expect_not(matches(file_text("D/schedules.csv"), PRECISE_COLUMN "false,2,true"));
	expect_match(file_text("D/schedules.md"), "^\\| pi \\| [0-9]+ \\| 1\\.90 \\* ");
	cr_expect_not(matches(file_text("D/schedules.md"), "^\\| pi .*~"));
}

Test(report, a_schedule_that_is_not_precise_is_marked)
{
	report_law_abiding_run(2);
	expect_match(file_text("D/schedules.csv"), PRECISE_COLUMN "false,2,true,3\\.14");
	cr_expect_not(matches(file_text("D/schedules.csv"), PRECISE_COLUMN "true,2,true"));
	expect_match(file_text("D/schedules.md"), "^\\| pi \\| [0-9]+ \\| 1\\.[0-9]+ \\*~ ");
	expect_match(file_text("D/schedules.md"), "^- ~ the 95 % interval is wider than ±1 %");
}

Test(report, says_which_schedule_to_take)
{
	report_law_abiding_run(0);
	expect_match(file_text("D/schedules.md"), "^- pi, openmp, 2 threads: static ");
	expect_match(file_text("D/schedules.csv"),
		"^\"?pi/openmp/t2/static/n1000\"?,.*,(fastest|tied),true,");
}

Test(report, a_curve_all_of_whose_points_are_precise_is_not_marked)
{
	report_law_abiding_run(0);
	expect_match(file_text("D/scaling.csv"), "^pi,openmp,[^,]*,[^,]*,4,true,");
	expect_match(file_text("D/scaling.md"), "^\\| pi \\| openmp \\|");
}

Test(report, a_curve_with_a_point_that_is_not_precise_is_marked)
{
	report_law_abiding_run(4);
	expect_match(file_text("D/scaling.csv"), "^pi,openmp,[^,]*,[^,]*,4,false,");
	expect_match(file_text("D/scaling.md"), "^\\| pi \\| openmp ~ \\|");
	expect_match(
		file_text("D/scaling.md"), "^- ~ a 95 % interval of a speedup is wider than ±1 %");
}

Test(report, speedups_say_in_csv_which_are_precise)
{
	report_law_abiding_run(4);
	expect_match(file_text("D/speedup.csv"), "^pi/openmp/t4/.*,false,4,true,3\\.14");
	expect_match(file_text("D/speedup.csv"), "^pi/openmp/t3/.*,true,3,true,3\\.14");
}

static bool have_gnuplot(void)
{
	return !system("gnuplot --version >/dev/null 2>&1");
}

static const char *const pictures[] = { "D/plots/pi.svg", "D/plots/pi.png", "D/plots/collatz.svg",
	"D/plots/collatz.png", "D/plots/schedules.svg", "D/plots/schedules.png",
	"D/plots/schedules-pi.svg", "D/plots/schedules-pi.png", "D/plots/schedules-collatz.svg",
	"D/plots/schedules-collatz.png", "D/plots/losses.svg", "D/plots/losses.png" };

enum { PICTURES = sizeof(pictures) / sizeof(pictures[0]) };

static void sweep_with_pictures(void)
{
	if (!have_gnuplot())
		skip("there is no gnuplot");
	const struct told told = tine("sweep", "pi", "collatz", SMALL, "--variant", "openmp",
		"--threads", "2", "--launches", "3", "--out", "D");
	expect_code(&told, 0);
	expect_words(told.out, "plots/");
}

Test(drawn, two_pictures_a_kernel_one_of_the_schedules_and_one_of_the_losses)
{
	sweep_with_pictures();
	for (size_t i = 0; i < PICTURES; i++)
		cr_expect_gt(strlen(file_text(pictures[i])), 4, "%s", pictures[i]);
	cr_expect_eq(count_lines(listing("D/plots")), PICTURES, "%s", listing("D/plots"));
}

Test(drawn, report_makes_deleted_pictures_again_byte_by_byte)
{
	sweep_with_pictures();
	expect_same_again(pictures, PICTURES);
}

Test(drawn, svg_names_the_kernel_and_the_variants)
{
	sweep_with_pictures();
	expect_words(file_text("D/plots/pi.svg"), "pi");
	expect_words(file_text("D/plots/pi.svg"), "openmp");
	expect_words(file_text("D/plots/pi.svg"), "speedup");
	expect_words(file_text("D/plots/schedules.svg"), "guided");
	expect_words(file_text("D/plots/losses.svg"), "inflation");
}

Test(drawn, where_no_speedup_is_known_too)
{
	sweep_with_pictures();
	put_text("D/launches.jsonl", "");
	const struct told told = tine("report", "D");
	expect_code(&told, 0);
	cr_expect_null(strstr(told.err, "no picture"), "%s", told.err);
}

/* ---- broken run directories ---- */

Test(report, leaves_out_a_torn_last_line_and_says_so)
{
	const struct told before = small_sweep();

	append_text("D/launches.jsonl", "{\"case\":\"pi/pool/t2/sta");
	const struct told told = tine("report", "D");
	expect_code(&told, 0);
	expect_match(told.err, "D/launches\\.jsonl.*cut short");
	cr_expect_str_eq(told.out, before.out);
}

Test(report, of_a_run_without_launches_says_that_nothing_was_measured)
{
	small_sweep();
	put_text("D/launches.jsonl", "");
	const struct told told = tine("report", "D");
	expect_code(&told, 0);
	expect_words(told.out, "not measured");
}

static void expect_broken(const char *names)
{
	const struct told told = tine("report", "D");

	cr_assert(told.code == 2 || told.code == 4, "exit code %d\n%s", told.code, told.err);
	expect_words(told.err, names);
	cr_expect_str_empty(told.out);
}

Test(report, names_a_directory_that_is_none)
{
	expect_broken("D/run.json");
}

Test(report, names_a_file_that_is_no_directory)
{
	put_text("D", "text");
	expect_broken("D/run.json");
}

Test(report, names_the_line_of_a_broken_run_json)
{
	small_sweep();
	put_text("D/run.json", "{\n\"tine\": oops\n}\n");
	expect_broken("D/run.json:2");
}

Test(report, names_a_run_json_without_a_plan)
{
	small_sweep();
	put_text("D/run.json", "{\"tine\": \"0.1.0\"}\n");
	expect_broken("D/run.json");
}

Test(report, names_a_run_json_with_a_case_of_the_wrong_type)
{
	small_sweep();
	put_text("D/run.json", "{\"plan\": {\"cases\": [{\"kernel\": 5}]}}\n");
	expect_broken("D/run.json");
}

Test(report, names_a_run_json_that_is_a_list)
{
	small_sweep();
	put_text("D/run.json", "[1, 2]\n");
	expect_broken("D/run.json");
}

Test(report, names_missing_launches)
{
	small_sweep();
	cr_assert_eq(unlink("D/launches.jsonl"), 0);
	expect_broken("D/launches.jsonl");
}

static void break_second_line(const char *with)
{
	small_sweep();
	char *lines = file_text("D/launches.jsonl"), *end = strchr(lines, '\n') + 1;
	char *rest = strdup(strchr(end, '\n'));

	*end = 0;
	put_text("D/launches.jsonl", lines);
	append_text("D/launches.jsonl", with);
	append_text("D/launches.jsonl", rest);
	free(rest);
}

Test(report, names_the_line_of_a_launch_that_is_no_json)
{
	break_second_line("{\"case\": oops}");
	expect_broken("D/launches.jsonl:2");
}

Test(report, names_the_line_of_a_launch_that_is_empty)
{
	break_second_line("");
	expect_broken("D/launches.jsonl:2");
}

Test(report, names_the_line_of_a_launch_without_fields)
{
	break_second_line("{}");
	expect_broken("D/launches.jsonl:2");
}

Test(report, names_the_line_of_a_launch_of_too_many_threads)
{
	break_second_line("{\"kernel\": \"pi\", \"variant\": \"pool\", \"threads\": 100000}");
	expect_broken("D/launches.jsonl:2");
}
