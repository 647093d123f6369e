/*
 * record: which cases are the same, and what they are called.
 */
#include <criterion/criterion.h>

#include "record.h"

static const struct case_spec numbers = { "sum_squares", OPENMP, 4, { SCHEDULE_DYNAMIC, 16 },
	{ .n = 1000 }, 10, false };
static const struct case_spec picture = { "pixel_blur", POOL, 2, { SCHEDULE_STATIC, 0 },
	{ .n = 48, .width = 64, .height = 48 }, 1, true };

/* ---- names ---- */

static void expect_id(const struct case_spec *spec, const char *expected)
{
	char id[CASE_ID_MAX];

	cr_expect_str_eq(case_print(spec, id), expected);
}

Test(id, names_a_grain_that_is_not_the_default)
{
	expect_id(&numbers, "sum_squares/openmp/t4/dynamic,16/n1000/g10");
}

Test(id, names_the_size_of_a_picture)
{
	expect_id(&picture, "pixel_blur/pool/t2/static/64x48");
}

Test(id, of_the_longest_case_has_room)
{
	struct case_spec spec = { "", PTHREAD, THREADS_MAX,
		{ SCHEDULE_DYNAMIC, SCHEDULE_CHUNK_MAX }, { .n = UINT64_MAX }, UINT64_MAX, false };
	char id[CASE_ID_MAX];

	memset(spec.kernel, 'k', KERNEL_NAME_MAX - 1);
	case_print(&spec, id);
	cr_expect_not_null(strstr(id, "/n18446744073709551615/g18446744073709551615"), "%s", id);
}

/* ---- the same case, the same work ---- */

/* The case with one thing changed. */
static void expect_other(const struct case_spec *spec, struct case_spec changed, bool same_work)
{
	cr_expect_not(case_same(spec, &changed), "the same case");
	cr_expect_eq(case_same_work(spec, &changed), same_work, "the same work: %d", !same_work);
}

Test(same, is_a_case_to_itself)
{
	const struct case_spec copy = numbers;

	cr_expect(case_same(&numbers, &copy));
	cr_expect(case_same_work(&numbers, &copy));
}

Test(same, is_a_case_whose_grain_happens_to_be_the_default)
{
	struct case_spec other = numbers;

	other.grain_is_default = true;
	cr_expect(case_same(&numbers, &other));
}

Test(same, is_no_other_kernel)
{
	struct case_spec other = numbers;

	strcpy(other.kernel, "sum_squares2");
	expect_other(&numbers, other, false);
}

Test(same, is_no_other_size)
{
	struct case_spec other = numbers;

	other.size.n++;
	expect_other(&numbers, other, false);
}

Test(same, is_no_other_width)
{
	struct case_spec other = picture;

	other.size.width++;
	expect_other(&picture, other, false);
}

Test(same, is_no_other_grain)
{
	struct case_spec other = numbers;

	other.grain++;
	expect_other(&numbers, other, false);
}

Test(same, work_is_done_by_another_variant)
{
	struct case_spec other = numbers;

	other.variant = POOL;
	expect_other(&numbers, other, true);
}

Test(same, work_is_done_by_another_team)
{
	struct case_spec other = numbers;

	other.threads++;
	expect_other(&numbers, other, true);
}

Test(same, work_is_done_by_another_schedule)
{
	struct case_spec other = numbers;

	other.schedule.kind = SCHEDULE_GUIDED;
	expect_other(&numbers, other, true);
}

Test(same, work_is_done_in_other_chunks)
{
	struct case_spec other = numbers;

	other.schedule.chunk++;
	expect_other(&numbers, other, true);
}

/* ---- room for samples ---- */

Test(room, is_each_members_own)
{
	struct launch_record launch = { 0 };
	uint64_t sum = 0;

	cr_assert_eq(launch_reserve(&launch, 5, 3), 0);
	cr_expect(launch.samples == 5 && launch.team == 3);
	for (size_t s = 0; s < 5; s++)
		for (unsigned m = 0; m < 3; m++)
			launch.regions[s].members[m].units += (uint64_t)1 << (3 * s + m);
	for (size_t s = 0; s < 5; s++)
		for (unsigned m = 0; m < 3; m++)
			sum += launch.regions[s].members[m].units;
	cr_expect_eq(sum, (1 << 15) - 1, "members share records");
	launch_release(&launch);
}

Test(room, is_given_back_once_or_again)
{
	struct launch_record launch = { 0 };

	cr_assert_eq(launch_reserve(&launch, 5, 3), 0);
	launch_release(&launch);
	launch_release(&launch);
	cr_expect_null(launch.regions);
	cr_expect_eq(launch.samples, 0);
}
