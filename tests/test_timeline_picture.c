/*
 * timeline, picture: what plots/timeline.gp makes of the CSV.
 */
#include "drawn_timeline.h"
#include "plotted.h"

TestSuite(picture, .init = make_directory, .fini = remove_directory, .timeout = 60);

/* gnuplot's svg, as text. */
static const char *picture_of(const struct timeline *timeline)
{
	skip_without_gnuplot();
	FILE *file = fopen(at("csv"), "we");

	cr_assert_not_null(file);
	cr_assert_eq(timeline_print_csv(timeline, file), 0);
	fclose(file);
	const char *svg = plotted("timeline", "a title");
	cr_expect_eq(access(at("picture.png"), R_OK), 0, "no png");
	return svg;
}

static unsigned polygons_of(struct drawing want)
{
	struct drawn *d = draw(want);
	const char *svg = picture_of(&d->timeline);
	const unsigned polygons = count(svg, "<polygon");

	drawn_release(d);
	return polygons;
}

Test(picture, names_each_member)
{
	struct drawn *d = draw((struct drawing) { .team = 8, .regions = 1, .units = 5 });
	const char *svg = picture_of(&d->timeline);
	char name[32];

	for (unsigned m = 0; m < 8; m++) {
		snprintf(name, sizeof(name), "member %u  CPU %u", m, m);
		cr_expect_eq(count(svg, name), 1, "no %s", name);
	}
	drawn_release(d);
}

Test(picture, names_each_region)
{
	struct drawn *d = draw((struct drawing) { .team = 2, .regions = 3 });
	const char *svg = picture_of(&d->timeline);

	cr_expect(strstr(svg, "region 1, cold") && strstr(svg, "region 2, warm") &&
		strstr(svg, "region 3, warm"));
	drawn_release(d);
}

Test(picture, names_every_eighth_of_128_members)
{
	struct drawn *d = draw((struct drawing) { .team = 128, .regions = 1 });
	const char *svg = picture_of(&d->timeline);

	cr_expect_eq(count(svg, "member "), 16);
	drawn_release(d);
}

Test(picture, holds_no_script)
{
	struct drawn *d = draw((struct drawing) { .team = 2, .regions = 1, .units = 5 });
	const char *svg = picture_of(&d->timeline);

	cr_expect_null(strstr(svg, "<script"));
	drawn_release(d);
}

Test(picture, draws_units_one_by_one_where_they_can_be_told_apart)
{
	const unsigned none = polygons_of((struct drawing) { .team = 2, .regions = 1 });
	const unsigned units =
		polygons_of((struct drawing) { .team = 2, .regions = 1, .units = 20 });

	/* and one more in the key */
	cr_expect_eq(units, none + 2 * 20 + 1);
}

Test(picture, merges_units_that_cannot_be_told_apart)
{
	const unsigned pixels = 700;

	cr_expect_lt(polygons_of((struct drawing) { .team = 2, .regions = 1, .units = 20000 }),
		2 * pixels);
}

Test(picture, of_a_member_is_drawn)
{
	cr_expect_gt(polygons_of((struct drawing) { .team = 1, .regions = 1 }), 0);
}

Test(picture, of_a_region_of_a_nanosecond_is_drawn)
{
	cr_expect_gt(polygons_of((struct drawing) { .team = 2, .regions = 2, .length = 1 }), 0);
}

Test(picture, of_a_region_of_10_to_the_15_ns_is_drawn)
{
	cr_expect_gt(polygons_of((struct drawing) {
			     .team = 2, .regions = 2, .length = 1000000000000000 }),
		0);
}
