/*
 * store, codec: launches as JSON, there and back.
 */
#include "records.h"

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
