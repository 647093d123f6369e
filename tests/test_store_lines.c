/*
 * store, lines: lines of a run that are JSON, but no launch, are refused with file and number.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "run_directories.h"

TestSuite(line, .init = make_directory, .fini = remove_directory);

/* ---- lines that are JSON, but no launch ---- */

/* One field of a good launch, replaced by this JSON, or taken away by "". */
struct malformed {
	char field[16];
	char value[64];
	char message[64]; /* or its beginning */
};

/* The second of three lines is replaced by this one. */
static void expect_refused(json_t *line, const char *what, const char *message)
{
	char *lines = file_text(at("run/launches.jsonl"));
	char *middle = json_dumps(line, JSON_COMPACT);
	const int first = (int)(strchr(lines, '\n') - lines);
	char *all, expected[600];
	struct run run;
	struct message why = { "" };

	cr_assert_gt(asprintf(&all, "%.*s\n%s\n%.*s\n", first, lines, middle, first, lines), 0);
	put_text(at("run/launches.jsonl"), all);
	snprintf(expected, sizeof(expected), "%s/run/launches.jsonl:2: %s", own_directory, message);
	cr_assert_eq(run_load(&run, at("run"), &why), -EINVAL, "%s: it was loaded", what);
	cr_expect_eq(strncmp(why.text, expected, strlen(expected)), 0, "%s: %s", what, why.text);
	free(all);
	free(middle);
}

/* With file and number. */
static void expect_malformed(const struct malformed *bad)
{
	json_t *line = good_line();
	char what[100];

	create_with_launches("run", 3);
	snprintf(what, sizeof(what), "%s: %s", bad->field, *bad->value ? bad->value : "(missing)");
	if (*bad->value)
		json_object_set_new(
			line, bad->field, json_loads(bad->value, JSON_DECODE_ANY, NULL));
	else
		json_object_del(line, bad->field);
	expect_refused(line, what, bad->message);
	json_decref(line);
}

ParameterizedTestParameters(line, whose_case_is_none_is_an_error)
{
	static struct malformed lines[] = {
		{ "kernel", "", "not a case: Object item not found: kernel" },
		{ "kernel", "5", "not a case: Expected string, got integer" },
		{ "variant", "", "not a case: Object item not found: variant" },
		{ "variant", "\"cilk\"", "'variant': there is no cilk" },
		{ "threads", "", "not a case: Object item not found: threads" },
		{ "threads", "0", "'threads' is out of range" },
		{ "threads", "-1", "'threads' is out of range" },
		{ "threads", "4097", "'threads' is out of range" },
		{ "threads", "4294967297", "'threads' is out of range" },
		{ "threads", "2.5", "not a case: Expected integer, got real" },
		{ "schedule", "", "not a case: Object item not found: schedule" },
		{ "schedule", "\"stolen\"", "'schedule' or 'chunk' is wrong" },
		{ "chunk", "", "not a case: Object item not found: chunk" },
		{ "chunk", "0", "'schedule' or 'chunk' is wrong" },
		{ "chunk", "-1", "'schedule' or 'chunk' is wrong" },
		{ "chunk", "2147483648", "'schedule' or 'chunk' is wrong" },
		{ "chunk", "\"16\"", "'schedule' or 'chunk' is wrong" },
		{ "size", "", "not a case: Object item not found: size" },
		{ "size", "0", "'size' is wrong" },
		{ "size", "-5", "'size' is wrong" },
		{ "size", "5.5", "'size' is wrong" },
		{ "size", "null", "'size' is wrong" },
		{ "size", "\"\"", "'size' is wrong" },
		{ "size", "\"5\"", "'size' is wrong" },
		{ "size", "\"5x\"", "'size' is wrong" },
		{ "size", "\"5x3x\"", "'size' is wrong" },
		{ "size", "\"0x3\"", "'size' is wrong" },
		{ "size", "\"+5x3\"", "'size' is wrong" },
		{ "size", "\"-5x3\"", "'size' is wrong" },
		{ "size", "\" 5x3\"", "'size' is wrong" },
		{ "size", "\"5x 3\"", "'size' is wrong" },
		{ "size", "\"0x5x3\"", "'size' is wrong" },
		{ "size", "\"5e1x3\"", "'size' is wrong" },
		{ "size", "\"5X3\"", "'size' is wrong" },
		{ "size", "\"4294967296x3\"", "'size' is wrong" },
		{ "size", "\"3x4294967296\"", "'size' is wrong" },
		{ "size", "\"18446744073709551617x3\"", "'size' is wrong" },
		{ "size", "\"5x0\"", "'size' is wrong" },
		{ "grain", "", "not a case: Object item not found: grain" },
		{ "grain", "0", "'grain' is out of range" },
		{ "grain", "-3", "'grain' is out of range" },
		{ "default_grain", "", "not a case: Object item not found: default_grain" },
		{ "default_grain", "1", "not a case: Expected true or false, got integer" },
	};

	return cr_make_param_array(struct malformed, lines, LENGTH(lines));
}

ParameterizedTest(struct malformed *bad, line, whose_case_is_none_is_an_error)
{
	expect_malformed(bad);
}

ParameterizedTestParameters(line, that_is_no_launch_is_an_error)
{
	static struct malformed lines[] = {
		{ "round", "", "not a launch: Object item not found: round" },
		{ "round", "\"1\"", "not a launch: Expected integer, got string" },
		{ "round", "-1", "'round' is out of range" },
		{ "round", "2147483648", "'round' is out of range" },
		{ "began_ms", "0", "'began_ms' is no time" },
		{ "began_ms", "-1", "'began_ms' is no time" },
		{ "began_ms", "1.5", "'began_ms' is no time" },
		{ "began_ms", "\"1\"", "'began_ms' is no time" },
		{ "took_ns", "", "not a launch: Object item not found: took_ns" },
		{ "took_ns", "-1", "'took_ns', 'throttled' or 'steal_ns' is below 0" },
		{ "crowded", "", "not a launch: Object item not found: crowded" },
		{ "crowded", "1", "not a launch: Expected true or false, got integer" },
		{ "throttled", "", "not a launch: Object item not found: throttled" },
		{ "throttled", "-1", "'took_ns', 'throttled' or 'steal_ns' is below 0" },
		{ "steal_ns", "", "not a launch: Object item not found: steal_ns" },
		{ "steal_ns", "-1", "'took_ns', 'throttled' or 'steal_ns' is below 0" },
		{ "repeats", "", "not a launch: Object item not found: repeats" },
		{ "repeats", "0", "'repeats' or 'preempted' is out of range" },
		{ "repeats", "-1", "'repeats' or 'preempted' is out of range" },
		{ "repeats", "4294967296", "'repeats' or 'preempted' is out of range" },
		{ "preempted", "", "not a launch: Object item not found: preempted" },
		{ "preempted", "-1", "'repeats' or 'preempted' is out of range" },
		{ "status", "", "not a launch: Object item not found: status" },
		{ "status", "\"fine\"", "'status': there is no fine" },
		{ "why", "", "not a launch: Object item not found: why" },
		{ "why", "null", "not a launch: Expected string, got null" },
		{ "result", "5", "not a launch: Expected string, got integer" },
		{ "clock", "5", "not a launch: Expected string, got integer" },
		{ "team", "", "not a launch: Object item not found: team" },
		{ "team", "0", "'regions' or 'team' is wrong" },
		{ "team", "4097", "'regions' or 'team' is wrong" },
		{ "team", "1", "'regions' or 'team' is wrong" },
		{ "regions", "", "not a launch: Object item not found: regions" },
		{ "regions", "null", "'regions' or 'team' is wrong" },
		{ "regions", "[]", "'regions' or 'team' is wrong" },
		{ "regions", "[7]", "'regions' or 'team' is wrong" },
		{ "regions", "[{}]", "'regions' or 'team' is wrong" },
	};

	return cr_make_param_array(struct malformed, lines, LENGTH(lines));
}

ParameterizedTest(struct malformed *bad, line, that_is_no_launch_is_an_error)
{
	expect_malformed(bad);
}

ParameterizedTestParameters(line, whose_traces_or_memory_are_none_is_an_error)
{
	static struct malformed lines[] = {
		{ "traced", "null", "'traced' or 'cold' is wrong" },
		{ "traced", "{}", "'traced' or 'cold' is wrong" },
		{ "traced", "[]", "'traced' or 'cold' is wrong" }, /* of which one is cold */
		{ "traced", "[7]", "'traced' or 'cold' is wrong" },
		{ "traced", "[{}]", "'traced' or 'cold' is wrong" },
		{ "cold", "-1", "'traced' or 'cold' is wrong" },
		{ "cold", "3", "'traced' or 'cold' is wrong" },
		{ "cold", "1.0", "'traced' or 'cold' is wrong" },
		{ "cold", "null", "'traced' or 'cold' is wrong" },
		{ "units_cost", "\"much\"", "'traced' or 'cold' is wrong" },
		{ "memory", "7", "'memory' is wrong" },
		{ "memory", "{}", "'memory' is wrong" },
		{ "memory", "[]", "'memory' is wrong" },
		{ "memory", "[[1, 1, 1, 0]]", "'memory' is wrong" },
		{ "memory", "[[1, 1, 1, 0], 7]", "'memory' is wrong" },
		{ "memory", "[[1, 1, 1, 0], [1, 1, 1]]", "'memory' is wrong" },
		{ "memory", "[[1, 1, 1, 0], [-1, 1, 1, 0]]", "'memory' is wrong" },
		{ "memory", "[[1, 1, 1, 0], [1, -1, -1, 0]]", "'memory' is wrong" },
		{ "memory", "[[1, 1, 1, 0], [1, 1, -1, 0]]", "'memory' is wrong" },
		{ "memory", "[[1, 1, 1, 0], [1, 1, 2, 0]]", "'memory' is wrong" },
		{ "memory", "[[1, 1, 1, 0], [1, 1, 1, -2]]", "'memory' is wrong" },
		{ "memory", "[[1, 1, 1, 0], [1, 1, 1, 0.5]]", "'memory' is wrong" },
	};

	return cr_make_param_array(struct malformed, lines, LENGTH(lines));
}

ParameterizedTest(struct malformed *bad, line, whose_traces_or_memory_are_none_is_an_error)
{
	expect_malformed(bad);
}

static void expect_no_chunk(const char *schedule)
{
	json_t *line = good_line();

	create_with_launches("run", 3);
	json_object_set_new(line, "schedule", json_string(schedule));
	expect_refused(line, schedule, "'schedule' or 'chunk' is wrong");
	json_decref(line);
}

Test(line, with_a_chunk_of_auto_is_an_error)
{
	expect_no_chunk("auto");
}

Test(line, with_a_chunk_of_no_schedule_is_an_error)
{
	expect_no_chunk(schedule_kind_name(SCHEDULE_NONE));
}

/* A region of two members that is wrong somewhere. JSON with ' for ". */
struct bad_region {
	char what[48];
	char json[120];
};

#define TIMES "'ns': 9, 'fork': 0, 'join': 9"
#define FIRST "[1, 2, 3, 0, 0]"
#define BOTH  "'members': [" FIRST ", [1, 2, 3, 1, 1]]"

ParameterizedTestParameters(line, with_a_wrong_region_is_an_error)
{
	static struct bad_region regions[] = {
		{ "no time", "{'fork': 0, 'join': 9, " BOTH "}" },
		{ "a time below 0", "{'ns': -0.5, 'fork': 0, 'join': 9, " BOTH "}" },
		{ "a time that is no number", "{'ns': '9', 'fork': 0, 'join': 9, " BOTH "}" },
		{ "no fork", "{'ns': 9, 'join': 9, " BOTH "}" },
		{ "no join", "{'ns': 9, 'fork': 0, " BOTH "}" },
		{ "a join before the fork", "{'ns': 9, 'fork': 8, 'join': 7, " BOTH "}" },
		{ "a fork before the first", "{'ns': 9, 'fork': -1, 'join': 7, " BOTH "}" },
		{ "a fork that is no integer", "{'ns': 9, 'fork': 0.5, 'join': 7, " BOTH "}" },
		{ "no members", "{" TIMES "}" },
		{ "a member missing", "{" TIMES ", 'members': [" FIRST "]}" },
		{ "a member too short", "{" TIMES ", 'members': [" FIRST ", [1, 2]]}" },
		{ "a member that is none", "{" TIMES ", 'members': [" FIRST ", 7]}" },
		{ "a start that is negative",
			"{" TIMES ", 'members': [" FIRST ", [-1, 2, 3, 1, 1]]}" },
		{ "a member that completes before its start",
			"{" TIMES ", 'members': [" FIRST ", [3, 2, 3, 1, 1]]}" },
		{ "a negative number of units",
			"{" TIMES ", 'members': [" FIRST ", [1, 2, -3, 1, 1]]}" },
	};

	return cr_make_param_array(struct bad_region, regions, LENGTH(regions));
}

/* A good line with one region more in the array of this name. */
static json_t *line_with_region(const char *array, const char *json)
{
	json_t *line = good_line();
	char text[sizeof(((struct bad_region *)0)->json)];

	snprintf(text, sizeof(text), "%s", json);
	for (char *c = text; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	json_t *region = json_loads(text, 0, NULL);
	cr_assert_not_null(region, "the test itself is wrong: %s", text);
	json_array_append_new(json_object_get(line, array), region);
	return line;
}

Test(line, with_a_region_more_is_none_the_worse)
{
	json_t *line = line_with_region("regions", "{" TIMES ", " BOTH "}");
	struct launch_record launch;
	struct message why = { "" };

	cr_assert_eq(launch_from_json(line, &launch, &why), 0, "%s", why.text);
	cr_expect_eq(launch.samples, 3);
	launch_release(&launch);
	json_decref(line);
}

ParameterizedTest(struct bad_region *bad, line, with_a_wrong_region_is_an_error)
{
	json_t *line = line_with_region("regions", bad->json);

	create_with_launches("run", 3);
	expect_refused(line, bad->what, "'regions' or 'team' is wrong");
	json_decref(line);
}

/* A trace of two members whose first keeps a unit, and whose second is this. */
#define TRACE(second) "{" TIMES ", 'members': [[1, 9, 3, 0, 0, 6, [[5, 2, 8]]], " second "]}"

ParameterizedTestParameters(line, with_a_wrong_trace_is_an_error)
{
	static struct bad_region traces[] = {
		{ "a member without a body", TRACE("[1, 9, 3, 1, 1]") },
		{ "a member without units", TRACE("[1, 9, 3, 1, 1, 6]") },
		{ "a body that is negative", TRACE("[1, 9, 3, 1, 1, -6, []]") },
		{ "a body that is no integer", TRACE("[1, 9, 3, 1, 1, '6', []]") },
		{ "units that are no array", TRACE("[1, 9, 3, 1, 1, 6, 7]") },
		{ "a unit that is none", TRACE("[1, 9, 3, 1, 1, 6, [7]]") },
		{ "a unit without an end", TRACE("[1, 9, 3, 1, 1, 6, [[5, 2]]]") },
		{ "a unit below 0", TRACE("[1, 9, 3, 1, 1, 6, [[-5, 2, 8]]]") },
		{ "a unit that begins below 0", TRACE("[1, 9, 3, 1, 1, 6, [[5, -2, 8]]]") },
		{ "a unit that ends before it begins", TRACE("[1, 9, 3, 1, 1, 6, [[5, 8, 2]]]") },
		{ "a unit that is no integer", TRACE("[1, 9, 3, 1, 1, 6, [[5, 2, 8.5]]]") },
		{ "more units kept than done", TRACE("[1, 9, 0, 1, 1, 6, [[5, 2, 8]]]") },
		{ "a member missing", "{" TIMES ", 'members': [[1, 9, 3, 0, 0, 6, [[5, 2, 8]]]]}" },
		{ "a member that is none", TRACE("7") },
	};

	return cr_make_param_array(struct bad_region, traces, LENGTH(traces));
}

ParameterizedTest(struct bad_region *bad, line, with_a_wrong_trace_is_an_error)
{
	json_t *line = line_with_region("traced", bad->json);

	create_with_launches("run", 3);
	expect_refused(line, bad->what, "'traced' or 'cold' is wrong");
	json_decref(line);
}

Test(line, with_traces_that_are_no_array_is_an_error)
{
	json_t *line = good_line();

	create_with_launches("run", 3);
	json_object_set_new(line, "cold", json_integer(0));
	json_object_set_new(line, "traced", json_integer(7));
	expect_refused(line, "traces", "'traced' or 'cold' is wrong");
	json_decref(line);
}

Test(line, with_a_trace_more_is_none_the_worse)
{
	json_t *line = line_with_region("traced", TRACE("[1, 9, 3, 1, 1, 6, []]"));
	struct launch_record launch;
	struct message why = { "" };

	cr_assert_eq(launch_from_json(line, &launch, &why), 0, "%s", why.text);
	cr_assert_eq(launch.traces, 3);
	cr_expect_eq(launch.traced[2].members[0].kept_units[0].unit, 5);
	cr_expect_null(launch.traced[2].members[1].kept_units);
	launch_release(&launch);
	json_decref(line);
}

Test(line, that_is_refused_leaves_nothing_to_release)
{
	json_t *line = line_with_region("traced", TRACE("[1, 9, 3, 1, 1, 6, [7]]"));
	struct launch_record launch;

	cr_assert_eq(launch_from_json(line, &launch, NULL), -EINVAL);
	cr_expect(!launch.regions && !launch.traced && !launch.memory);
	json_decref(line);
}
