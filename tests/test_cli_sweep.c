/*
 * cli, sweep: the plan, the run directory, and what is printed.
 */
#include <time.h>

#include "cli_sweep.h"

TestSuite(sweep, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 60);

/* Every variant of two kernels, twice. */
static struct told whole_sweep(void)
{
	const struct told told = tine("sweep", "pi", "collatz", SMALL, "--threads", "1,2",
		"--launches", "2", "--seed", "7", "--out", "D");

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
	expect_match(listing("D"), "^scaling\\.csv$");
	expect_match(listing("D"), "^scaling\\.md$");
}

Test(sweep, run_json_has_version_machine_and_plan)
{
	small_sweep();
	json_t *about = parse(file_text("D/run.json"));

	expect_keys(about, ARGUMENTS("tine", "machine", "plan"));
	cr_expect(json_is_string(json_object_get(about, "tine")));
	cr_expect(json_is_object(json_object_get(about, "machine")));
	json_decref(about);
}

Test(sweep, every_planned_case_is_launched_once_a_round)
{
	whole_sweep();
	expect_complete(2);
}

Test(sweep, every_line_is_a_launch_with_its_regions)
{
	small_sweep();
	json_t *launches = launches_in("D"), *one;
	size_t i;

	json_array_foreach (launches, i, one) {
		const json_t *regions = json_object_get(one, "regions");
		cr_assert_eq(json_array_size(regions), 1);
		cr_expect_eq((json_int_t)json_array_size(
				     json_object_get(json_array_get(regions, 0), "members")),
			whole(one, "team"));
	}
	json_decref(launches);
}

Test(sweep, every_line_says_what_was_seen_around_its_launch)
{
	small_sweep();
	json_t *launches = launches_in("D"), *one;
	size_t i;

	json_array_foreach (launches, i, one) {
		expect_keys(one,
			ARGUMENTS("case", "kernel", "variant", "threads", "schedule", "chunk",
				"size", "grain", "default_grain", "round", "status", "why",
				"began_ms", "took_ns", "crowded", "throttled", "steal_ns", "result",
				"clock", "team", "repeats", "preempted", "regions", "traced",
				"cold", "units_cost", "memory", "tasks", "parts"));
		cr_expect_str_eq(json_string_value(json_object_get(one, "status")), "ok");
		cr_expect_gt(whole(one, "took_ns"), 0);
		cr_expect_geq(whole(one, "repeats"), 1);
		cr_expect(json_is_boolean(json_object_get(one, "crowded")));
	}
	json_decref(launches);
}

Test(sweep, traces_each_parallel_launch_without_keeping_units)
{
	small_sweep();
	json_t *launches = launches_in("D"), *one;
	size_t i;

	json_array_foreach (launches, i, one) {
		const json_t *traced = json_object_get(one, "traced");
		const bool parallel =
			strcmp(json_string_value(json_object_get(one, "variant")), "sequential");
		cr_expect_eq(!!json_array_size(traced), parallel);
		cr_expect_eq(json_is_real(json_object_get(one, "units_cost")), parallel);
		cr_expect(json_is_null(json_object_get(one, "memory")));
		cr_expect(json_is_null(json_object_get(one, "parts")));
		const json_t *members = json_object_get(json_array_get(traced, 0), "members");
		const json_t *units = json_array_get(json_array_get(members, 0), 6);
		cr_expect_eq(json_array_size(units), 0);
	}
	json_decref(launches);
}

static json_int_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (json_int_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

Test(sweep, every_line_says_when_its_launch_began)
{
	json_int_t before = now_ms();
	small_sweep();
	json_t *launches = launches_in("D"), *one;
	size_t i;

	json_array_foreach (launches, i, one) {
		cr_expect_geq(whole(one, "began_ms"), before);
		before = whole(one, "began_ms") + whole(one, "took_ns") / 1000000;
	}
	cr_expect_leq(before, now_ms());
	json_decref(launches);
}

static bool planned(const char *id)
{
	json_t *plan = plan_in_run_json(), *one;
	bool found = false;
	size_t i;

	json_array_foreach (json_object_get(plan, "cases"), i, one)
		found |= !strcmp(json_string_value(json_object_get(one, "case")), id);
	json_decref(plan);
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

/* The order of three rounds. */
static char *order_with(const char *seed, const char *out)
{
	const struct told told = tine("sweep", "pi", SMALL, "--variant", "openmp", "--threads", "2",
		"--launches", "3", "--seed", seed, "--out", out);

	expect_code(&told, 0);
	return order_in(out);
}

Test(sweep, order_is_the_same_with_the_same_seed)
{
	cr_expect_str_eq(order_with("7", "A"), order_with("7", "B"));
}

Test(sweep, order_is_another_with_another_seed)
{
	cr_expect_str_neq(order_with("7", "A"), order_with("8", "B"));
}

Test(sweep, order_is_another_in_each_round)
{
	const char *order = order_with("7", "D");
	const size_t round = strlen(order) / 3;

	cr_assert_eq(order[round - 1], '\n');
	cr_expect_neq(strncmp(order, order + round, round), 0, "%s", order);
}

Test(sweep, seed_is_recorded_when_it_was_not_given)
{
	small_sweep();
	json_t *plan = plan_in_run_json();
	char seed[24];

	snprintf(seed, sizeof(seed), "%lld", (long long)whole(plan, "seed"));
	const struct told told = tine("sweep", "pi", SMALL, "--variant", "openmp", "--threads", "2",
		"--launches", "1", "--seed", seed, "--out", "E");
	expect_code(&told, 0);
	cr_expect_str_eq(order_in("E"), order_in("D"));
	json_decref(plan);
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

Test(sweep, prints_its_tables_and_where_they_lie)
{
	sweep_four_cores();
	const struct told told = tine("report", "D");

	expect_match(told.out, "^pi: size 1000");
	expect_match(told.out, "^ +pool +4 +static .*(verified|disturbed, left out)$");
	expect_match(told.out, "^Speedup of openmp by schedule$");
	expect_match(told.out,
		"^ +kernel +threads +static +static,1 +dynamic,1 +dynamic,16 +guided +auto$");
	expect_match(told.out, "^Scaling laws$");
	expect_match(told.out, "^Losses at the most threads, in per cent of the core time$");
	expect_words(told.out, "In D/:");
	expect_words(told.out, "speedup.csv");
	expect_words(told.out, "schedules.md");
	expect_words(told.out, "scaling.csv");
	expect_words(told.out, "losses.csv");
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

Test(sweep, scaling_laws_say_why_nothing_could_be_fitted)
{
	const struct told told = small_sweep();

	expect_match(told.out, "^ +no fit: ");
	expect_match(
		file_text("D/scaling.csv"), "^kernel,variant,law,preferred,points,.*,refused$");
	expect_match(file_text("D/scaling.csv"), "^pi,openmp,.*,false,.*thread counts");
	expect_match(file_text("D/scaling.md"), "^### Scaling laws$");
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

Test(sweep, without_a_fixed_count_it_says_the_least)
{
	const struct told told = tine("sweep", "pi", "--size", "1000", "--samples", "1",
		"--variant", "sequential", "--precision", "100%", "--out", "D");

	expect_code(&told, 0);
	expect_match(told.err, "^tine: 1 case, 6 launches each at least, in D$");
}

Test(sweep, one_launch_is_singular)
{
	const struct told told = small_sweep();

	expect_match(told.err, "^tine: [0-9]+ cases, 1 launch each, in D$");
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
		skip("tine was built without the kernel wrong");
	const struct told told = tine("sweep", "wrong", "--threads", "2", "--launches", "1",
		"--samples", "1", "--out", "D");

	expect_code(&told, 1);
	expect_words(told.out, "differs");
	expect_match(file_text("D/speedup.csv"), "^wrong/pool/.*,false,");
}
