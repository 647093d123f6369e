/*
 * cli, resume: a sweep that was cut short is finished, and nothing is lost or measured twice.
 */
#include "cli_sweep.h"
#include "cli_waiting.h"

TestSuite(resume, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 120);

enum { ROUNDS = 8 };

/* Ten cases. */
#define SWEEP(out)                                                                                 \
	"sweep", "pi", "--size", "1000", "--samples", "1", "--variant", "pool", "--variant",       \
		"openmp", "--threads", "1,2", "--launches", "8", "--seed", "7", "--out", out

static struct told sweep_ended_by(int signal)
{
	const struct way way = { 0 };
	const struct job job = start(&way, ARGUMENTS(SWEEP("D")));

	wait_for_lines("D/launches.jsonl", 15);
	cr_assert_eq(kill(job.pid, signal), 0);
	const struct told told = finish(&way, &job);
	cr_assert_lt(lines_in("D/launches.jsonl"), 80, "the sweep was over before the signal");
	return told;
}

static struct told resume(void)
{
	return tine("sweep", "--resume", "D");
}

static void expect_finished(const struct told *told)
{
	expect_code(told, 0);
	expect_complete(ROUNDS);
	expect_match(told->out, "^pi: size 1000");
	expect_match(listing("D"), "^speedup\\.csv$");
}

/* ---- what a signal cut short ---- */

Test(resume, finishes_what_SIGINT_ended)
{
	const struct told ended = sweep_ended_by(SIGINT), told = resume();

	expect_code(&ended, 130);
	expect_words(ended.err, "tine sweep --resume D");
	expect_finished(&told);
}

Test(resume, finishes_what_SIGKILL_ended)
{
	const struct told ended = sweep_ended_by(SIGKILL), told = resume();

	expect_code(&ended, -SIGKILL);
	expect_finished(&told);
}

Test(resume, keeps_every_line_as_it_is)
{
	sweep_ended_by(SIGINT);
	const char *before = file_text("D/launches.jsonl");
	const struct told told = resume();

	expect_finished(&told);
	cr_expect_eq(strncmp(file_text("D/launches.jsonl"), before, strlen(before)), 0);
}

Test(resume, goes_on_in_the_order_of_the_seed)
{
	sweep_ended_by(SIGKILL);
	const struct told told = resume(), whole_sweep = tine(SWEEP("E"));

	expect_finished(&told);
	expect_code(&whole_sweep, 0);
	cr_expect_str_eq(order_in("D"), order_in("E"));
}

Test(resume, of_what_ended_twice)
{
	sweep_ended_by(SIGINT);
	const size_t lines = lines_in("D/launches.jsonl");
	const struct way way = { 0 };
	const struct job job = start(&way, ARGUMENTS("sweep", "--resume", "D"));

	wait_for_lines("D/launches.jsonl", lines + 2);
	cr_assert_eq(kill(job.pid, SIGINT), 0);
	const struct told again = finish(&way, &job);
	expect_code(&again, 130);
	const struct told told = resume();
	expect_finished(&told);
}

/* A small generator of its own, so that the moments are the same everywhere. */
static unsigned moment_us(unsigned *state)
{
	*state = *state * 1103515245u + 12345u;
	return (*state >> 8) % 80000;
}

static void start_and_kill(const char *const *arguments, unsigned after_us)
{
	const struct way way = { 0 };
	const struct job job = start(&way, arguments);
	int status;

	usleep(after_us);
	kill(job.pid, SIGKILL);
	cr_assert_eq(waitpid(job.pid, &status, 0), job.pid);
	close(job.out);
	close(job.err);
	cr_assert(WIFSIGNALED(status) || !WEXITSTATUS(status), "exit code %d", WEXITSTATUS(status));
}

static char *whole_lines(void)
{
	const int fd = open("D/launches.jsonl", O_RDONLY | O_CLOEXEC);
	struct stat status;

	cr_assert(fd >= 0 && !fstat(fd, &status));
	char *text = calloc((size_t)status.st_size + 1, 1);
	cr_assert_eq(read(fd, text, (size_t)status.st_size), status.st_size);
	close(fd);
	char *last = strrchr(text, '\n');
	(last ? last + 1 : text)[0] = 0;
	return text;
}

Test(resume, after_fifty_kills_at_any_moment_no_line_is_lost_or_doubled)
{
	enum { KILLS = 50, MANY_ROUNDS = 60 };
	unsigned state = 1;

	const struct way way = { 0 };
	const struct job job = start(&way,
		ARGUMENTS("sweep", "pi", "--size", "1000", "--samples", "1", "--variant", "pool",
			"--threads", "1,2", "--launches", "60", "--out", "D"));
	wait_for_lines("D/launches.jsonl", 1);
	kill(job.pid, SIGKILL);
	finish(&way, &job);
	for (int i = 0; i < KILLS; i++) {
		char *before = whole_lines();
		start_and_kill(ARGUMENTS("sweep", "--resume", "D"), moment_us(&state));
		char *after = whole_lines();
		cr_assert_eq(strncmp(after, before, strlen(before)), 0, "kill %d lost lines", i);
		free(before);
		free(after);
	}
	const struct told told = resume();
	expect_code(&told, 0);
	expect_complete(MANY_ROUNDS);
}

/* Ends a sweep as soon as it has started a launch, which is not yet on its own feet. */
static void kill_at_launch(const char *const *arguments)
{
	const struct way way = { 0 };
	const struct job job = start(&way, arguments);

	while (!child_of(job.pid) && runs(job.pid))
		;
	kill(job.pid, SIGKILL);
	const struct told told = finish(&way, &job);
	expect_code(&told, -SIGKILL);
}

/* The next resume starts at once: a launch that has only just begun does not keep the run locked. */
Test(resume, a_kill_at_the_start_of_a_launch_leaves_no_launch_and_no_lock)
{
	enum { KILLS = 25 };

	kill_at_launch(ARGUMENTS("sweep", "sum_squares", "--variant", "sequential", "--size",
		"9000000000000000000", "--launches", "1", "--out", "D"));
	for (int i = 1; i < KILLS; i++)
		kill_at_launch(ARGUMENTS("sweep", "--resume", "D"));
	for (int ms = 0; left_behind(false) && ms < 3000; ms += 2)
		wait_a_little();
	cr_expect_eq(left_behind(false), 0, "%zu launches go on", left_behind(false));
}

/* ---- torn, empty and complete runs ---- */

Test(resume, drops_a_torn_last_line_and_says_so)
{
	struct stat status;

	sweep_ended_by(SIGKILL);
	cr_assert_eq(stat("D/launches.jsonl", &status), 0);
	cr_assert_eq(truncate("D/launches.jsonl", status.st_size - 20), 0);
	const struct told told = resume();
	expect_match(told.err, "last line of D/launches\\.jsonl was cut short: dropped");
	expect_finished(&told);
}

Test(resume, of_a_run_whose_only_line_is_torn)
{
	sweep_ended_by(SIGKILL);
	put_text("D/launches.jsonl", "{\"case\":\"pi/po");
	const struct told told = resume();
	expect_words(told.err, "cut short");
	expect_finished(&told);
}

Test(resume, of_a_run_that_had_not_measured_anything)
{
	sweep_ended_by(SIGKILL);
	put_text("D/launches.jsonl", "");
	const struct told told = resume();
	expect_finished(&told);
}

Test(resume, of_a_complete_run_measures_nothing)
{
	const struct told sweep = tine(SWEEP("D"));
	const char *before = file_text("D/launches.jsonl");
	const struct told told = resume();

	expect_code(&sweep, 0);
	expect_code(&told, 0);
	cr_expect_str_eq(file_text("D/launches.jsonl"), before);
	cr_expect_str_eq(told.out, sweep.out);
}

Test(resume, takes_a_path_that_ends_in_a_slash)
{
	sweep_ended_by(SIGINT);
	const struct told told = tine("sweep", "--resume", "D/");
	expect_finished(&told);
}

/* ---- what is refused ---- */

static void expect_alone(const char *option, const char *value)
{
	const struct told told = value ? tine("sweep", "--resume", "D", option, value)
				       : tine("sweep", "--resume", "D", option);

	expect_code(&told, 2);
	expect_words(told.err, "--resume takes its plan from the run: give it alone");
}

#define ALONE(name, option, value)                                                                 \
	Test(resume, is_refused_with_##name)                                                       \
	{                                                                                          \
		expect_alone(option, value);                                                       \
	}

/* clang-format off */
ALONE(a_kernel, "pi", NULL)
ALONE(out, "--out", "E")
ALONE(quick, "--quick", NULL)
ALONE(variant, "--variant", "pool")
ALONE(threads, "--threads", "2")
ALONE(schedule, "--schedule", "auto")
ALONE(size, "--size", "10")
ALONE(grain, "--grain", "5")
ALONE(image, "--image", "in.png")
ALONE(gamma, "--gamma", "1")
ALONE(shape, "--shape", "rising")
ALONE(mean, "--mean-ns", "100")
ALONE(launches, "--launches", "3")
ALONE(samples, "--samples", "3")
ALONE(precision, "--precision", "5%")
ALONE(budget, "--budget", "5m")
ALONE(limit, "--limit", "5m")
ALONE(scaling, "--scaling", "weak")
ALONE(bind, "--bind", "none")
ALONE(seed, "--seed", "3")
/* clang-format on */

/* NULL takes the key away. */
static void change_machine(const char *key, const char *to)
{
	json_t *about = parse(file_text("D/run.json"));
	json_t *machine = json_object_get(about, "machine");

	if (to)
		json_object_set_new(machine, key, json_string(to));
	else
		json_object_del(machine, key);
	cr_assert_eq(json_dump_file(about, "D/run.json", 0), 0);
	json_decref(about);
}

static void expect_refused(const char *difference)
{
	const char *before = file_text("D/launches.jsonl");
	const struct told told = resume();

	expect_code(&told, 2);
	expect_words(told.err, "--resume D: since it was begun, ");
	expect_words(told.err, difference);
	cr_expect_str_eq(file_text("D/launches.jsonl"), before);
}

static void expect_elsewhere(const char *key)
{
	char difference[64];

	small_sweep();
	change_machine(key, "another");
	snprintf(difference, sizeof(difference), "%s was \"another\" and is ", key);
	expect_refused(difference);
}

#define ELSEWHERE(key)                                                                             \
	Test(resume, is_refused_with_another_##key)                                                \
	{                                                                                          \
		expect_elsewhere(#key);                                                            \
	}

ELSEWHERE(host)
ELSEWHERE(kernel)
ELSEWHERE(cpu)
ELSEWHERE(cpus_allowed)
ELSEWHERE(cpu_quota)
ELSEWHERE(governor)
ELSEWHERE(boost)
ELSEWHERE(smt)
ELSEWHERE(clock_source)
ELSEWHERE(version)
ELSEWHERE(compiler)
ELSEWHERE(flags)
ELSEWHERE(isa)
ELSEWHERE(openmp)
ELSEWHERE(openmp_library)

Test(resume, names_all_that_differs)
{
	small_sweep();
	change_machine("host", "another");
	change_machine("boost", "yes");
	expect_refused("host was \"another\" and is ");
	expect_refused(", boost was \"yes\" and is ");
}

Test(resume, shows_long_values_where_they_begin_to_differ)
{
	json_t *about;
	char *flags;

	small_sweep();
	about = parse(file_text("D/run.json"));
	cr_assert_geq(asprintf(&flags, "%s -O9",
			      json_string_value(
				      json_object_get(json_object_get(about, "machine"), "flags"))),
		0);
	change_machine("flags", keep(flags));
	json_decref(about);
	expect_refused(" -O9\" and is ...");
}

Test(resume, is_refused_with_another_environment_of_OpenMP)
{
	small_sweep();
	setenv("OMP_WAIT_POLICY", "passive", 1);
	expect_refused("OMP_WAIT_POLICY was nothing and is \"passive\"");
}

Test(resume, is_refused_where_a_variable_of_libgomp_is_gone)
{
	setenv("GOMP_SPINCOUNT", "1000", 1);
	small_sweep();
	unsetenv("GOMP_SPINCOUNT");
	expect_refused("GOMP_SPINCOUNT was \"1000\" and is nothing");
}

Test(resume, goes_on_in_another_job_of_Slurm)
{
	setenv("SLURM_JOB_ID", "1", 1);
	small_sweep();
	setenv("SLURM_JOB_ID", "2", 1);
	const struct told told = resume();

	expect_code(&told, 0);
}

Test(resume, does_not_hold_against_a_run_what_it_did_not_record)
{
	small_sweep();
	change_machine("openmp_library", NULL);
	const struct told told = resume();

	expect_code(&told, 0);
}

Test(resume, names_the_line_that_is_broken_and_leaves_it)
{
	small_sweep();
	append_text("D/launches.jsonl", "{\"case\": oops}\n{}\n");
	const char *before = file_text("D/launches.jsonl");
	const size_t lines = count_lines(before);
	char place[64];

	snprintf(place, sizeof(place), "D/launches.jsonl:%zu", lines - 1);
	const struct told told = resume();
	expect_code(&told, 2);
	expect_words(told.err, place);
	cr_expect_str_eq(file_text("D/launches.jsonl"), before);
}

Test(resume, names_a_launch_of_a_case_that_was_not_planned)
{
	small_sweep();
	json_t *launches = launches_in("D"), *one = json_array_get(launches, 0);

	json_object_set_new(one, "threads", json_integer(77));
	put_text("D/launches.jsonl", keep(json_dumps(one, JSON_COMPACT)));
	append_text("D/launches.jsonl", "\n");
	json_decref(launches);
	const struct told told = resume();
	expect_code(&told, 2);
	expect_words(told.err, "D/launches.jsonl:1");
}

/* ---- two at once ---- */

static struct job start_long_sweep(const struct way *way)
{
	const struct job job = start(way,
		ARGUMENTS("sweep", "sum_squares", "--variant", "sequential", "--launches", "1000",
			"--samples", "10", "--out", "D"));

	wait_for_lines("D/launches.jsonl", 1);
	return job;
}

static void expect_second_refused(const struct way *way, const struct job *first)
{
	const struct told second = resume();

	expect_code(&second, 4);
	expect_match(second.err, "another sweep is writing to D/launches\\.jsonl");
	cr_expect_str_empty(second.out);
	cr_assert_eq(kill(first->pid, SIGINT), 0);
	const struct told told = finish(way, first);
	expect_code(&told, 130);
}

Test(resume, of_a_sweep_that_still_runs_is_refused)
{
	const struct way way = { 0 };
	const struct job first = start_long_sweep(&way);

	expect_second_refused(&way, &first);
}

Test(resume, two_at_once_and_the_second_is_refused)
{
	const struct way way = { 0 };
	const struct job begun = start_long_sweep(&way);

	cr_assert_eq(kill(begun.pid, SIGKILL), 0);
	finish(&way, &begun);
	const size_t lines = lines_in("D/launches.jsonl");
	const struct job first = start(&way, ARGUMENTS("sweep", "--resume", "D"));
	wait_for_lines("D/launches.jsonl", lines + 1);
	expect_second_refused(&way, &first);
}
