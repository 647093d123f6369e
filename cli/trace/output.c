#include "trace/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drawing.h"
#include "plot.h"
#include "process.h"
#include "trace/draw.h"
#include "trace/strip.h"

enum { WORST_MOST = 4 };

int output_check(const struct options *options, struct message *why)
{
	const char *output = options->output;

	if (!output && options->drawing > DRAWING_TEXT)
		return fail(why, -EINVAL, "--format needs a directory: --output DIR");
	if (!output || !mkdir(output, 0777))
		return 0;
	return fail(why, -EINVAL, "--output %s: cannot make a directory there: %s", output,
		strerror(errno));
}

/* ---- files ---- */

static FILE *open_in(const char *directory, const char *name, struct message *why)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FILE *file = fopen(path, "we");
	if (!file)
		fail(why, -errno, "cannot write %s: %s", path, strerror(errno));
	return file;
}

static int write_text(const struct report *report, const char *directory, const char *name,
	void (*print)(const struct report *, FILE *), struct message *why)
{
	FILE *file = open_in(directory, name, why);

	if (!file)
		return -EIO;
	print(report, file);
	const bool bad = ferror(file);
	if (fclose(file) || bad)
		return fail(why, -EIO, "cannot write %s/%s: %s", directory, name, strerror(errno));
	return 0;
}

/* ---- timelines ---- */

static int draw(const struct drawn *drawn, const char *directory, const char *name,
	enum drawing drawing, struct message *why)
{
	char path[4096];
	const struct options options = { .drawing = drawing, .output = path };
	struct canvas canvas;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	int error = canvas_open(&canvas, &options, why);
	if (error)
		return error;
	error = canvas_draw(&canvas, &drawn->timeline, why);
	canvas_close(&canvas);
	return error;
}

static int draw_run(const struct report *report, const struct traced *process,
	const struct options *options, struct message *why)
{
	const bool chrome = options->drawing == DRAWING_CHROME;
	struct drawn drawn;
	int error = drawn_run(&drawn, report, process);

	if (error)
		return error == -ENODATA ? 0 : fail(why, error, "no memory for the timeline");
	error = draw(
		&drawn, options->output, chrome ? "run.json" : "run.otf2", options->drawing, why);
	drawn_release(&drawn);
	return error;
}

static int plot_run(const struct report *report, const struct traced *process,
	const struct options *options, struct message *why)
{
	char path[4096], title[256];

	if (!process->file->bins)
		return 0;
	snprintf(path, sizeof(path), "%s/run.%s", options->output,
		options->drawing == DRAWING_SVG ? "svg" : "png");
	snprintf(title, sizeof(title), "%s", report->command);
	return plot_to_output(path, "trace.gp", title, strip_print_csv, process, why);
}

static int by_loss(const void *a, const void *b)
{
	const struct profile_site *const *x = a, *const *y = b;
	const uint64_t xl = (*x)->raw->worst_loss, yl = (*y)->raw->worst_loss;

	return (xl < yl) - (xl > yl);
}

static size_t worst_sites(
	const struct profile *profile, const struct profile_site *worst[TRACE_SITES])
{
	size_t count = 0;

	for (size_t s = 0; s < profile->site_count; s++)
		worst[count++] = &profile->sites[s];
	qsort(worst, count, sizeof(*worst), by_loss);
	return count < WORST_MOST ? count : WORST_MOST;
}

static int draw_worst(const struct report *report, const struct traced *process,
	const struct options *options, struct message *why)
{
	static const char *const endings[DRAWINGS] = { [DRAWING_UNSET] = "txt",
		[DRAWING_TEXT] = "txt",
		[DRAWING_SVG] = "svg",
		[DRAWING_PNG] = "png",
		[DRAWING_CHROME] = "json",
		[DRAWING_OTF2] = "otf2" };
	const struct profile_site *worst[TRACE_SITES] = { NULL };
	const size_t count = worst_sites(&process->profile, worst);
	int error = 0;

	for (size_t w = 0; w < count && !error; w++) {
		struct drawn drawn;
		char name[32];
		if (drawn_worst(&drawn, report, process, worst[w]))
			continue;
		snprintf(name, sizeof(name), "worst-%zu.%s", w + 1, endings[options->drawing]);
		error = draw(&drawn, options->output, name,
			options->drawing ? options->drawing : DRAWING_TEXT, why);
		drawn_release(&drawn);
	}
	return error;
}

/* The process that spent most time in regions; NULL: none did. */
static const struct traced *main_process(const struct report *report)
{
	const struct traced *most = NULL;

	for (size_t p = 0; p < report->count; p++) {
		const struct traced *process = &report->processes[p];
		if (process->profile.site_count &&
			(!most || process->profile.inside > most->profile.inside))
			most = process;
	}
	return most;
}

int output_write(const struct report *report, const struct options *options, struct message *why)
{
	const bool whole = options->drawing == DRAWING_CHROME || options->drawing == DRAWING_OTF2;
	const bool picture = options->drawing == DRAWING_SVG || options->drawing == DRAWING_PNG;
	const struct traced *process = main_process(report);
	int error;

	report_print(report, stderr);
	if (!options->output)
		return 0;
	process_block_signals(); /* for gnuplot */
	error = write_text(report, options->output, "report.txt", report_print, why);
	if (!error)
		error = write_text(report, options->output, "places.csv", report_print_csv, why);
	if (!error && process && whole)
		error = draw_run(report, process, options, why);
	if (!error && process && picture)
		error = plot_run(report, process, options, why);
	if (!error && process)
		error = draw_worst(report, process, options, why);
	return error;
}
