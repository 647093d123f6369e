/*
 * heatmap: what plots/heatmap.gp makes of the CSV of schedules.
 */
#include "plotted.h"

TestSuite(heatmap, .init = make_directory, .fini = remove_directory, .timeout = 60);

static const char head[] = "kernel,variant,threads,schedule,chunk,ratio_median,recommended\n";

/* gnuplot's svg of these rows, as text. */
static const char *picture_of(const char *rows)
{
	skip_without_gnuplot();
	put_text(at("csv"), head);
	append_text(at("csv"), rows);
	return plotted("heatmap", "triangle");
}

static const char rows[] = "triangle,openmp,2,static,,1.52,false\n"
			   "triangle,openmp,2,dynamic,1,1.37,false\n"
			   "triangle,openmp,2,dynamic,64,1.00,true\n"
			   "triangle,openmp,2,dynamic,8,,false\n"
			   "triangle,openmp,1,dynamic,8,1.91,false\n"
			   "other,openmp,2,dynamic,512,1.83,false\n";

Test(heatmap, has_the_ratio_in_each_cell)
{
	const char *svg = picture_of(rows);

	cr_expect_not_null(strstr(svg, ">1.52<"));
	cr_expect_not_null(strstr(svg, ">1.37<"));
}

Test(heatmap, has_chunks_in_ascending_order)
{
	const char *svg = picture_of(rows);

	cr_expect_lt(strstr(svg, ">none<"), strstr(svg, ">1<"));
	cr_expect_lt(strstr(svg, ">1<"), strstr(svg, ">8<"));
	cr_expect_lt(strstr(svg, ">8<"), strstr(svg, ">64<"));
}

Test(heatmap, leaves_other_kernels_out)
{
	cr_expect_null(strstr(picture_of(rows), ">1.83<"));
}

Test(heatmap, leaves_smaller_teams_out)
{
	cr_expect_null(strstr(picture_of(rows), ">1.91<"));
}

/* Closed outlines: what is framed, beside what every picture has. */
static unsigned outlines(const char *recommended)
{
	char csv[200];

	snprintf(csv, sizeof(csv),
		"triangle,pool,2,static,,1.52,false\ntriangle,pool,2,static,1,1.00,%s\n",
		recommended);
	return count(picture_of(csv), " Z");
}

Test(heatmap, frames_what_is_recommended)
{
	cr_expect_eq(outlines("true"), outlines("false") + 1);
}

Test(heatmap, hatches_what_was_not_measured)
{
	cr_expect_eq(count(picture_of(rows), "url(#gpPat"), 1);
}
