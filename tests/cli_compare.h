/*
 * cli_compare: two runs whose times are known, since tests write them, and what is said of them.
 */
#ifndef CLI_COMPARE_H
#define CLI_COMPARE_H

#include "cli_sweep.h"

/*
 * A and B are copies of one small sweep: three cases of LAUNCHES launches each, of one sample of
 * some 10 ms, in B as in A. Tests change B.
 */
enum { LAUNCHES = 8, CASES = 3 };

#define SEQUENTIAL_CASE "pi/sequential/t1/none/n1000"
#define POOL_1          "pi/pool/t1/static/n1000"
#define POOL_2          "pi/pool/t2/static/n1000"

/* ---- runs that are written ---- */

static inline json_t *about_of(const char *directory)
{
	char path[32];

	snprintf(path, sizeof(path), "%s/run.json", directory);
	return parse(file_text(path));
}

/* Takes over the object. */
static inline void put_about(const char *directory, json_t *about)
{
	char path[32];

	snprintf(path, sizeof(path), "%s/run.json", directory);
	cr_assert_eq(json_dump_file(about, path, 0), 0);
	json_decref(about);
}

static inline double ns_of(const json_t *launch)
{
	return json_number_value(
		json_object_get(json_array_get(json_object_get(launch, "regions"), 0), "ns"));
}

static inline void put_two_runs(void)
{
	enter_without_gnuplot();
	const struct told told = tine("sweep", "pi", "--size", "1000", "--samples", "1",
		"--variant", "pool", "--threads", "1,2", "--launches", "1", "--out", "D");
	expect_code(&told, 0);
	json_t *measured = launches_in("D"), *launches = json_array(), *one;
	size_t i;

	cr_assert_eq(json_array_size(measured), CASES);
	json_array_foreach (measured, i, one)
		add_launches_like(launches, one, LAUNCHES, 1e7, 1e-4);
	cr_assert(!mkdir("A", 0777) && !mkdir("B", 0777));
	put_about("A", about_of("D"));
	put_about("B", about_of("D"));
	put_launches("A", json_incref(launches));
	put_launches("B", launches);
	json_decref(measured);
}

/* ---- changes ---- */

static inline bool is_of(const json_t *launch, const char *id)
{
	return strstr(json_string_value(json_object_get(launch, "case")), id) != NULL;
}

/* Multiplies the times of all launches whose case's id holds these words. */
static inline void scale(const char *id, double by)
{
	json_t *launches = launches_in("B"), *one;
	size_t i;

	json_array_foreach (launches, i, one)
		if (is_of(one, id))
			set_ns(one, by * ns_of(one));
	put_launches("B", launches);
}

static inline void drop(json_t *cases, const char *id)
{
	for (size_t i = json_array_size(cases); i-- > 0;)
		if (is_of(json_array_get(cases, i), id))
			json_array_remove(cases, i);
}

/* As if such cases had not been planned. */
static inline void drop_cases(const char *directory, const char *id)
{
	json_t *launches = launches_in(directory), *about = about_of(directory);

	drop(launches, id);
	drop(json_object_get(json_object_get(about, "plan"), "cases"), id);
	put_launches(directory, launches);
	put_about(directory, about);
}

/* ---- what is said ---- */

#define compare_with(...)    tine("compare", "A", "B", __VA_ARGS__)
#define compare_as_json(...) json_said_by("compare", "A", "B", "--format", "json", __VA_ARGS__)
#define json_said_by(...)    said_by(ARGUMENTS(__VA_ARGS__))

static inline struct told compare(void)
{
	const struct told told = tine("compare", "A", "B");

	expect_code(&told, 0);
	return told;
}

static inline void expect_verdict(const struct told *told, const char *id, const char *verdict)
{
	char pattern[200];

	snprintf(pattern, sizeof(pattern), "^ +%s .* %s *$", id, verdict);
	expect_match(told->out, pattern);
}

#endif
