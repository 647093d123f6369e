/*
 * cli, tasks: what is measured of kernels side by side, what is told of it, and what is refused.
 */
#include "cli_calm.h"
#include "cli_refused.h"

TestSuite(refused, .init = enter_directory, .fini = leave_directory, .timeout = 120);
TestSuite(tasks, .init = enter_directory, .fini = leave_directory, .timeout = 120);
TestSuite(blocks, .init = enter_directory, .fini = leave_directory, .timeout = 120);

/* Few and short launches. */
#define FEW "--launches", "1", "--samples", "2"

/* ---- what is refused, before anything is measured ---- */

#define REFUSED(name, words, more, ...)                                                            \
	Test(refused, name)                                                                        \
	{                                                                                          \
		const struct told told = tine(__VA_ARGS__);                                        \
		expect_told_refusal(&told, words);                                                 \
		expect_words(told.err, more);                                                      \
	}

/* clang-format off */
REFUSED(no_task, "give TASK...", "tine tasks --help", "tasks")
REFUSED(a_mistyped_task, "there is no kernel 'count_upp'", "did you mean 'count_up'?", "tasks", "count_upp/1e8")
REFUSED(a_task_without_a_name, "there is no kernel ''", "", "tasks", "/1000")
REFUSED(the_whole_as_a_task, "there is no kernel 'tasks'", "", "tasks", "tasks/3")
REFUSED(the_whole_as_a_kernel, "there is no kernel 'tasks'", "", "run", "tasks")
REFUSED(a_size_of_nothing, "count_up/: give a whole number", "1e8", "tasks", "count_up/")
REFUSED(a_size_of_zero, "count_up/0: give a whole number", "from 1", "tasks", "count_up/0")
REFUSED(a_size_that_is_no_number, "count_up/many: ", "whole number", "tasks", "count_up/many")
REFUSED(a_size_of_two_kinds, "count_up/1e8x2: ", "1920x1080", "tasks", "count_up/1e8x2")
REFUSED(a_size_beyond_64_bits, "count_up/1e19: ", "9223372036854775807", "tasks", "count_up/1e19")
REFUSED(a_size_with_two_slashes, "count_up/1/2: ", "whole number", "tasks", "count_up/1/2")
REFUSED(a_size_of_a_picture_for_integers, "pi/12x12: pi takes a number of elements", "", "tasks", "pi/12x12")
REFUSED(a_size_of_integers_for_a_picture, "mandelbrot/12: mandelbrot makes a picture", "WIDTHxHEIGHT", "tasks", "mandelbrot/12")
REFUSED(a_size_beyond_what_is_exact, "queens/28: queens is exact up to 27", "", "tasks", "pi", "queens/28")
REFUSED(a_task_larger_than_memory, "triad/1000000000000: triad would take", "memory", "tasks", "triad/1e12")
REFUSED(more_sections_than_there_are, "--variant openmp-sections", "8 tasks at most", "tasks", "pi", "pi", "pi", "pi", "pi", "pi", "pi", "pi", "pi", "--variant", "openmp-sections")
REFUSED(a_mistyped_variant, "--variant openmp-section", "did you mean 'openmp-sections'?", "tasks", "pi", "--variant", "openmp-section")
REFUSED(sections_of_a_kernel, "--variant openmp-sections is for tasks alone", "", "run", "pi", "--variant", "openmp-sections")
REFUSED(omp_tasks_of_a_kernel, "--variant openmp-tasks is for tasks alone", "", "timeline", "pi", "--variant", "openmp-tasks")
REFUSED(a_grain, "--grain is no option of tine tasks", "", "tasks", "pi", "--grain", "2")
REFUSED(a_size_of_all, "--size: each task has its own", "", "timeline", "pi", "pi", "--size", "100")
REFUSED(a_grain_of_a_timeline, "--grain: tasks are dealt out whole", "", "timeline", "pi/100", "--grain", "2")
REFUSED(an_image, "--image: tasks work on generated pictures", "", "timeline", "pixel_gray/8x8", "--image", "none.png")
REFUSED(a_shape, "--shape: tasks of synthetic are constant", "", "timeline", "synthetic/10", "--shape", "rising")
REFUSED(a_mean, "--mean-ns: tasks of synthetic", "", "timeline", "synthetic/10", "--mean-ns", "5")
REFUSED(a_scale, "--scale: no task waits", "", "timeline", "pi", "pi", "--scale", "0.5")
REFUSED(an_input, "--input: tasks of log_scan make up their lines", "", "timeline", "log_scan/1000", "--input", "none.log")
REFUSED(a_task_that_waits, "fetch waits for answers", "'tine run fetch'", "tasks", "pi", "fetch/3")
REFUSED(keep_of_no_process, "--keep is for --variant process", "", "tasks", "pi", "--variant", "pool", "--keep")
/* clang-format on */

/* Each fits, all together do not. */
Test(refused, tasks_that_together_take_more_memory_than_there_is)
{
	const double bytes = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
	const char *arguments[40] = { "tasks" };
	char task[40];

	snprintf(task, sizeof(task), "triad/%.0f", bytes / 36 / 16);
	for (size_t i = 1; i < 39; i++)
		arguments[i] = task;
	const struct told told = tine_as(&(struct way) { 0 }, arguments);
	expect_told_refusal(&told, "the tasks would take");
}

Test(tasks, have_a_help_with_the_textbook_programs)
{
	const struct told told = tine("tasks", "--help");

	expect_code(&told, 0);
	expect_words(told.out, "Usage: tine tasks TASK... [OPTION]...");
	expect_words(told.out, "tine tasks count_up/1e8 count_down/1e8\n");
	expect_words(told.out, "--variant");
}

/* ---- what is measured ---- */

Test(tasks, are_measured_in_all_variants)
{
	const struct told told =
		tine("tasks", "pi/1e5", "primes/2e3", "--threads", "2", FEW, "--format", "json");

	expect_ids(&told,
		"tasks/sequential/t1/none/n2\n"
		"tasks/openmp/t2/dynamic,1/n2\n"
		"tasks/pthread/t2/dynamic,1/n2\n"
		"tasks/pool/t2/dynamic,1/n2\n"
		"tasks/process/t2/dynamic,1/n2\n"
		"tasks/one-core/t2/dynamic,1/n2\n"
		"tasks/global-lock/t2/dynamic,1/n2\n"
		"tasks/event-loop/t2/dynamic,1/n2\n"
		"tasks/openmp-sections/t2/none/n2\n"
		"tasks/openmp-tasks/t2/none/n2\n");
}

Test(tasks, are_measured_with_the_options_of_loops)
{
	const struct told told = tine("tasks", "pi/1e5", "pi/2e5", "--variant", "pool", "--threads",
		"1,3", "--schedule", "static", "--schedule", "guided", FEW, "--format", "json");

	expect_ids(&told,
		"tasks/sequential/t1/none/n2\n"
		"tasks/pool/t1/static/n2\n"
		"tasks/pool/t1/guided/n2\n"
		"tasks/pool/t3/static/n2\n"
		"tasks/pool/t3/guided/n2\n");
}

Test(tasks, take_no_more_threads_than_they_are)
{
	const struct told told =
		tine("tasks", "pi/1e5", "--variant", "pool", FEW, "--format", "json");

	expect_ids(&told, "tasks/sequential/t1/none/n1\ntasks/pool/t1/dynamic,1/n1\n");
}

Test(tasks, of_more_than_sections_hold_are_measured_in_the_other_variants)
{
	json_t *said = calm_json(0, "tasks", "pi/1e4", "pi/1e4", "pi/1e4", "pi/1e4", "pi/1e4",
		"pi/1e4", "pi/1e4", "pi/1e4", "pi/1e4", FEW);

	cr_expect_eq(json_array_size(json_object_get(said, "cases")), 9);
	json_decref(said);
}

Test(tasks, are_each_told_with_kernel_size_time_and_result)
{
	json_t *said =
		calm_json(1, "tasks", "count_up/1e5", "mandelbrot/64x48", "--variant", "pool", FEW);
	json_t *tasks = json_object_get(said, "tasks"), *first = json_array_get(tasks, 0);
	json_t *second = json_array_get(tasks, 1);

	cr_assert_eq(json_array_size(tasks), 2);
	expect_keys(first, (const char *const[]) { "kernel", "size", "seconds", "result", NULL });
	cr_expect_str_eq(json_string_value(json_object_get(first, "kernel")), "count_up");
	cr_expect_eq(whole(first, "size"), 100000);
	cr_expect_str_eq(json_string_value(json_object_get(first, "result")), "4999950000");
	cr_expect_str_eq(json_string_value(json_object_get(second, "size")), "64x48");
	const json_t *seconds = json_object_get(second, "seconds");
	cr_expect_gt(json_number_value(json_object_get(seconds, "median")), 0);
	json_decref(said);
}

/* A case of tasks is told as one of a loop, each verified. */
Test(tasks, are_verified_in_every_case)
{
	const struct told told = tine("tasks", "histogram/1e5", "spmv/1e4", "stencil/1e3",
		"--threads", "2", FEW, "--format", "json");
	json_t *said = json_said(&told), *one;
	size_t i;

	json_array_foreach (json_object_get(said, "cases"), i, one)
		cr_expect(json_is_true(json_object_get(one, "verified")), "%s: %s",
			json_string_value(json_object_get(one, "id")),
			json_string_value(json_object_get(one, "error")));
	cr_expect_eq(i, 10);
	json_decref(said);
}

Test(tasks, of_which_one_is_wrong_end_with_1_and_its_name)
{
	const struct told told = tine(
		"tasks", "pi/1e4", "wrong/1000", "--variant", "global-lock", "--threads", "2", FEW);

	expect_code(&told, 1);
	expect_words(told.out,
		"task 2, wrong/1000: the result 100 differs from the sequential variant's 1");
}

/* ---- what bounds them ---- */

static json_t *bound_of(const json_t *said, json_int_t members)
{
	json_t *bound;
	size_t i;

	json_array_foreach (json_object_get(said, "bounds"), i, bound)
		if (whole(bound, "members") == members)
			return bound;
	skip("there are no two CPUs");
}

static double speedup_at_most(const json_t *bound)
{
	const json_t *speedup = json_object_get(bound, "speedup");

	return json_number_value(json_object_get(speedup, "median"));
}

static bool is_by_longest(const json_t *bound)
{
	return !strcmp(json_string_value(json_object_get(bound, "by")), "longest");
}

/* One of them is ten times the other. */
Test(tasks, of_different_sizes_are_bound_by_the_longest)
{
	json_t *said = calm_json(
		1, "tasks", "pi/1e5", "pi/1e6", "--variant", "pool", "--threads", "2", FEW);
	const json_t *bound = bound_of(said, 2);

	cr_expect(is_by_longest(bound));
	cr_expect_lt(speedup_at_most(bound), 1.5);
	json_decref(said);
}

Test(tasks, that_are_alike_are_bound_by_the_members)
{
	json_t *said = calm_json(1, "tasks", "pi/1e5", "pi/1e5", "pi/1e5", "pi/1e5", "--variant",
		"pool", "--threads", "2", FEW);
	const json_t *bound = bound_of(said, 2);

	cr_expect_not(is_by_longest(bound));
	cr_expect_gt(speedup_at_most(bound), 1.4);
	cr_expect_leq(speedup_at_most(bound), 2 + 1e-9);
	json_decref(said);
}

/* Whose members take turns is bound by the sum. */
Test(tasks, under_one_lock_cannot_be_faster_than_one_after_another)
{
	json_t *said = calm_json(
		1, "tasks", "pi/1e5", "pi/1e5", "--variant", "global-lock", "--threads", "2", FEW);
	const json_t *bounds = json_object_get(said, "bounds");

	cr_expect_eq(json_array_size(bounds), 1);
	cr_expect_float_eq(speedup_at_most(bound_of(said, 1)), 1, 1e-9);
	json_decref(said);
}

/* ---- tables ---- */

Test(tasks, have_tables_of_tasks_bounds_times_and_losses)
{
	const struct told told = calm_table("tasks", "count_up/1e5", "count_down/1e5", "--variant",
		"pool", "--variant", "event-loop", "--threads", "2", FEW);

	expect_code(&told, 0);
	expect_match(told.out, "^ *1 +count_up/100000 .* 4999950000 *$");
	expect_match(told.out, "^ *2 +count_down/100000 .* 4999950000 *$");
	expect_match(
		told.out, "where one task is at work at a time, at least [0-9.]+ [^ ]+: all of");
	expect_match(told.out, "^tasks: 2 side by side$");
	expect_match(told.out, "^ *pool +2 +dynamic,1 ");
	expect_words(told.out, "Losses at the most threads");
	expect_match(told.out, "^ *tasks +event-loop +2 ");
}

Test(tasks, have_a_csv_as_loops_do)
{
	const struct told loops = tine("run", "pi", "--size", "1e4", FEW, "--format", "csv");
	const struct told told = tine("tasks", "pi/1e4", FEW, "--format", "csv");
	const size_t header = strcspn(loops.out, "\n") + 1;

	expect_code(&told, 0);
	cr_expect_eq(strncmp(told.out, loops.out, header), 0, "%s", told.out);
	cr_expect_eq(count_lines(told.out), 11);
}

Test(tasks, have_tables_in_markdown)
{
	const struct told told =
		tine("tasks", "pi/1e4", "--variant", "pool", FEW, "--format", "markdown");

	expect_code(&told, 0);
	expect_match(told.out, "^\\| 1 \\| pi/10000 \\| ");
	expect_match(told.out, "^### tasks: 1 side by side$");
}

/* ---- timelines ---- */

/* A task that was interrupted would take more than its part of the width. */
#define calm(...) calm_as(ARGUMENTS(__VA_ARGS__))

Test(blocks, of_a_timeline_bear_the_tasks_names)
{
	const struct told told =
		calm("timeline", "pi/1e6", "primes/2e5", "--variant", "pool", "--threads", "1");

	expect_code(&told, 0);
	expect_words(told.out, "tasks/pool/t1/dynamic,1/n2");
	expect_words(told.out, " 2 primes/200000 ");
}

Test(blocks, of_the_sequential_timeline_bear_them_too)
{
	const struct told told =
		calm("timeline", "pi/1e6", "primes/2e5", "--variant", "sequential");

	expect_code(&told, 0);
	expect_words(told.out, " 2 primes/200000 ");
}

Test(blocks, that_are_too_narrow_bear_no_name)
{
	const struct told told =
		calm("timeline", "pi/100", "primes/2e5", "--variant", "pool", "--threads", "1");

	expect_code(&told, 0);
	cr_expect_not(strstr(told.out, "1 pi"), "%s", told.out);
	expect_words(told.out, " 2 primes/200000 ");
}

Test(blocks, are_named_in_chrome_traces)
{
	const struct told told = tine("timeline", "pi/1e4", "primes/1e4", "--variant",
		"openmp-tasks", "--threads", "2", "--format", "chrome");

	expect_code(&told, 0);
	json_decref(parse(told.out));
	expect_words(told.out, "\"name\":\"1 pi/10000\"");
	expect_words(told.out, "\"name\":\"2 primes/10000\"");
}

Test(blocks, are_drawn)
{
	const struct told told = calm("timeline", "pi/1e6", "primes/1e5", "--variant", "pool",
		"--threads", "1", "--output", "tasks.svg");

	if (told.code == 4 && strstr(told.err, "gnuplot"))
		skip("there is no gnuplot");
	expect_code(&told, 0);
	expect_words(file_text("tasks.svg"), "2 primes/100000");
}

/* A single kernel without a size stays a loop. */
Test(blocks, are_not_made_of_a_kernel_alone)
{
	const struct told told = tine("timeline", "pi", "--size", "1e5", "--threads", "1");

	expect_code(&told, 0);
	expect_words(told.out, "pi/openmp/t1/static/n100000");
}
