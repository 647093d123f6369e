/*
 * cli, sweep and report: the plan, the run directory, what can be made again from it, and broken
 * ones.
 */
#include "cli.h"

/* Pictures are drawn only where a test is about them. */
static void enter_without_gnuplot(void)
{
	enter_directory();
	setenv("PATH", "/nonexistent", 1);
}

TestSuite(sweep, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 60);
TestSuite(report, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 60);
TestSuite(drawn, .init = enter_directory, .fini = leave_directory, .timeout = 60);

#define SMALL "--quick", "--size", "1000", "--samples", "1"

/* Every variant of two kernels, twice. */
static struct told whole_sweep(void)
{
	const struct told told = tine("sweep", "pi", "collatz", SMALL, "--threads", "1,2",
		"--launches", "2", "--seed", "7", "--out", "D");

	expect_code(&told, 0);
	return told;
}

/* The least that fills both tables. */
static struct told small_sweep(void)
{
	const struct told told = tine("sweep", "pi", SMALL, "--variant", "openmp", "--threads", "2",
		"--launches", "1", "--out", "D");

	expect_code(&told, 0);
	return told;
}

/* ---- the run directory ---- */

Test(sweep, leaves_raw_data_and_tables)
{
	small_sweep();
	cr_expect_str_eq(listing("."), "D\n");
	expect_match(listing("D"), "^launches\\.jsonl$");
	expect_match(listing("D"), "^run\\.json$");
	expect_match(listing("D"), "^speedup\\.csv$");
	expect_match(listing("D"), "^speedup\\.md$");
	expect_match(listing("D"), "^schedules\\.csv$");
	expect_match(listing("D"), "^schedules\\.md$");
}

Test(sweep, run_json_has_version_machine_and_plan)
{
	whole_sweep();
	json_t *about = parse(file_text("D/run.json"));
	const json_t *plan = json_object_get(about, "plan");

	cr_expect(json_is_string(json_object_get(about, "tine")));
	cr_expect(json_is_object(json_object_get(about, "machine")));
	cr_expect_eq(whole(plan, "launches"), 2);
	cr_expect_eq(whole(plan, "seed"), 7);
	json_decref(about);
}

/* How many lines of launches.jsonl are of this case in this round. */
static size_t launches_of(const char *id, json_int_t round)
{
	char *lines = file_text("D/launches.jsonl"), *rest = lines, *line;
	size_t count = 0;

	while ((line = strtok_r(rest, "\n", &rest))) {
		json_t *launch = parse(line);
		count += !strcmp(json_string_value(json_object_get(launch, "case")), id) &&
			whole(launch, "round") == round;
		json_decref(launch);
	}
	return count;
}

Test(sweep, every_planned_case_is_launched_once_a_round)
{
	whole_sweep();
	json_t *about = parse(file_text("D/run.json"));
	const json_t *cases = json_object_get(json_object_get(about, "plan"), "cases");
	json_t *one;
	size_t i;

	json_array_foreach (cases, i, one) {
		const char *id = json_string_value(json_object_get(one, "case"));
		cr_expect_eq(launches_of(id, 0), 1, "%s", id);
		cr_expect_eq(launches_of(id, 1), 1, "%s", id);
	}
	cr_expect_eq(count_lines(file_text("D/launches.jsonl")), 2 * json_array_size(cases));
	json_decref(about);
}

Test(sweep, every_line_is_a_launch_with_its_regions)
{
	small_sweep();
	char *rest = file_text("D/launches.jsonl"), *line;

	while ((line = strtok_r(rest, "\n", &rest))) {
		json_t *launch = parse(line);
		const json_t *regions = json_object_get(launch, "regions");
		cr_assert_eq(json_array_size(regions), 1);
		cr_expect_eq((json_int_t)json_array_size(
				     json_object_get(json_array_get(regions, 0), "members")),
			whole(launch, "threads"), "%s", line);
		json_decref(launch);
	}
}

static bool planned(const char *id)
{
	json_t *about = parse(file_text("D/run.json")), *one;
	const json_t *cases = json_object_get(json_object_get(about, "plan"), "cases");
	bool found = false;
	size_t i;

	json_array_foreach (cases, i, one)
		found |= !strcmp(json_string_value(json_object_get(one, "case")), id);
	json_decref(about);
	return found;
}

static void expect_planned(const char *const *ids)
{
	for (size_t i = 0; ids[i]; i++)
		cr_expect(planned(ids[i]), "%s is not planned", ids[i]);
}

Test(sweep, plans_every_variant_over_the_threads)
{
	whole_sweep();
	expect_planned(ARGUMENTS("pi/sequential/t1/none/n1000", "pi/openmp/t1/static/n1000",
		"pi/openmp/t2/static/n1000", "pi/pthread/t1/static/n1000",
		"pi/pthread/t2/static/n1000", "pi/pool/t1/static/n1000", "pi/pool/t2/static/n1000",
		"collatz/sequential/t1/none/n1000", "collatz/pool/t2/static/n1000"));
}

/* A machine of four cores, whatever this one is. */
static void sweep_four_cores(void)
{
	setenv("HWLOC_SYNTHETIC", "pack:1 core:4 pu:1", 1);
	const struct told told = tine("sweep", "pi", "--quick", "--size", "1000", "--launches", "1",
		"--samples", "1", "--out", "D");
	expect_code(&told, 0);
}

Test(sweep, plans_the_usual_schedules_for_openmp_at_all_cores)
{
	sweep_four_cores();
	expect_planned(ARGUMENTS("pi/openmp/t4/static/n1000", "pi/openmp/t4/static,1/n1000",
		"pi/openmp/t4/dynamic,1/n1000", "pi/openmp/t4/dynamic,16/n1000",
		"pi/openmp/t4/guided/n1000", "pi/openmp/t4/auto/n1000"));
	cr_expect(!planned("pi/pool/t4/guided/n1000"));
	cr_expect(!planned("pi/openmp/t2/guided/n1000"));
}

Test(sweep, plans_powers_of_two_up_to_all_cores)
{
	sweep_four_cores();
	expect_planned(ARGUMENTS(
		"pi/pool/t1/static/n1000", "pi/pool/t2/static/n1000", "pi/pool/t4/static/n1000"));
	cr_expect(!planned("pi/pool/t3/static/n1000"));
	cr_expect(!planned("pi/pool/t8/static/n1000"));
}

Test(sweep, plans_all_hardware_threads_where_they_are_more)
{
	setenv("HWLOC_SYNTHETIC", "pack:1 core:2 pu:2", 1);
	const struct told told = tine(
		"sweep", "pi", "--size", "1000", "--launches", "1", "--samples", "1", "--out", "D");

	expect_code(&told, 0);
	expect_planned(ARGUMENTS(
		"pi/pool/t2/static/n1000", "pi/pool/t4/static/n1000", "pi/openmp/t2/guided/n1000"));
}

static char *order_of_launches(const char *out, const char *seed)
{
	const struct told told = tine("sweep", "pi", SMALL, "--threads", "2", "--launches", "1",
		"--seed", seed, "--out", out);
	char path[32], *order;
	size_t length;
	FILE *to = open_memstream(&order, &length);

	expect_code(&told, 0);
	snprintf(path, sizeof(path), "%s/launches.jsonl", out);
	char *rest = file_text(path), *line;
	while ((line = strtok_r(rest, "\n", &rest)))
		fprintf(to, "%.*s\n", (int)strcspn(line, ","), line);
	fclose(to);
	return keep(order);
}

Test(sweep, order_is_the_same_with_the_same_seed)
{
	cr_expect_str_eq(order_of_launches("A", "7"), order_of_launches("B", "7"));
}

Test(sweep, order_is_another_with_another_seed)
{
	cr_expect_str_neq(order_of_launches("A", "7"), order_of_launches("B", "8"));
}

Test(sweep, default_directory_is_results_host_and_utc)
{
	const struct told told =
		tine("sweep", "pi", "--variant", "sequential", SMALL, "--launches", "1");
	char host[256] = "", pattern[300];

	expect_code(&told, 0);
	gethostname(host, sizeof(host) - 1);
	host[strcspn(host, ".")] = 0;
	snprintf(pattern, sizeof(pattern), "^%s-[0-9]{8}T[0-9]{6}Z$", host);
	expect_match(listing("results"), pattern);
	cr_expect_eq(count_lines(listing("results")), 1);
	expect_words(told.out, "In results/");
}

Test(sweep, default_directories_do_not_collide)
{
	for (int i = 0; i < 2; i++)
		tine("sweep", "pi", "--variant", "sequential", SMALL, "--launches", "1");
	cr_expect_eq(count_lines(listing("results")), 2, "%s", listing("results"));
}

/* ---- what it prints ---- */

Test(sweep, prints_both_tables_and_where_they_lie)
{
	sweep_four_cores();
	const struct told told = tine("report", "D");

	expect_match(told.out, "^pi: size 1000");
	expect_match(told.out, "^ +pool +4 +static .*verified");
	expect_match(told.out, "^Speedup of openmp by schedule$");
	expect_match(told.out,
		"^ +kernel +threads +static +static,1 +dynamic,1 +dynamic,16 +guided +auto$");
	expect_words(told.out, "In D/:");
	expect_words(told.out, "speedup.csv");
	expect_words(told.out, "schedules.md");
}

Test(sweep, tables_as_csv_and_markdown_hold_every_case)
{
	whole_sweep();
	expect_match(
		file_text("D/speedup.csv"), "^pi/pool/t2/static/n1000,pi,pool,2,static,,1000,");
	expect_match(file_text("D/speedup.csv"), "^collatz/sequential/t1/none/n1000,");
	expect_match(file_text("D/schedules.csv"), "^pi/openmp/t[0-9]+/guided/n1000,");
	expect_match(file_text("D/speedup.md"), "^\\| pool \\| 2 \\| static \\|");
	expect_match(file_text("D/schedules.md"), "^\\| pi \\| [0-9]+ \\|");
}

Test(sweep, progress_is_plain_lines_on_stderr)
{
	const struct told told = whole_sweep();

	cr_expect_null(strpbrk(told.err, "\r\033"), "%s", told.err);
	expect_match(told.err, "^tine: [0-9]+ cases, 2 launches each, in D$");
	expect_match(
		told.err, "^tine: [0-9]+/[0-9]+ launches, [0-9]+ %, about [0-9]+:[0-9]{2} left$");
	expect_match(told.err, "^tine: [0-9]+/[0-9]+ launches, 100 %$");
	for (char *rest = keep(strdup(told.err)), *line; (line = strtok_r(rest, "\n", &rest));)
		cr_expect_eq(strncmp(line, "tine: ", 6), 0, "%s", line);
}

Test(sweep, progress_is_one_renewed_line_on_a_terminal)
{
	const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
	char said[8192] = "";

	cr_assert(terminal >= 0 && !grantpt(terminal) && !unlockpt(terminal));
	const int other = open(ptsname(terminal), O_RDWR | O_NOCTTY);
	cr_assert_geq(other, 0);
	const struct told told = tine_as(&(struct way) { .err = other },
		ARGUMENTS("sweep", "pi", "--variant", "pool", SMALL, "--launches", "1", "--out",
			"D"));
	expect_code(&told, 0);
	cr_assert_gt(read(terminal, said, sizeof(said) - 1), 0);
	expect_words(said, "\r\033[K");
	expect_match(said, "launches, [0-9]+ %, about [0-9]+:[0-9]{2} left  pi/");
}

Test(sweep, one_launch_is_singular)
{
	const struct told told = small_sweep();

	expect_match(told.err, "1 launch each");
}

Test(sweep, says_what_is_missing_without_gnuplot_and_is_done)
{
	const struct told told = small_sweep();

	expect_match(told.err, "gnuplot.*(missing|install)");
	expect_match(listing("D"), "^speedup\\.csv$");
	cr_expect_null(strstr(told.out, "plots/"), "pictures are promised");
}

Test(sweep, a_wrong_result_is_exit_code_1_with_tables)
{
	if (!matches(tine("list").out, "^ *wrong "))
		cr_skip_test("tine was built without the kernel wrong");
	const struct told told = tine("sweep", "wrong", "--threads", "2", "--launches", "1",
		"--samples", "1", "--out", "D");

	expect_code(&told, 1);
	expect_words(told.out, "differs");
	expect_match(file_text("D/speedup.csv"), "^wrong/pool/.*,false,");
}

/* ---- report ---- */

static const char *const derived[] = { "D/speedup.csv", "D/speedup.md", "D/schedules.csv",
	"D/schedules.md" };

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

static bool have_gnuplot(void)
{
	return !system("gnuplot --version >/dev/null 2>&1");
}

static const char *const pictures[] = { "D/plots/pi.svg", "D/plots/pi.png", "D/plots/collatz.svg",
	"D/plots/collatz.png", "D/plots/schedules.svg", "D/plots/schedules.png" };

enum { PICTURES = sizeof(pictures) / sizeof(pictures[0]) };

static void sweep_with_pictures(void)
{
	if (!have_gnuplot())
		cr_skip_test("there is no gnuplot");
	const struct told told = tine("sweep", "pi", "collatz", SMALL, "--variant", "openmp",
		"--threads", "2", "--launches", "1", "--out", "D");
	expect_code(&told, 0);
	expect_words(told.out, "plots/");
}

Test(drawn, a_picture_a_kernel_and_one_of_the_schedules)
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
}

/* ---- broken run directories ---- */

static void append_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "ae");

	cr_assert_not_null(file);
	fputs(text, file);
	fclose(file);
}

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
