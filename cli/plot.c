#include "plot.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "gnuplot.h"
#include "pending.h"

enum { PATH_TEXT = 4096 };

const char *plot_format(const char *name)
{
	static const char *const formats[] = { "svg", "png" };
	const char *dot = strrchr(name, '.');

	for (size_t f = 0; dot && f < sizeof(formats) / sizeof(formats[0]); f++)
		if (!strcasecmp(dot + 1, formats[f]))
			return formats[f];
	return NULL;
}

static int print_to_file(const char *path, csv_printer *print, const void *of, struct message *why)
{
	FILE *to = fopen(path, "we");
	int error = to ? print(of, to) : -errno;

	if (to && !error && ferror(to))
		error = -EIO;
	if (to && fclose(to) && !error)
		error = -errno;
	return error ? fail(why, error, "%s: %s", path, strerror(-error)) : 0;
}

static int copy_file(const char *from, const char *to)
{
	char block[1 << 16];
	size_t got = 0;
	FILE *source = fopen(from, "re");
	FILE *target = source ? fopen(to, "we") : NULL;
	int error = target ? 0 : -errno;

	while (!error && (got = fread(block, 1, sizeof(block), source)))
		if (fwrite(block, 1, got, target) != got)
			error = -errno;
	if (source && ferror(source))
		error = -EIO;
	if (source)
		fclose(source);
	if (target && fclose(target) && !error)
		error = -errno;
	return error;
}

/* gnuplot does not notice a full disk. Either format has a word of its own at the end. */
static bool is_whole(const char *picture)
{
	enum { TAIL = 32 };
	char tail[TAIL + 1] = "";
	FILE *file = fopen(picture, "re");

	if (!file)
		return false;
	const bool read = !fseek(file, -TAIL, SEEK_END) && fread(tail, 1, TAIL, file) == TAIL;
	fclose(file);
	return read && (memmem(tail, TAIL, "</svg>", 6) || memmem(tail, TAIL, "IEND", 4));
}

static void name_file(char path[PATH_TEXT], const char *base, const char *ending)
{
	snprintf(path, PATH_TEXT, "%s.%s", base, ending);
}

void plot_remove(const char *base)
{
	static const char *const endings[] = { "csv", "svg", "png" };
	char path[PATH_TEXT];

	for (size_t e = 0; e < sizeof(endings) / sizeof(endings[0]); e++) {
		name_file(path, base, endings[e]);
		unlink(path);
	}
}

static int draw_at(const char *base, const char *script, const char *what, csv_printer *print,
	const void *of, struct message *why)
{
	char csv[PATH_TEXT], svg[PATH_TEXT], png[PATH_TEXT];

	name_file(csv, base, "csv");
	name_file(svg, base, "svg");
	name_file(png, base, "png");
	int error = print_to_file(csv, print, of, why);
	if (!error)
		error = gnuplot_draw(script, csv, what, base, why);
	if (!error && (!is_whole(svg) || !is_whole(png)))
		error = fail(
			why, -EIO, "no picture: gnuplot could not write all of it beside %s", csv);
	return error;
}

int plot_beside_csv(const char *base, const char *script, const char *what, csv_printer *print,
	const void *of, struct message *why)
{
	const int error = draw_at(base, script, what, print, of, why);

	if (error)
		plot_remove(base);
	return error;
}

/* gnuplot leaves both formats; the one that is wanted is copied. */
static int draw_in(const char *base, const struct plot_target *to, const char *script,
	const char *what, csv_printer *print, const void *of, struct message *why)
{
	char picture[PATH_TEXT];
	int error = draw_at(base, script, what, print, of, why);

	if (error)
		return error;
	name_file(picture, base, to->format);
	error = copy_file(picture, to->path);
	return error
		? fail(why, error, "--output %s cannot be written: %s", to->name, strerror(-error))
		: 0;
}

int plot_to_file(const struct plot_target *to, const char *script, const char *what,
	csv_printer *print, const void *of, struct message *why)
{
	const char *parent = getenv("TMPDIR");
	char directory[400], base[PATH_TEXT / 2];

	snprintf(directory, sizeof(directory), "%s/tine-XXXXXX",
		parent && *parent ? parent : "/tmp");
	if (!mkdtemp(directory))
		return fail(why, errno == EINVAL ? -ENAMETOOLONG : -errno,
			"no directory %s for a picture: %s", directory, strerror(errno));
	snprintf(base, sizeof(base), "%s/plot", directory);
	const int error = draw_in(base, to, script, what, print, of, why);
	plot_remove(base);
	rmdir(directory);
	return error;
}

int plot_to_output(const char *output, const char *script, const char *what, csv_printer *print,
	const void *of, struct message *why)
{
	struct pending pending = { 0 };
	int error = pending_open(&pending, output, why);
	const struct plot_target to = { pending.path, output, plot_format(output) };

	if (!error)
		error = plot_to_file(&to, script, what, print, of, why);
	if (!error)
		error = pending_commit(&pending, why);
	if (error)
		pending_drop(&pending);
	pending_release(&pending);
	return error;
}
