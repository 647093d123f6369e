/*
 * cli, roof: what 'tine roof' refuses, what it prints, and what is left when it is interrupted.
 */
#include "cli_calm.h"
#include "cli_pictures.h"
#include "cli_refused.h"
#include "cli_waiting.h"

TestSuite(roof, .init = enter_directory, .fini = leave_directory, .timeout = 120);

/* One launch a case on one thread: enough for the form of what is said. */
#define QUICK "--launches", "1", "--threads", "1"

/* ---- bad input ---- */

#define REFUSE(words, ...) expect_refusal(words, ARGUMENTS("roof", __VA_ARGS__))

Test(roof, refuses_an_unknown_kernel_and_names_the_nearest)
{
	REFUSE("did you mean 'triangle'", "triangel");
}

Test(roof, refuses_0_threads)
{
	REFUSE("from 1 to 4096", "--threads", "0");
}

Test(roof, refuses_sequential_as_the_only_variant)
{
	REFUSE("parallel", "--variant", "sequential");
}

Test(roof, refuses_two_variants)
{
	REFUSE("takes one", "--variant", "openmp", "--variant", "pool");
}

Test(roof, refuses_a_variant_whose_members_never_compute_at_once)
{
	REFUSE("its members never compute at once", "--variant", "global-lock");
}

Test(roof, refuses_a_size_since_what_kernels_need_is_said_of_their_own)
{
	REFUSE("--size is no option of tine roof", "--size", "100");
}

Test(roof, refuses_an_output_that_is_no_picture)
{
	REFUSE(".svg or .png", "--output", "roof.pdf");
}

Test(roof, refuses_an_output_that_cannot_be_written_before_it_measures)
{
	REFUSE("nowhere/roof.svg cannot be written", "--output", "nowhere/roof.svg", QUICK);
}

/* ---- help ---- */

Test(roof, help_names_its_options)
{
	expect_options("roof",
		ARGUMENTS("--variant", "--threads", "--launches", "--seed", "--bind", "--limit",
			"--format", "--output"));
}

Test(roof, is_listed_among_the_commands)
{
	const struct told told = tine("--help");

	expect_match(told.out, "^  roof ");
}

Test(roof, ceilings_are_not_listed_among_the_kernels)
{
	const struct told told = tine("list");

	cr_expect_null(strstr(told.out, "int64_operations"));
}

/* ---- what it prints ---- */

static json_t *roof_said(const char *const *arguments)
{
	const int turn = take_turn();
	const struct told told = tine_as(&(struct way) { 0 }, arguments);

	close(turn);
	return json_said(&told);
}

#define ROOF(...) roof_said(ARGUMENTS("roof", __VA_ARGS__, "--format", "json"))

/* The ceiling of that name on so many threads, or the kernel. */
static const json_t *row_named(
	const json_t *said, const char *list, const char *key, const char *name, int threads)
{
	const json_t *rows = json_object_get(said, list), *row;
	size_t i;

	json_array_foreach (rows, i, row)
		if (!strcmp(json_string_value(json_object_get(row, key)), name) &&
			json_integer_value(json_object_get(row, "threads")) == threads)
			return row;
	cr_assert_fail("no %s among the %s on %d threads", name, list, threads);
	return NULL;
}

/* The kernel of that name on one thread. */
static const json_t *kernel_in(const json_t *said, const char *kernel)
{
	return row_named(said, "kernels", "kernel", kernel, 1);
}

static void expect_bound_by(const json_t *row, const char *ceiling)
{
	cr_expect_str_eq(json_string_value(json_object_get(row, "bound_by")), ceiling);
}

static void expect_unknown(const json_t *row, const char *key)
{
	cr_expect(json_is_null(json_object_get(row, key)), "'%s' is known", key);
}

/* ---- one roof that many tests look at ---- */

/* What a busy machine disturbs is not known; it rarely disturbs everything so many times. */
enum { ATTEMPTS = 5 };

static bool is_attained(const json_t *said, const char *kernel)
{
	return !json_is_null(json_object_get(kernel_in(said, kernel), "attained"));
}

static const char *shared_file(pid_t suite)
{
	static char path[64];

	snprintf(path, sizeof(path), "/tmp/tine-roof-%d.json", (int)suite);
	return path;
}

ReportHook(POST_ALL)(struct criterion_global_stats *stats)
{
	(void)stats;
	unlink(shared_file(getpid()));
}

/* Measured by the test that comes first, since it takes seconds. The caller gives it back. */
static json_t *shared_roof(void)
{
	const char *path = shared_file(getppid());
	const int turn = take_turn();
	json_t *said = json_load_file(path, 0, NULL);

	for (int attempt = 0; !said && attempt < ATTEMPTS; attempt++) {
		const struct told told = tine("roof", "count_up", "triad", "stencil", "collatz",
			"pi", QUICK, "--format", "json");
		json_t *one = json_said(&told);
		if (attempt + 1 == ATTEMPTS ||
			(is_attained(one, "count_up") && is_attained(one, "triad")))
			said = one;
		else
			json_decref(one);
	}
	cr_assert_eq(json_dump_file(said, path, 0), 0);
	close(turn);
	return said;
}

/* The same where the share that a kernel attains on one thread is known. */
static json_t *known_roof(const char *kernel)
{
	json_t *said = shared_roof();

	if (!is_attained(said, kernel)) {
		json_decref(said);
		skip("other load disturbs every launch");
	}
	return said;
}

Test(roof, json_has_the_keys_of_its_contract)
{
	static const char *const all[] = { "tine", "machine", "variant", "ceilings", "kernels",
		NULL };
	static const char *const ceiling[] = { "name", "threads", "unit", "bytes", "per_second",
		"low", "high", "error", NULL };
	static const char *const kernel[] = { "kernel", "threads", "regular", "bound_by", "element",
		"per_second", "low", "high", "attained", "attained_low", "attained_high",
		"efficiency", "error", NULL };
	json_t *said = shared_roof();

	expect_keys(said, all);
	expect_keys(json_array_get(json_object_get(said, "ceilings"), 0), ceiling);
	expect_keys(json_array_get(json_object_get(said, "kernels"), 0), kernel);
	json_decref(said);
}

Test(roof, ceilings_are_of_every_operation_and_of_bytes_in_cache_and_out_of_it)
{
	static const char *const names[] = { "int64_operations", "int64_multiply_add",
		"double_multiply_add", "byte_operations", "table_look_ups", "table_updates",
		"bytes_read_in_cache", "bytes_copied_in_cache", "bytes_triad_in_cache",
		"bytes_read_in_memory", "bytes_copied_in_memory", "bytes_triad_in_memory" };
	json_t *said = shared_roof();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cr_expect_not_null(row_named(said, "ceilings", "name", names[i], 1));
	json_decref(said);
}

Test(roof, a_core_adds_more_than_10_to_the_8_integers_a_second)
{
	json_t *said = known_roof("count_up");
	const json_t *row = row_named(said, "ceilings", "name", "int64_operations", 1);

	cr_expect_gt(json_real_value(json_object_get(row, "per_second")), 1e8);
	json_decref(said);
}

Test(roof, unless_told_it_measures_one_thread_and_all)
{
	json_t *said = ROOF("count_up", "--launches", "1");

	kernel_in(said, "count_up");
	row_named(said, "kernels", "kernel", "count_up", 2);
	json_decref(said);
}

Test(roof, a_thread_count_that_is_given_twice_is_measured_once)
{
	json_t *said = ROOF("count_up", "--launches", "1", "--threads", "1,1");

	cr_expect_eq(json_array_size(json_object_get(said, "kernels")), 1);
	json_decref(said);
}

Test(roof, what_is_computed_in_registers_is_bound_by_operations)
{
	json_t *said = known_roof("count_up");
	const json_t *row = kernel_in(said, "count_up");

	expect_bound_by(row, "int64_operations");
	json_decref(said);
}

Test(roof, arrays_beyond_the_caches_are_held_against_memory)
{
	json_t *said = known_roof("triad");
	const json_t *row = kernel_in(said, "triad");

	expect_bound_by(row, "bytes_triad_in_memory");
	json_decref(said);
}

Test(roof, smaller_arrays_are_held_against_a_ceiling_of_their_size)
{
	json_t *said = shared_roof();
	const json_t *row = row_named(said, "ceilings", "name", "bytes_copied_as_stencil", 1);

	cr_expect_eq(json_real_value(json_object_get(row, "bytes")), 1572864);
	json_decref(said);
}

Test(roof, a_share_is_the_rate_over_what_the_ceiling_allows)
{
	json_t *said = known_roof("count_up");
	const json_t *row = kernel_in(said, "count_up");
	const json_t *over = row_named(said, "ceilings", "name", "int64_operations", 1);
	const double rate = json_real_value(json_object_get(row, "per_second"));
	const double most = json_real_value(json_object_get(over, "per_second")) / 2;

	cr_expect_float_eq(json_real_value(json_object_get(row, "attained")), rate / most, 1e-9);
	json_decref(said);
}

/* How many steps it takes nobody knows before. */
Test(roof, of_an_irregular_kernel_no_share_is_made_up)
{
	json_t *said = shared_roof();
	const json_t *row = kernel_in(said, "collatz");

	expect_unknown(row, "attained");
	expect_bound_by(row, "latency");
	json_decref(said);
}

/* pi.c, of the README, says nothing of what it needs. */
Test(roof, of_a_kernel_that_says_nothing_nothing_is_said)
{
	json_t *said = shared_roof();
	const json_t *row = kernel_in(said, "pi");

	expect_unknown(row, "attained");
	expect_unknown(row, "bound_by");
	json_decref(said);
}

Test(roof, one_launch_has_no_interval)
{
	json_t *said = shared_roof();
	const json_t *row = kernel_in(said, "count_up");

	expect_unknown(row, "low");
	expect_unknown(row, "attained_low");
	json_decref(said);
}

Test(roof, csv_has_a_cell_in_every_column)
{
	const struct told told = tine("roof", "triad", "--format", "csv", QUICK);

	expect_code(&told, 0);
	expect_even_lines(told.out);
}

Test(roof, markdown_is_two_tables)
{
	const struct told told = tine("roof", "count_up", "--format", "markdown", QUICK);

	expect_match(told.out, "^\\| int64_operations \\| 1 \\|");
	expect_match(told.out, "^\\| count_up \\| 1 \\|");
}

Test(roof, wrong_results_make_the_exit_code_1)
{
	const struct told told = tine("roof", "wrong", "--launches", "1", "--threads", "2");

	expect_code(&told, 1);
}

/* ---- the picture ---- */

Test(roof, output_is_a_picture_of_ceilings)
{
	need_gnuplot();
	const struct told told = tine("roof", "count_up", "triad", "--output", "roof.svg", QUICK);
	expect_code(&told, 0);
	const char *svg = file_text("roof.svg");
	expect_words(svg, "1 thread");
	expect_words(svg, "int64 operations");
	expect_words(svg, "bytes copied in memory");
	cr_expect_str_eq(listing("."), "roof.svg\n");
}

/* ---- interrupted ---- */

Test(roof, ends_by_SIGINT_and_leaves_the_output_as_it_was)
{
	expect_interrupted_before("roof.svg", ARGUMENTS("roof", "--output", "roof.svg"));
}
