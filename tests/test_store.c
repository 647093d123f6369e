/*
 * store: launches as JSON lines, and the run directory under full disks, kills and damage.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/case.h"
#include "store/codec.h"
#include "store/run.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* ---- launches made by hand ---- */

static const struct case_spec numbers = { "sum_squares", OPENMP, 3, { SCHEDULE_DYNAMIC, 16 },
	{ .n = 500000000 }, 65536, true };

static struct launch_record launch_of(const struct case_spec *spec, size_t samples, unsigned team)
{
	struct launch_record launch = { .spec = *spec,
		.round = 7,
		.status = LAUNCH_OK,
		.result = "41666666541666666750000000",
		.clock = "tsc",
		.repeats = 12,
		.preempted = 1,
		.crowded = true,
		.throttled = 2,
		.steal_ns = 30000000,
		.began_ms = 1795170600123,
		.took_ns = 231000000 };
	uint64_t time = 0;

	cr_assert_eq(launch_reserve(&launch, samples, team), 0);
	for (size_t s = 0; s < samples; s++) {
		launch.regions[s].fork_ns = time++;
		for (unsigned m = 0; m < team; m++)
			launch.regions[s].members[m] = (struct member_record) {
				.start_ns = time + m,
				.complete_ns = time + 1000003 + m,
				.units = 10 * s + m,
				.cpu_start = (int)m - 1, /* of the first: unknown */
				.cpu_complete = (int)m,
			};
		time += 2000003;
		launch.regions[s].join_ns = time;
		launch.regions[s].sample_ns = 2000003 + 0.1 * (double)s;
	}
	return launch;
}

static void add_traces(struct launch_record *launch, size_t traces, size_t cold)
{
	cr_assert_eq(launch_reserve_traces(launch, traces), 0);
	launch->cold = cold;
	launch->units_cost = 0.0123456789012345678;
	for (size_t t = 0; t < traces; t++) {
		launch->traced[t].sample_ns = 3000000.25;
		launch->traced[t].fork_ns = 10000000 * t;
		launch->traced[t].join_ns = 10000000 * t + 3000000;
		for (unsigned m = 0; m < launch->team; m++)
			launch->traced[t].members[m] = (struct member_record) {
				.start_ns = 10000000 * t + m,
				.complete_ns = 10000000 * t + 2000000 + m,
				.units = 9,
				.cpu_start = -1,
				.cpu_complete = (int)m,
				.body_ns = 1900000 + m,
			};
	}
}

/* Member m of the trace keeps m units more than the first. */
static void add_units(struct launch_record *launch, struct region_record *trace, size_t first)
{
	const size_t most = first + launch->team;

	trace->units = calloc(launch->team * most, sizeof(*trace->units));
	cr_assert_not_null(trace->units);
	for (unsigned m = 0; m < launch->team; m++) {
		struct member_record *member = &trace->members[m];
		member->kept = first + m;
		member->kept_units = member->kept ? trace->units + m * most : NULL;
		for (size_t u = 0; u < member->kept; u++)
			member->kept_units[u] = (struct unit_record) {
				.unit = 100 * m + u,
				.begin_ns = member->start_ns + 1000 * u,
				.end_ns = member->start_ns + 1000 * u + 999 + m,
			};
	}
}

static void add_memory(struct launch_record *launch)
{
	launch->memory = calloc(launch->team, sizeof(*launch->memory));
	cr_assert_not_null(launch->memory);
	for (unsigned m = 0; m < launch->team; m++)
		launch->memory[m] = (struct member_memory) {
			.allocated_bytes = 24000000 + m,
			.touched_bytes = 8192 * m,
			.node_bytes = 4096 * m,
			.node = (int)m - 1, /* of the first: unknown */
		};
}

static void expect_same_spec(const struct case_spec *got, const struct case_spec *expected)
{
	char got_id[CASE_ID_MAX], expected_id[CASE_ID_MAX];

	cr_expect_str_eq(case_print(got, got_id), case_print(expected, expected_id));
	cr_expect_str_eq(got->kernel, expected->kernel);
	cr_expect_eq(got->variant, expected->variant);
	cr_expect_eq(got->threads, expected->threads);
	cr_expect_eq(got->schedule.kind, expected->schedule.kind);
	cr_expect_eq(got->schedule.chunk, expected->schedule.chunk);
	cr_expect_eq(got->size.n, expected->size.n);
	cr_expect_eq(got->size.width, expected->size.width);
	cr_expect_eq(got->size.height, expected->size.height);
	cr_expect_eq(got->grain, expected->grain);
	cr_expect_eq(got->grain_is_default, expected->grain_is_default);
}

static void expect_same_regions(const struct region_record *got,
	const struct region_record *expected, size_t count, unsigned team)
{
	for (size_t r = 0; r < count; r++) {
		const struct region_record *a = &got[r], *b = &expected[r];
		cr_expect_eq(a->sample_ns, b->sample_ns);
		cr_expect_eq(a->fork_ns, b->fork_ns);
		cr_expect_eq(a->join_ns, b->join_ns);
		for (unsigned m = 0; m < team; m++) {
			cr_expect_eq(a->members[m].start_ns, b->members[m].start_ns);
			cr_expect_eq(a->members[m].complete_ns, b->members[m].complete_ns);
			cr_expect_eq(a->members[m].units, b->members[m].units);
			cr_expect_eq(a->members[m].cpu_start, b->members[m].cpu_start);
			cr_expect_eq(a->members[m].cpu_complete, b->members[m].cpu_complete);
			cr_expect_eq(a->members[m].body_ns, b->members[m].body_ns);
		}
	}
}

static void expect_same_units(const struct member_record *got, const struct member_record *expected)
{
	cr_assert_eq(got->kept, expected->kept);
	cr_expect_eq(!got->kept_units, !expected->kept_units);
	for (size_t u = 0; u < expected->kept; u++) {
		cr_expect_eq(got->kept_units[u].unit, expected->kept_units[u].unit);
		cr_expect_eq(got->kept_units[u].begin_ns, expected->kept_units[u].begin_ns);
		cr_expect_eq(got->kept_units[u].end_ns, expected->kept_units[u].end_ns);
	}
}

static void expect_same_traces(
	const struct launch_record *got, const struct launch_record *expected)
{
	cr_assert_eq(got->traces, expected->traces);
	cr_expect_eq(got->cold, expected->cold);
	if (expected->traces && isfinite(expected->units_cost))
		cr_expect_eq(got->units_cost, expected->units_cost);
	else
		cr_expect(isnan(got->units_cost), "%g", got->units_cost);
	expect_same_regions(got->traced, expected->traced, expected->traces, expected->team);
	for (size_t t = 0; t < expected->traces; t++)
		for (unsigned m = 0; m < expected->team; m++)
			expect_same_units(
				&got->traced[t].members[m], &expected->traced[t].members[m]);
}

static void expect_same_memory(
	const struct launch_record *got, const struct launch_record *expected)
{
	cr_assert_eq(!got->memory, !expected->memory);
	for (unsigned m = 0; expected->memory && m < expected->team; m++) {
		const struct member_memory *a = &got->memory[m], *b = &expected->memory[m];
		cr_expect_eq(a->allocated_bytes, b->allocated_bytes);
		cr_expect_eq(a->touched_bytes, b->touched_bytes);
		cr_expect_eq(a->node_bytes, b->node_bytes);
		cr_expect_eq(a->node, b->node);
	}
}

static void expect_same_launch(
	const struct launch_record *got, const struct launch_record *expected)
{
	expect_same_spec(&got->spec, &expected->spec);
	cr_expect_eq(got->round, expected->round);
	cr_expect_eq(got->status, expected->status);
	cr_expect_str_eq(got->why, expected->why);
	cr_expect_str_eq(got->result, expected->result);
	cr_expect_str_eq(got->clock, expected->clock);
	cr_expect_eq(got->repeats, expected->repeats);
	cr_expect_eq(got->preempted, expected->preempted);
	cr_expect_eq(got->crowded, expected->crowded);
	cr_expect_eq(got->throttled, expected->throttled);
	cr_expect_eq(got->steal_ns, expected->steal_ns);
	cr_expect_eq(got->began_ms, expected->began_ms);
	cr_expect_eq(got->took_ns, expected->took_ns);
	cr_assert_eq(got->samples, expected->samples);
	cr_assert_eq(got->team, expected->team);
	expect_same_regions(got->regions, expected->regions, expected->samples, expected->team);
	expect_same_traces(got, expected);
	expect_same_memory(got, expected);
}

/* To text and back. Releases the launch. */
static void expect_round_trip(struct launch_record *launch)
{
	json_t *json = launch_to_json(launch);
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_t *again = text ? json_loads(text, 0, NULL) : NULL;
	struct launch_record got;
	struct message why = { "" };

	cr_assert_not_null(again);
	cr_assert_null(strchr(text, '\n'), "a launch is one line");
	cr_assert_eq(launch_from_json(again, &got, &why), 0, "%s: %s", why.text, text);
	expect_same_launch(&got, launch);
	launch_release(&got);
	launch_release(launch);
	json_decref(again);
	free(text);
	json_decref(json);
}

/* ---- the codec, there and back ---- */

Test(codec, keeps_all_of_a_launch)
{
	struct launch_record launch = launch_of(&numbers, 5, 3);

	expect_round_trip(&launch);
}

Test(codec, keeps_that_it_is_not_known_when_a_launch_began)
{
	struct launch_record launch = launch_of(&numbers, 1, 1);

	launch.began_ms = 0;
	expect_round_trip(&launch);
}

/* Runs of before it was recorded. */
Test(codec, reads_a_launch_that_does_not_say_when_it_began)
{
	struct launch_record launch = launch_of(&numbers, 1, 1), again;
	json_t *json = launch_to_json(&launch);
	struct message why = { "" };

	cr_assert_eq(json_object_del(json, "began_ms"), 0);
	cr_assert_eq(launch_from_json(json, &again, &why), 0, "%s", why.text);
	cr_expect_eq(again.began_ms, 0);
	launch_release(&again);
	launch_release(&launch);
	json_decref(json);
}

Test(codec, keeps_how_long_members_were_aside)
{
	struct launch_record launch = launch_of(&numbers, 2, 2);

	launch.regions[1].members[0].aside_ns = 1000003;
	add_traces(&launch, 1, 0);
	launch.traced[0].members[1].aside_ns = 7;
	json_t *json = launch_to_json(&launch);
	struct launch_record again;
	cr_assert_eq(launch_from_json(json, &again, NULL), 0);
	cr_expect_eq(again.regions[0].members[0].aside_ns, 0);
	cr_expect_eq(again.regions[1].members[0].aside_ns, 1000003);
	cr_expect_eq(again.regions[1].members[1].aside_ns, 0);
	cr_expect_eq(again.traced[0].members[1].aside_ns, 7);
	launch_release(&again);
	launch_release(&launch);
	json_decref(json);
}

Test(codec, refuses_members_that_were_aside_for_longer_than_at_work)
{
	struct launch_record launch = launch_of(&numbers, 1, 1), again;

	launch.regions[0].members[0].aside_ns = 1000004;
	json_t *json = launch_to_json(&launch);
	cr_expect_eq(launch_from_json(json, &again, NULL), -EINVAL);
	launch_release(&launch);
	json_decref(json);
}

Test(codec, keeps_each_variant)
{
	for (int variant = 0; variant < VARIANTS; variant++) {
		struct case_spec spec = numbers;
		spec.variant = variant;
		struct launch_record launch = launch_of(&spec, 1, 1);
		expect_round_trip(&launch);
	}
}

Test(codec, keeps_each_schedule)
{
	static const uint32_t chunks[] = { 0, 1, 16, SCHEDULE_CHUNK_MAX };

	for (int kind = 0; kind < SCHEDULE_KINDS; kind++)
		for (size_t c = 0; c < LENGTH(chunks); c++) {
			const bool takes_chunk = kind != SCHEDULE_NONE && kind != SCHEDULE_AUTO;
			struct case_spec spec = numbers;
			spec.schedule = (struct schedule) { kind, takes_chunk ? chunks[c] : 0 };
			struct launch_record launch = launch_of(&spec, 1, 1);
			expect_round_trip(&launch);
		}
}

Test(codec, keeps_sizes_of_numbers)
{
	static const uint64_t sizes[] = { 1, 500000000, ((uint64_t)1 << 53) + 1, INT64_MAX };

	for (size_t i = 0; i < LENGTH(sizes); i++) {
		struct case_spec spec = numbers;
		spec.size = (struct size) { .n = sizes[i] };
		struct launch_record launch = launch_of(&spec, 1, 1);
		expect_round_trip(&launch);
	}
}

Test(codec, keeps_sizes_of_pictures)
{
	static const struct size sizes[] = {
		{ 1, 1, 1 },
		{ 1080, 1920, 1080 },
		{ 1 << 20, 1, 1 << 20 },
		{ 1, 1 << 20, 1 },
	};

	for (size_t i = 0; i < LENGTH(sizes); i++) {
		struct case_spec spec = numbers;
		spec.size = sizes[i];
		struct launch_record launch = launch_of(&spec, 1, 1);
		expect_round_trip(&launch);
	}
}

Test(codec, keeps_whether_the_grain_is_the_default)
{
	struct case_spec spec = numbers;

	spec.grain = 1;
	spec.grain_is_default = false;
	struct launch_record launch = launch_of(&spec, 1, 1);
	expect_round_trip(&launch);
}

Test(codec, keeps_a_team_smaller_than_asked_for)
{
	struct launch_record launch = launch_of(&numbers, 2, 2);

	expect_round_trip(&launch);
}

Test(codec, keeps_stamps_that_no_double_holds)
{
	struct launch_record launch = launch_of(&numbers, 1, 1);

	launch.regions[0].fork_ns = ((uint64_t)1 << 62) + 1;
	launch.regions[0].members[0].start_ns = ((uint64_t)1 << 62) + 3;
	launch.regions[0].members[0].complete_ns = ((uint64_t)1 << 62) + 5;
	launch.regions[0].join_ns = ((uint64_t)1 << 62) + 7;
	expect_round_trip(&launch);
}

Test(codec, keeps_why_a_launch_is_wrong)
{
	struct launch_record launch = launch_of(&numbers, 2, 3);

	launch.status = LAUNCH_WRONG;
	strcpy(launch.why, "the result 5 differs from the sequential variant's 4");
	expect_round_trip(&launch);
}

Test(codec, keeps_quotes_and_line_ends_in_why)
{
	struct launch_record launch = launch_of(&numbers, 1, 1);

	launch.status = LAUNCH_WRONG;
	strcpy(launch.why, "it said \"no\\\"\n\tand \xc3\xbc");
	expect_round_trip(&launch);
}

Test(codec, keeps_a_failed_launch_without_regions)
{
	struct launch_record launch = { .spec = numbers,
		.round = 3,
		.status = LAUNCH_FAILED,
		.why = "cannot create the threads of a team of 3",
		.throttled = 1,
		.steal_ns = 2,
		.took_ns = 3 };

	expect_round_trip(&launch);
}

Test(codec, keeps_the_largest_counts)
{
	struct launch_record launch = launch_of(&numbers, 1, 1);

	launch.repeats = INT32_MAX;
	launch.preempted = INT64_MAX;
	launch.throttled = launch.steal_ns = launch.took_ns = INT64_MAX;
	expect_round_trip(&launch);
}

Test(codec, keeps_a_launch_that_was_not_crowded)
{
	struct launch_record launch = launch_of(&numbers, 1, 1);

	launch.crowded = false;
	expect_round_trip(&launch);
}

Test(codec, keeps_all_digits_of_a_samples_time)
{
	static const double times[] = { 0, 0.1, 1.0 / 3, 17012345.5, 1e15 + 0.125 };

	for (size_t i = 0; i < LENGTH(times); i++) {
		struct launch_record launch = launch_of(&numbers, 1, 1);
		launch.regions[0].sample_ns = times[i];
		expect_round_trip(&launch);
	}
}

Test(codec, keeps_traces_without_units)
{
	struct launch_record launch = launch_of(&numbers, 2, 3);

	add_traces(&launch, 3, 1);
	expect_round_trip(&launch);
}

Test(codec, keeps_traces_that_are_all_cold)
{
	struct launch_record launch = launch_of(&numbers, 2, 3);

	add_traces(&launch, 3, 3);
	launch.units_cost = NAN;
	expect_round_trip(&launch);
}

Test(codec, keeps_units_of_members_that_kept_some_and_of_one_that_kept_none)
{
	struct launch_record launch = launch_of(&numbers, 2, 3);

	add_traces(&launch, 3, 1);
	add_units(&launch, &launch.traced[0], 0);
	add_units(&launch, &launch.traced[2], 5);
	expect_round_trip(&launch);
}

Test(codec, keeps_stamps_of_units_that_no_double_holds)
{
	struct launch_record launch = launch_of(&numbers, 1, 1);

	add_traces(&launch, 1, 0);
	add_units(&launch, &launch.traced[0], 1);
	launch.traced[0].members[0].body_ns = ((uint64_t)1 << 62) + 1;
	launch.traced[0].members[0].units = INT64_MAX;
	launch.traced[0].units[0] = (struct unit_record) { INT64_MAX, ((uint64_t)1 << 62) + 1,
		((uint64_t)1 << 62) + 3 };
	expect_round_trip(&launch);
}

Test(codec, keeps_a_cost_below_nothing)
{
	struct launch_record launch = launch_of(&numbers, 1, 2);

	add_traces(&launch, 1, 0);
	launch.units_cost = -1.0 / 3;
	expect_round_trip(&launch);
}

Test(codec, keeps_no_cost_that_is_infinite)
{
	struct launch_record launch = launch_of(&numbers, 1, 2);

	add_traces(&launch, 1, 0);
	launch.units_cost = INFINITY;
	expect_round_trip(&launch);
}

Test(codec, keeps_memory)
{
	struct launch_record launch = launch_of(&numbers, 2, 3);

	add_memory(&launch);
	launch.memory[2].allocated_bytes = launch.memory[2].touched_bytes =
		launch.memory[2].node_bytes = INT64_MAX;
	expect_round_trip(&launch);
}

Test(codec, keeps_traces_and_memory_of_a_wrong_launch)
{
	struct launch_record launch = launch_of(&numbers, 2, 3);

	launch.status = LAUNCH_WRONG;
	add_traces(&launch, 2, 1);
	add_units(&launch, &launch.traced[1], 2);
	add_memory(&launch);
	expect_round_trip(&launch);
}

Test(codec, reads_a_launch_of_before_there_were_traces_and_memory)
{
	struct launch_record launch = launch_of(&numbers, 2, 3), got;
	json_t *json = launch_to_json(&launch);
	struct message why = { "" };

	cr_assert(!json_object_del(json, "traced") && !json_object_del(json, "cold") &&
		!json_object_del(json, "units_cost") && !json_object_del(json, "memory"));
	cr_assert_eq(launch_from_json(json, &got, &why), 0, "%s", why.text);
	expect_same_launch(&got, &launch);
	launch_release(&got);
	launch_release(&launch);
	json_decref(json);
}

Test(codec, names_the_case_in_its_line)
{
	json_t *json = case_to_json(&numbers);

	cr_expect_str_eq(json_string_value(json_object_get(json, "case")),
		"sum_squares/openmp/t3/dynamic,16/n500000000");
	json_decref(json);
}

Test(codec, refuses_a_kernel_name_that_is_too_long)
{
	json_t *json = case_to_json(&numbers);
	char name[KERNEL_NAME_MAX + 1];
	struct case_spec got;
	struct message why = { "" };

	memset(name, 'k', KERNEL_NAME_MAX);
	name[KERNEL_NAME_MAX] = 0;
	json_object_set_new(json, "kernel", json_string(name));
	cr_expect_eq(case_from_json(json, &got, &why), -EINVAL);
	cr_expect_str_eq(why.text, "'kernel' is too long");
	json_object_set_new(json, "kernel", json_string(name + 1));
	cr_expect_eq(case_from_json(json, &got, &why), 0, "%s", why.text);
	json_decref(json);
}

/* ---- a directory to work in ---- */

static char home[64];

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *at)
{
	(void)stat;
	(void)type;
	(void)at;
	return remove(path);
}

static void make_home(void)
{
	snprintf(home, sizeof(home), "/tmp/test_store.XXXXXX");
	cr_assert_not_null(mkdtemp(home));
}

static void remove_home(void)
{
	nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

TestSuite(memory);
TestSuite(resume, .init = make_home, .fini = remove_home);
TestSuite(run, .init = make_home, .fini = remove_home);
TestSuite(line, .init = make_home, .fini = remove_home);

/* home/name, until the next call but three. */
static const char *in_home(const char *name)
{
	static char paths[4][512];
	static unsigned turn;
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", home, name);
	return path;
}

static char *read_text(const char *path)
{
	char *text = NULL;
	size_t room = 0;
	FILE *file = fopen(path, "r");

	cr_assert_not_null(file, "there is no %s", path);
	if (getdelim(&text, &room, 0, file) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(file);
	return text;
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	cr_assert_not_null(file);
	cr_assert(fputs(text, file) >= 0);
	cr_assert_eq(fclose(file), 0);
}

static bool exists(const char *path)
{
	struct stat stat;

	return !lstat(path, &stat);
}

static size_t size_of_file(const char *path)
{
	struct stat info;

	cr_assert_eq(stat(path, &info), 0, "there is no %s", path);
	return (size_t)info.st_size;
}

/* As a full disk: files grow no further than this. */
static void limit_files(size_t bytes)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void lift_limit(void)
{
	limit_files(RLIM_INFINITY);
}

static void create(struct run *run, const char *name)
{
	json_t *about = json_pack("{ss sI}", "version", "1", "seed", (json_int_t)1 << 60);
	struct message why = { "" };

	cr_assert_eq(run_create(run, in_home(name), about, &why), 0, "%s", why.text);
	json_decref(about);
}

static void append(struct run *run, unsigned round)
{
	struct launch_record launch = launch_of(&numbers, 2, 3);
	struct message why = { "" };

	launch.round = round;
	cr_assert_eq(run_append(run, &launch, &why), 0, "%s", why.text);
}

static void create_with_launches(const char *name, unsigned count)
{
	struct run run;

	create(&run, name);
	for (unsigned i = 0; i < count; i++)
		append(&run, i);
	run_release(&run);
}

static void load(struct run *run, const char *name)
{
	struct message why = { "" };

	cr_assert_eq(run_load(run, in_home(name), &why), 0, "%s", why.text);
}

/* The message speaks of home/name..., and goes on as given. */
static void expect_message(const struct message *why, const char *format)
{
	char expected[512];

	snprintf(expected, sizeof(expected), format, home);
	cr_expect_str_eq(why->text, expected);
}

static void expect_no_load(const char *name, const char *format)
{
	struct run run;
	struct message why = { "" };

	cr_assert_lt(run_load(&run, in_home(name), &why), 0, "the run was loaded");
	expect_message(&why, format);
}

/* ---- the run directory ---- */

Test(run, keeps_what_was_appended)
{
	struct launch_record expected = launch_of(&numbers, 2, 3);
	struct run run;

	create_with_launches("run", 5);
	load(&run, "run");
	cr_assert_eq(run.count, 5);
	cr_expect_not(run.torn);
	for (unsigned i = 0; i < 5; i++) {
		expected.round = i;
		expect_same_launch(&run.launches[i], &expected);
	}
	run_release(&run);
	launch_release(&expected);
}

Test(run, holds_launches_in_memory_as_they_are_appended)
{
	struct run run;

	create(&run, "run");
	for (unsigned i = 0; i < 9; i++) {
		append(&run, i);
		cr_assert_eq(run.count, i + 1);
		cr_expect_eq(run.launches[i].round, i);
		cr_expect_eq(run.launches[i].samples, 2);
	}
	run_release(&run);
}

Test(run, takes_over_the_launch_that_is_appended)
{
	struct launch_record launch = launch_of(&numbers, 2, 3);
	struct run run;

	create(&run, "run");
	cr_assert_eq(run_append(&run, &launch, NULL), 0);
	cr_expect_eq(run.launches[0].regions, launch.regions, "it is not the record's own");
	run_release(&run);
}

Test(run, has_each_launch_on_disk_once_it_is_appended)
{
	struct run run, seen;

	create(&run, "run");
	append(&run, 0);
	append(&run, 1);
	load(&seen, "run");
	cr_expect_eq(seen.count, 2);
	run_release(&seen);
	run_release(&run);
}

Test(run, keeps_what_it_is_about)
{
	struct run run;

	create_with_launches("run", 0);
	load(&run, "run");
	cr_expect_eq(run.count, 0);
	cr_expect_str_eq(json_string_value(json_object_get(run.about, "version")), "1");
	cr_expect_eq(json_integer_value(json_object_get(run.about, "seed")), (json_int_t)1 << 60);
	cr_expect_str_eq(run.path, in_home("run"));
	run_release(&run);
}

Test(run, is_created_with_the_directories_that_lead_to_it)
{
	create_with_launches("a/b/c", 1);
	cr_expect(exists(in_home("a/b/c/run.json")));
	cr_expect(exists(in_home("a/b/c/launches.jsonl")));
	cr_expect_not(exists(in_home("a/b/c/.beside")));
}

Test(run, is_not_created_over_another)
{
	struct run run;
	struct message why = { "" };
	json_t *about = json_object();

	create_with_launches("run", 2);
	cr_expect_eq(run_create(&run, in_home("run"), about, &why), -EEXIST);
	expect_message(&why, "cannot make the directory %s/run: File exists");
	json_decref(about);
	load(&run, "run");
	cr_expect_eq(run.count, 2, "the other was changed");
	run_release(&run);
}

Test(run, is_not_created_below_a_file)
{
	struct run run;
	struct message why = { "" };
	json_t *about = json_object();

	write_text(in_home("file"), "");
	cr_expect_eq(run_create(&run, in_home("file/run"), about, &why), -ENOTDIR);
	expect_message(&why, "cannot make the directory %s/file/run: Not a directory");
	json_decref(about);
}

Test(run, is_not_created_on_a_full_disk)
{
	struct run run;
	struct message why = { "" };
	json_t *about = json_pack("{ss}", "version", "1");

	limit_files(5);
	const int error = run_create(&run, in_home("run"), about, &why);
	lift_limit();
	cr_expect_eq(error, -EFBIG);
	expect_message(&why, "cannot write %s/run/run.json: File too large");
	cr_expect_not(exists(in_home("run/run.json")));
	cr_expect_not(exists(in_home("run/.beside")));
	json_decref(about);
}

/* ---- a disk that fills up while launches are appended ---- */

static void append_on_a_full_disk(struct run *run, size_t room)
{
	struct launch_record launch = launch_of(&numbers, 2, 3);
	struct message why = { "" };

	limit_files(size_of_file(in_home("run/launches.jsonl")) + room);
	const int error = run_append(run, &launch, &why);
	lift_limit();
	cr_expect_eq(error, -EFBIG);
	expect_message(&why, "cannot append to %s/run/launches.jsonl: File too large");
	cr_expect_not_null(launch.regions, "a launch that was not kept stays its owner's");
	launch_release(&launch);
}

Test(run, says_so_when_a_launch_does_not_fit_on_the_disk)
{
	struct run run;

	create(&run, "run");
	append(&run, 0);
	append_on_a_full_disk(&run, 0);
	cr_expect_eq(run.count, 1);
	run_release(&run);
}

Test(run, keeps_earlier_launches_when_half_a_launch_fits_on_the_disk)
{
	struct run run;

	create(&run, "run");
	append(&run, 0);
	append(&run, 1);
	append_on_a_full_disk(&run, 20);
	run_release(&run);
	load(&run, "run");
	cr_expect_eq(run.count, 2);
	run_release(&run);
}

Test(run, leaves_the_file_as_it_was_when_half_a_launch_fits_on_the_disk)
{
	struct run run;

	create(&run, "run");
	append(&run, 0);
	char *before = read_text(in_home("run/launches.jsonl"));
	append_on_a_full_disk(&run, 20);
	char *after = read_text(in_home("run/launches.jsonl"));
	cr_expect_str_eq(after, before);
	cr_expect_not(run.torn);
	free(before);
	free(after);
	run_release(&run);
}

Test(run, goes_on_once_the_disk_has_room_again)
{
	struct run run;

	create(&run, "run");
	append(&run, 0);
	append_on_a_full_disk(&run, 20);
	append(&run, 1);
	run_release(&run);
	load(&run, "run");
	cr_expect_eq(run.count, 2);
	cr_expect_not(run.torn);
	run_release(&run);
}

/* ---- runs that are gone when released ---- */

Test(memory, keeps_launches_without_a_directory)
{
	struct run run = run_in_memory();

	for (unsigned i = 0; i < 5; i++)
		append(&run, i);
	cr_assert_eq(run.count, 5);
	cr_expect_eq(run.launches[4].round, 4);
	cr_expect_null(run.path);
	run_release(&run);
}

Test(memory, is_empty_after_release)
{
	struct run run = run_in_memory();

	append(&run, 0);
	run_release(&run);
	cr_expect_eq(run.count, 0);
	cr_expect_null(run.launches);
	cr_expect_lt(run.fd, 0);
}

/* ---- loading what a kill or an accident left ---- */

static void cut(const char *path, size_t bytes)
{
	cr_assert_eq(truncate(path, (off_t)(size_of_file(path) - bytes)), 0);
}

static void expect_torn(size_t bytes, size_t left)
{
	struct run run;

	create_with_launches("run", 3);
	cut(in_home("run/launches.jsonl"), bytes);
	load(&run, "run");
	cr_expect(run.torn, "not noticed");
	cr_expect_eq(run.count, left);
	run_release(&run);
}

Test(run, leaves_out_a_last_line_that_is_torn)
{
	expect_torn(30, 2);
}

Test(run, leaves_out_a_last_line_without_its_end)
{
	expect_torn(1, 2);
}

Test(run, cut_between_lines_is_not_torn)
{
	struct run run;

	create_with_launches("run", 2);
	const size_t two = size_of_file(in_home("run/launches.jsonl"));
	cut(in_home("run/launches.jsonl"), two / 2); /* both lines are as long */
	load(&run, "run");
	cr_expect_not(run.torn);
	cr_expect_eq(run.count, 1);
	run_release(&run);
}

Test(run, with_a_damaged_middle_line_is_an_error_with_its_number)
{
	create_with_launches("run", 3);
	char *text = read_text(in_home("run/launches.jsonl"));
	*strstr(strchr(text, '\n'), "\"threads\"") = ' '; /* of the second line */
	write_text(in_home("run/launches.jsonl"), text);
	free(text);

	struct run run;
	struct message why = { "" };
	cr_expect_eq(run_load(&run, in_home("run"), &why), -EINVAL);
	char expected[600];
	snprintf(expected, sizeof(expected), "%s/run/launches.jsonl:2: ", home);
	cr_expect_eq(strncmp(why.text, expected, strlen(expected)), 0, "%s", why.text);
	cr_expect_gt(strlen(why.text), strlen(expected), "it does not say what is wrong");
}

Test(run, without_a_directory_is_an_error)
{
	expect_no_load("none",
		"%1$s/none is no run directory: cannot open %1$s/none/run.json: "
		"No such file or directory");
}

Test(run, without_launches_file_is_an_error)
{
	create_with_launches("run", 1);
	cr_assert_eq(remove(in_home("run/launches.jsonl")), 0);
	expect_no_load("run", "cannot open %s/run/launches.jsonl: No such file or directory");
}

Test(run, with_a_damaged_run_json_is_an_error_with_its_line)
{
	struct run run;
	struct message why = { "" };
	char expected[600];

	create_with_launches("run", 1);
	write_text(in_home("run/run.json"), "{\n\"version\": \"1\",\n}\n");
	cr_expect_eq(run_load(&run, in_home("run"), &why), -EINVAL);
	snprintf(expected, sizeof(expected), "%s/run/run.json:3: ", home);
	cr_expect_eq(strncmp(why.text, expected, strlen(expected)), 0, "%s", why.text);
}

/* ---- going on with a run ---- */

static void resume_run(struct run *run, const char *name)
{
	struct message why = { "" };

	cr_assert_eq(run_resume(run, in_home(name), &why), 0, "%s", why.text);
}

Test(resume, has_the_launches_so_far)
{
	struct run run;

	create_with_launches("run", 3);
	resume_run(&run, "run");
	cr_expect_eq(run.count, 3);
	cr_expect_eq(run.launches[2].round, 2);
	cr_expect_str_eq(json_string_value(json_object_get(run.about, "version")), "1");
	run_release(&run);
}

Test(resume, appends_after_the_launches_so_far)
{
	struct run run;

	create_with_launches("run", 2);
	resume_run(&run, "run");
	append(&run, 2);
	cr_expect_eq(run.count, 3);
	run_release(&run);
	load(&run, "run");
	cr_assert_eq(run.count, 3);
	for (unsigned i = 0; i < 3; i++)
		cr_expect_eq(run.launches[i].round, i);
	run_release(&run);
}

Test(resume, leaves_a_whole_file_as_it_is)
{
	struct run run;

	create_with_launches("run", 2);
	char *before = read_text(in_home("run/launches.jsonl"));
	resume_run(&run, "run");
	run_release(&run);
	char *after = read_text(in_home("run/launches.jsonl"));
	cr_expect_str_eq(after, before);
	free(before);
	free(after);
}

/* Three lines, of which the last lacks so many bytes: two are left in the file. */
static void expect_cut(size_t bytes)
{
	struct run run;

	create_with_launches("run", 3);
	const size_t three = size_of_file(in_home("run/launches.jsonl"));
	cut(in_home("run/launches.jsonl"), bytes);
	resume_run(&run, "run");
	cr_expect_eq(run.count, 2);
	cr_expect_eq(size_of_file(in_home("run/launches.jsonl")), three / 3 * 2);
	run_release(&run);
}

Test(resume, cuts_a_torn_line_off)
{
	expect_cut(30);
}

Test(resume, cuts_a_line_without_its_end_off)
{
	expect_cut(1);
}

Test(resume, cuts_a_line_of_a_single_character_off)
{
	struct run run;

	create_with_launches("run", 3);
	const size_t line = size_of_file(in_home("run/launches.jsonl")) / 3;
	cut(in_home("run/launches.jsonl"), line - 1);
	resume_run(&run, "run");
	cr_expect_eq(size_of_file(in_home("run/launches.jsonl")), 2 * line);
	run_release(&run);
}

Test(resume, cuts_the_only_line_off_if_it_is_torn)
{
	struct run run;

	create_with_launches("run", 1);
	cut(in_home("run/launches.jsonl"), 5);
	resume_run(&run, "run");
	cr_expect_eq(run.count, 0);
	cr_expect_eq(size_of_file(in_home("run/launches.jsonl")), 0);
	run_release(&run);
}

Test(resume, appends_a_line_of_its_own_after_a_torn_one)
{
	struct run run;

	create_with_launches("run", 3);
	cut(in_home("run/launches.jsonl"), 30);
	resume_run(&run, "run");
	append(&run, 8);
	run_release(&run);
	load(&run, "run");
	cr_expect_eq(run.count, 3);
	cr_expect_eq(run.launches[2].round, 8);
	cr_expect_not(run.torn);
	run_release(&run);
}

Test(resume, of_an_empty_run_appends_its_first_launch)
{
	struct run run;

	create_with_launches("run", 0);
	resume_run(&run, "run");
	append(&run, 0);
	run_release(&run);
	load(&run, "run");
	cr_expect_eq(run.count, 1);
	run_release(&run);
}

static void expect_no_resume(const char *name, int error, const char *format)
{
	struct run run;
	struct message why = { "" };

	cr_assert_eq(run_resume(&run, in_home(name), &why), error, "%s", why.text);
	expect_message(&why, format);
}

Test(resume, of_a_run_that_is_being_resumed_is_refused)
{
	struct run run;

	create_with_launches("run", 1);
	resume_run(&run, "run");
	expect_no_resume("run", -EBUSY, "another sweep is writing to %s/run/launches.jsonl");
	run_release(&run);
}

Test(resume, of_a_run_that_is_being_created_is_refused)
{
	struct run run;

	create(&run, "run");
	expect_no_resume("run", -EBUSY, "another sweep is writing to %s/run/launches.jsonl");
	run_release(&run);
}

Test(resume, that_is_refused_cuts_nothing_off)
{
	struct run run, other;

	create(&run, "run");
	append(&run, 0);
	cut(in_home("run/launches.jsonl"), 5); /* as if the other were in the midst of a line */
	const size_t before = size_of_file(in_home("run/launches.jsonl"));
	cr_assert_eq(run_resume(&other, in_home("run"), NULL), -EBUSY);
	cr_expect_eq(size_of_file(in_home("run/launches.jsonl")), before);
	run_release(&run);
}

Test(resume, is_possible_once_the_other_is_released)
{
	struct run run;

	create_with_launches("run", 1);
	resume_run(&run, "run");
	run_release(&run);
	resume_run(&run, "run");
	run_release(&run);
}

Test(resume, is_possible_after_one_that_failed)
{
	struct run run;

	create_with_launches("run", 1);
	char *good = read_text(in_home("run/launches.jsonl"));
	write_text(in_home("run/launches.jsonl"), "{}\n");
	cr_assert_eq(run_resume(&run, in_home("run"), NULL), -EINVAL);
	write_text(in_home("run/launches.jsonl"), good);
	resume_run(&run, "run");
	cr_expect_eq(run.count, 1);
	free(good);
	run_release(&run);
}

Test(resume, does_not_hinder_loading)
{
	struct run run, seen;

	create_with_launches("run", 2);
	resume_run(&run, "run");
	load(&seen, "run");
	cr_expect_eq(seen.count, 2);
	run_release(&seen);
	run_release(&run);
}

Test(resume, of_a_damaged_run_is_refused)
{
	create_with_launches("run", 1);
	write_text(in_home("run/launches.jsonl"), "{}\n");
	expect_no_resume("run", -EINVAL,
		"%s/run/launches.jsonl:1: not a case: Object item not found: kernel");
}

Test(resume, of_no_run_is_refused)
{
	expect_no_resume(
		"none", -ENOENT, "cannot open %s/none/launches.jsonl: No such file or directory");
}

/* ---- derived files ---- */

Test(run, writes_a_derived_file_whole)
{
	struct run run;
	char *text;

	create(&run, "run");
	cr_assert_eq(run_write_file(&run, "a.csv", "a,b\n1,2\n", NULL), 0);
	text = read_text(in_home("run/a.csv"));
	cr_expect_str_eq(text, "a,b\n1,2\n");
	cr_expect_not(exists(in_home("run/.beside")), "a leftover");
	free(text);
	run_release(&run);
}

Test(run, replaces_a_derived_file_by_a_shorter_one)
{
	struct run run;
	char *text;

	create(&run, "run");
	cr_assert_eq(run_write_file(&run, "a.csv", "a,b\n1,2\n", NULL), 0);
	cr_assert_eq(run_write_file(&run, "a.csv", "a\n", NULL), 0);
	text = read_text(in_home("run/a.csv"));
	cr_expect_str_eq(text, "a\n");
	free(text);
	run_release(&run);
}

static int write_on_a_full_disk(const struct run *run, struct message *why)
{
	limit_files(3);
	const int error = run_write_file(run, "a.csv", "a,b\n1,2\n", why);
	lift_limit();
	return error;
}

Test(run, leaves_no_half_of_a_derived_file)
{
	struct run run;
	struct message why = { "" };

	create(&run, "run");
	cr_expect_eq(write_on_a_full_disk(&run, &why), -EFBIG);
	expect_message(&why, "cannot write %s/run/a.csv: File too large");
	cr_expect_not(exists(in_home("run/a.csv")), "half a file");
	cr_expect_not(exists(in_home("run/.beside")), "a leftover");
	run_release(&run);
}

Test(run, leaves_a_derived_file_as_it_was_if_the_new_one_does_not_fit)
{
	struct run run;
	char *text;

	create(&run, "run");
	cr_assert_eq(run_write_file(&run, "a.csv", "old contents\n", NULL), 0);
	cr_expect_eq(write_on_a_full_disk(&run, NULL), -EFBIG);
	text = read_text(in_home("run/a.csv"));
	cr_expect_str_eq(text, "old contents\n");
	free(text);
	run_release(&run);
}

Test(run, leaves_nothing_where_a_directory_has_the_name_of_a_derived_file)
{
	struct run run;
	struct message why = { "" };

	create(&run, "run");
	cr_assert_eq(mkdir(in_home("run/a.csv"), 0777), 0);
	cr_expect_eq(run_write_file(&run, "a.csv", "a\n", &why), -EISDIR);
	expect_message(&why, "cannot write %s/run/a.csv: Is a directory");
	cr_expect_not(exists(in_home("run/.beside")), "a leftover");
	run_release(&run);
}

Test(run, makes_a_directory_once_or_again)
{
	struct run run;

	create(&run, "run");
	cr_expect_eq(run_make_dir(&run, "plots", NULL), 0);
	cr_expect_eq(run_make_dir(&run, "plots", NULL), 0);
	cr_expect_eq(run_write_file(&run, "plots/a.gp", "plot\n", NULL), 0);
	cr_expect(exists(in_home("run/plots/a.gp")));
	run_release(&run);
}

Test(run, says_so_when_a_directory_cannot_be_made)
{
	struct run run;
	struct message why = { "" };

	create(&run, "run");
	cr_expect_eq(run_make_dir(&run, "run.json/plots", &why), -ENOTDIR);
	expect_message(&why, "cannot make the directory %s/run/run.json/plots: Not a directory");
	run_release(&run);
}

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
	char *lines = read_text(in_home("run/launches.jsonl"));
	char *middle = json_dumps(line, JSON_COMPACT);
	const int first = (int)(strchr(lines, '\n') - lines);
	char *all, expected[600];
	struct run run;
	struct message why = { "" };

	cr_assert_gt(asprintf(&all, "%.*s\n%s\n%.*s\n", first, lines, middle, first, lines), 0);
	write_text(in_home("run/launches.jsonl"), all);
	snprintf(expected, sizeof(expected), "%s/run/launches.jsonl:2: %s", home, message);
	cr_assert_eq(run_load(&run, in_home("run"), &why), -EINVAL, "%s: it was loaded", what);
	cr_expect_eq(strncmp(why.text, expected, strlen(expected)), 0, "%s: %s", what, why.text);
	free(all);
	free(middle);
	free(lines);
}

static json_t *good_line(void)
{
	struct launch_record launch = launch_of(&numbers, 2, 2);

	add_traces(&launch, 2, 1);
	add_units(&launch, &launch.traced[1], 2);
	add_memory(&launch);
	json_t *line = launch_to_json(&launch);
	cr_assert_not_null(line);
	launch_release(&launch);
	return line;
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

/* ---- where memory runs out ---- */

static size_t allocations_left; /* that succeed; the next one fails, and it alone */

static void *allocate(size_t bytes)
{
	if (allocations_left--)
		return malloc(bytes);
	errno = ENOMEM;
	return NULL;
}

/* Loads it again and again, each time with another of jansson's allocations failing. */
Test(run, that_memory_does_not_suffice_for_is_not_called_broken)
{
	struct message why;
	struct run run;
	size_t fails = 0;
	int error;

	create_with_launches("run", 2);
	json_set_alloc_funcs(allocate, free);
	do {
		allocations_left = fails++;
		error = run_load(&run, in_home("run"), &why);
		if (!error)
			continue;
		cr_expect_eq(error, -ENOMEM, "allocation %zu: %s", fails, why.text);
		cr_expect_not_null(strstr(why.text, "no memory for"), "%s", why.text);
	} while (error && fails < 10000);
	json_set_alloc_funcs(malloc, free);
	cr_expect_gt(fails, 100, "only %zu allocations failed", fails);
	cr_assert_eq(error, 0, "%s", why.text);
	cr_expect_eq(run.count, 2);
	run_release(&run);
}

Test(codec, of_a_launch_that_memory_does_not_suffice_for_says_so)
{
	json_t *line = good_line();
	struct launch_record launch;
	struct message why = { "" };

	json_set_alloc_funcs(allocate, free);
	allocations_left = 0;
	const int error = launch_from_json(line, &launch, &why);
	json_set_alloc_funcs(malloc, free);
	cr_expect_eq(error, -ENOMEM, "%s", why.text);
	json_decref(line);
}
