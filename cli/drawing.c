#include "drawing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "plot.h"
#include "timeline/describe.h"

enum { COLUMNS_LEAST = 40, COLUMNS_DEFAULT = 100, COLUMNS_MOST = 400 };

/* ---- which format, and whether it can be written ---- */

static const char *ending_of(const char *output)
{
	const char *slash = strrchr(output, '/'), *dot = strrchr(slash ? slash : output, '.');

	return dot ? dot : "";
}

/* What --output ends in; a name without an ending is of a text. */
static int drawing_by_ending(const char *output, enum drawing *into, struct message *why)
{
	static const struct {
		const char *ending;
		enum drawing drawing;
	} known[] = {
		{ "", DRAWING_TEXT },
		{ ".txt", DRAWING_TEXT },
		{ ".svg", DRAWING_SVG },
		{ ".png", DRAWING_PNG },
		{ ".json", DRAWING_CHROME },
		{ ".otf2", DRAWING_OTF2 },
	};
	const char *ending = output ? ending_of(output) : "";

	for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
		if (strcmp(ending, known[k].ending) != 0)
			continue;
		*into = known[k].drawing;
		return 0;
	}
	return fail(why, -EINVAL,
		"--output %s: no format ends in %s; let it end in .txt, .svg, .png, .json or "
		".otf2, "
		"or give --format",
		output, ending);
}

/* An archive is a directory, which its format makes. */
static int check_archive(const char *output, struct message *why)
{
	char *parent = strdup(output);
	int error = 0;

	if (!parent)
		return fail(why, -ENOMEM, "no memory for a path");
	char *slash = strrchr(parent, '/');
	if (slash)
		slash[slash == parent] = 0;
	if (!access(output, F_OK))
		error = fail(
			why, -EINVAL, "--output %s is there already; give a new directory", output);
	else if (access(slash ? parent : ".", W_OK | X_OK))
		error = fail(
			why, -EINVAL, "--output %s cannot be written: %s", output, strerror(errno));
	free(parent);
	return error;
}

int canvas_open(struct canvas *canvas, const struct options *options, struct message *why)
{
	*canvas = (struct canvas) { .drawing = options->drawing, .output = options->output };
	int error = canvas->drawing ? 0 : drawing_by_ending(canvas->output, &canvas->drawing, why);

	if (error)
		return error;
	if (!canvas->output && canvas->drawing != DRAWING_TEXT && canvas->drawing != DRAWING_CHROME)
		return fail(why, -EINVAL, "--format svg, png and otf2 need a file: --output FILE");
	if (canvas->drawing == DRAWING_OTF2)
		return check_archive(canvas->output, why);
	error = canvas->output ? pending_open(&canvas->pending, canvas->output, why) : 0;
	if (error)
		canvas_close(canvas);
	return error;
}

void canvas_close(struct canvas *canvas)
{
	pending_drop(&canvas->pending);
	pending_release(&canvas->pending);
}

static int unless_written(const struct canvas *canvas, int error, struct message *why)
{
	return error ? fail(why, error, "--output %s cannot be written: %s", canvas->output,
			       strerror(-error))
		     : 0;
}

/* ---- text and JSON ---- */

/* As wide as the terminal; COLUMNS may say otherwise. */
static unsigned width_of(FILE *to)
{
	const char *given = getenv("COLUMNS");
	const unsigned long columns = given ? strtoul(given, NULL, 10) : 0;
	struct winsize size;

	if (columns)
		return columns < COLUMNS_LEAST   ? COLUMNS_LEAST
			: columns > COLUMNS_MOST ? COLUMNS_MOST
						 : (unsigned)columns;
	if (!ioctl(fileno(to), TIOCGWINSZ, &size) && size.ws_col >= COLUMNS_LEAST)
		return size.ws_col;
	return COLUMNS_DEFAULT;
}

typedef int printer(const struct timeline *timeline, FILE *to);

static int print_text(const struct timeline *timeline, FILE *to)
{
	const char *plain = getenv("NO_COLOR");
	const bool colour = isatty(fileno(to)) && !(plain && *plain);

	return timeline_print_text(timeline, width_of(to), colour, to);
}

static printer *printer_of(enum drawing drawing)
{
	return drawing == DRAWING_CHROME ? timeline_print_chrome : print_text;
}

/* Printers tell that a file could not be written; errno, why. */
static int print_to_file(const struct timeline *timeline, printer *print, const char *path)
{
	FILE *to = fopen(path, "we");

	if (!to)
		return -errno;
	errno = 0;
	int error = print(timeline, to);
	if (error == -EIO && errno)
		error = -errno;
	if (fclose(to) && !error)
		error = -errno;
	return error;
}

/* What cannot be written, main notices. */
static int print_to_terminal(const struct timeline *timeline, printer *print, struct message *why)
{
	const int error = print(timeline, stdout);

	return error && !ferror(stdout) ? fail(why, error, "no memory for the timeline") : 0;
}

/* ---- pictures ---- */

static int print_csv(const void *timeline, FILE *to)
{
	return timeline_print_csv(timeline, to);
}

static int draw_picture(
	const struct canvas *canvas, const struct timeline *timeline, struct message *why)
{
	const struct plot_target to = { canvas->pending.path, canvas->output,
		canvas->drawing == DRAWING_SVG ? "svg" : "png" };
	char id[CASE_ID_MAX], place[DESCRIPTION_MAX], title[2 * DESCRIPTION_MAX];

	if (timeline->places && timeline->count == 1)
		snprintf(title, sizeof(title), "%s: %s", describe_region(timeline, 0, place),
			describe_title(timeline, id));
	else
		snprintf(title, sizeof(title), "%s on %s", describe_title(timeline, id),
			timeline->host);
	return plot_to_file(&to, "timeline.gp", title, print_csv, timeline, why);
}

/* ---- all of them ---- */

static int draw_file(struct canvas *canvas, const struct timeline *timeline, struct message *why)
{
	const bool picture = canvas->drawing == DRAWING_SVG || canvas->drawing == DRAWING_PNG;
	int error = picture ? draw_picture(canvas, timeline, why)
			    : unless_written(canvas,
				      print_to_file(timeline, printer_of(canvas->drawing),
					      canvas->pending.path),
				      why);

	if (!error)
		error = pending_commit(&canvas->pending, why);
	if (error)
		pending_drop(&canvas->pending);
	pending_release(&canvas->pending);
	return error;
}

int canvas_draw(struct canvas *canvas, const struct timeline *timeline, struct message *why)
{
	if (canvas->drawing == DRAWING_OTF2)
		return timeline_write_otf2(timeline, canvas->output, why);
	if (canvas->output)
		return draw_file(canvas, timeline, why);
	return print_to_terminal(timeline, printer_of(canvas->drawing), why);
}
