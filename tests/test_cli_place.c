/*
 * cli, place: the surroundings that tine is started in: few CPUs, OpenMP's variables, outputs that
 * take nothing, missing instructions.
 */
#include <sys/prctl.h>

#include "cli_calm.h"
#include "cli_sweep.h"

TestSuite(place, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 60);

#define QUICK "--size", "1000", "--launches", "1", "--samples", "1"

static json_t *run_in_json(const char *threads)
{
	const struct told told = tine("run", "pi", "--threads", threads, QUICK, "--format", "json");

	return json_said(&told);
}

static json_int_t cores_seen(void)
{
	json_t *said = run_in_json("1");
	const json_int_t cores = whole(json_object_get(said, "machine"), "cores");

	json_decref(said);
	return cores;
}

static json_int_t team_of(const char *variant, const char *threads)
{
	json_t *said = calm_json(1, "run", "pi", "--threads", threads, QUICK);
	const json_int_t team = whole(case_of(said, variant), "team");

	json_decref(said);
	return team;
}

/* ---- CPUs ---- */

Test(place, one_cpu_is_seen_as_one_core)
{
	keep_to_one_cpu();
	cr_expect_eq(cores_seen(), 1);
}

Test(place, one_cpu_runs_two_threads)
{
	keep_to_one_cpu();
	cr_expect_eq(team_of("pool", "2"), 2);
}

Test(place, one_cpu_is_enough_for_a_sweep)
{
	keep_to_one_cpu();
	const struct told told = tine("sweep", "pi", QUICK, "--out", "D");

	expect_code(&told, 0);
	cr_expect(!matches(file_text("D/speedup.csv"), "/t2/"));
}

Test(place, crowding_is_said)
{
	keep_to_one_cpu();
	const struct told told = tine("run", "pi", "--threads", "64", QUICK);

	expect_code(&told, 0);
	expect_match(told.err, "64 threads share 1 hardware thread[^s].*not bound");
}

Test(place, sixty_four_threads_work_in_every_variant)
{
	keep_to_one_cpu();
	json_t *said = calm_json(1, "run", "pi", "--threads", "64", QUICK);

	cr_expect_eq(whole(case_of(said, "openmp"), "team"), 64);
	cr_expect_eq(whole(case_of(said, "pthread"), "team"), 64);
	cr_expect_eq(whole(case_of(said, "pool"), "team"), 64);
	json_decref(said);
}

Test(place, crowding_is_said_by_a_sweep_too)
{
	keep_to_one_cpu();
	const struct told told = tine("sweep", "pi", "--threads", "4", QUICK, "--out", "D");

	expect_code(&told, 0);
	expect_match(told.err, "4 threads share 1 hardware thread.*not bound");
}

static void expect_topology_named(const struct told *told)
{
	expect_code(told, 2);
	expect_words(told->err, "HWLOC_SYNTHETIC");
}

Test(place, a_topology_that_hwloc_cannot_read_is_named)
{
	setenv("HWLOC_SYNTHETIC", "nonsense", 1);
	const struct told run = tine("run", "pi", QUICK), doctor = tine("doctor");

	expect_topology_named(&run);
	expect_topology_named(&doctor);
}

/* A process that never rests, on the one CPU that we have; ended with the test. */
static pid_t start_hog(void)
{
	const pid_t hog = fork();

	cr_assert_geq(hog, 0);
	if (hog)
		return hog;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		__asm__ volatile("" ::: "memory");
}

/* A launch that takes many time slices of the CPU that it shares. */
static struct told run_beside_hog(const char *format)
{
	keep_to_one_cpu();
	const pid_t hog = start_hog();
	const struct told told = tine("run", "collatz", "--size", "1000000", "--variant",
		"sequential", "--launches", "1", "--samples", "1", "--format", format);

	kill(hog, SIGKILL);
	waitpid(hog, NULL, 0);
	expect_code(&told, 0);
	return told;
}

Test(place, a_disturbed_launch_is_told_in_its_row_and_has_no_time)
{
	const struct told told = run_beside_hog("table");

	expect_match(told.out, "^ +sequential +1 +– +0 +– .* 1 of 1 disturbed, left out$");
}

Test(place, a_disturbed_launch_is_left_out_of_times_in_json)
{
	const struct told told = run_beside_hog("json");
	json_t *said = json_said(&told);
	const json_t *one = case_of(said, "sequential");

	cr_expect_eq(whole(one, "launches"), 0);
	cr_expect(json_is_null(json_object_get(json_object_get(one, "seconds"), "median")));
	json_decref(said);
}

/* Its time is not its own, but its result is, and so is the team that ran. */
Test(place, a_disturbed_launch_is_verified_all_the_same)
{
	const struct told told = run_beside_hog("json");
	json_t *said = json_said(&told);
	const json_t *one = case_of(said, "sequential");

	cr_expect(json_is_true(json_object_get(one, "verified")));
	cr_expect_str_eq(json_string_value(json_object_get(one, "result")), "524:837799:131434424");
	cr_expect_eq(whole(one, "team"), 1);
	json_decref(said);
}

/* Sanitizers take more address space than any limit leaves. */
Test(place, threads_that_cannot_be_created_are_said)
{
	const struct rlimit limit = { 1500000000, 1500000000 };

#ifdef __SANITIZE_ADDRESS__
	skip("address sanitizer");
#endif
	cr_assert_eq(setrlimit(RLIMIT_AS, &limit), 0);
	const struct told told = tine("run", "pi", "--threads", "2048", QUICK);
	expect_code(&told, 4);
	expect_match(told.err, "pi/pool/t2048/.*failed: .*thread");
	expect_match(told.err, "pi/openmp/t2048/.*failed: .*[Tt]hread");
	expect_match(told.out, "^ +pthread +2048 .*thread");
}

/* ---- OpenMP's variables ---- */

static void expect_whole_machine(const char *variable, const char *value)
{
	const json_int_t cores = cores_seen();

	setenv(variable, value, 1);
	cr_expect_eq(cores_seen(), cores, "%lld cores with %s=%s", (long long)cores_seen(),
		variable, value);
}

Test(place, OMP_PROC_BIND_does_not_hide_cores)
{
	expect_whole_machine("OMP_PROC_BIND", "true");
}

Test(place, OMP_PLACES_does_not_hide_cores)
{
	setenv("OMP_PROC_BIND", "close", 1);
	expect_whole_machine("OMP_PLACES", "cores");
}

Test(place, GOMP_CPU_AFFINITY_does_not_hide_cores)
{
	expect_whole_machine("GOMP_CPU_AFFINITY", "0");
}

Test(place, OMP_NUM_THREADS_does_not_make_teams_smaller)
{
	setenv("OMP_NUM_THREADS", "1", 1);
	cr_expect_eq(team_of("openmp", "2"), 2);
}

Test(place, OMP_NUM_THREADS_does_not_hide_cores)
{
	expect_whole_machine("OMP_NUM_THREADS", "1");
}

Test(place, OMP_THREAD_LIMIT_is_seen_in_the_team_that_ran)
{
	setenv("OMP_THREAD_LIMIT", "1", 1);
	cr_expect_eq(team_of("openmp", "2"), 1);
	cr_expect_eq(team_of("pool", "2"), 2);
}

Test(place, OMP_THREAD_LIMIT_is_told_in_the_table)
{
	setenv("OMP_THREAD_LIMIT", "1", 1);
	const struct told told = calm_table("run", "pi", "--threads", "2", QUICK);

	expect_code(&told, 0);
	expect_match(told.out, "^ +openmp +2 .*verified; 1 thread ran$");
}

Test(place, OMP_DYNAMIC_leaves_a_team_that_is_recorded)
{
	setenv("OMP_DYNAMIC", "true", 1);
	const json_int_t team = team_of("openmp", "2");

	cr_expect(team == 1 || team == 2);
}

Test(place, a_wrong_OMP_variable_does_no_harm)
{
	setenv("OMP_NUM_THREADS", "many", 1);
	setenv("OMP_SCHEDULE", "none of them", 1);
	cr_expect_eq(team_of("openmp", "2"), 2);
}

Test(place, OpenMPs_variables_are_recorded)
{
	setenv("OMP_THREAD_LIMIT", "3", 1);
	json_t *said = run_in_json("2");
	const json_t *environment =
		json_object_get(json_object_get(said, "machine"), "environment");
	const char *value = json_string_value(json_object_get(environment, "OMP_THREAD_LIMIT"));

	cr_expect_str_eq(value ? value : "", "3");
	json_decref(said);
}

/* ---- instructions ---- */

#if defined(__x86_64__)
static struct told alien(const char *argument, const char *more)
{
	const struct way way = { .program = beside_tine("tests/tine-alien") };

	return tine_as(&way, ARGUMENTS(argument, more));
}

Test(place, a_build_for_another_processor_says_what_is_missing)
{
	const struct told told = alien("run", "pi");

	expect_code(&told, 4);
	expect_match(told.err, "avx512(er|pf).*rebuild");
	cr_expect_str_empty(told.out);
}

Test(place, a_build_for_another_processor_still_says_its_version)
{
	const struct told told = alien("--version", NULL);

	expect_code(&told, 0);
}
#endif

/* ---- outputs that take nothing ---- */

static void expect_full(const char *const *arguments)
{
	const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	const struct told told = tine_as(&(struct way) { .out = full }, arguments);

	expect_code(&told, 4);
	expect_match(told.err, "standard output: No space left");
	close(full);
}

static void expect_closed(const char *const *arguments)
{
	const struct told told = tine_as(&(struct way) { .out = CLOSED }, arguments);

	expect_code(&told, 4);
	expect_words(told.err, "standard output");
}

Test(place, list_to_a_full_disk)
{
	expect_full(ARGUMENTS("list"));
}

Test(place, help_to_a_full_disk)
{
	expect_full(ARGUMENTS("run", "--help"));
}

Test(place, version_to_a_full_disk)
{
	expect_full(ARGUMENTS("--version"));
}

Test(place, run_to_a_full_disk)
{
	expect_full(ARGUMENTS("run", "pi", QUICK));
}

Test(place, json_to_a_full_disk)
{
	expect_full(ARGUMENTS("run", "pi", QUICK, "--format", "json"));
}

Test(place, doctor_to_a_full_disk)
{
	expect_full(ARGUMENTS("doctor"));
	expect_full(ARGUMENTS("doctor", "--format", "json"));
}

Test(place, sweep_to_a_full_disk_still_leaves_its_tables)
{
	expect_full(ARGUMENTS("sweep", "pi", QUICK, "--out", "D"));
	expect_match(listing("D"), "^schedules\\.md$");
}

Test(place, list_to_a_closed_output)
{
	expect_closed(ARGUMENTS("list"));
}

Test(place, run_to_a_closed_output)
{
	expect_closed(ARGUMENTS("run", "pi", QUICK));
}

/* More output than a buffer holds, which must not get into the files opened meanwhile. */
Test(place, sweep_to_a_closed_output_leaves_a_sound_run)
{
	expect_closed(ARGUMENTS("sweep", "pi", "collatz", "sum_squares", "count_up", "count_down",
		"triangle", "--threads", "1,2,3,4", QUICK, "--out", "D"));
	expect_sound_run();
}

Test(place, sweep_with_a_closed_stderr_leaves_a_sound_run)
{
	const struct told told = tine_as(
		&(struct way) { .err = CLOSED }, ARGUMENTS("sweep", "pi", QUICK, "--out", "D"));

	expect_code(&told, 0);
	expect_sound_run();
}
