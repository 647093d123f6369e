#include "trace/strip.h"

#include <errno.h>
#include <math.h>

#include "quantity.h"
#include "trace/words.h"

enum { COLUMNS = 72, LEVELS = 9 };

static const char *const levels[LEVELS] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };

/* What a column stands for, in ticks. */
struct cell {
	double inside, busy, width;
};

/* Bins are spread over columns by how much of them lies in each. */
static void fill(struct cell cells[COLUMNS], const struct traced *process)
{
	const struct trace_head *head = process->file->head;
	const double run = (double)(process->source.end - head->begin), width = run / COLUMNS;
	const double bin = (double)head->bin_ticks;

	for (int c = 0; c < COLUMNS; c++) {
		const double from = c * width, to = from + width;
		cells[c] = (struct cell) { .width = width };
		for (size_t b = (size_t)(from / bin); b < TRACE_BINS && (double)b * bin < to; b++) {
			const double begin = fmax(from, (double)b * bin);
			const double end = fmin(to, (double)(b + 1) * bin);
			/* the last bin may reach beyond the end */
			const double whole = fmin(bin, run - (double)b * bin);
			const double part = whole > 0 ? (end - begin) / whole : 0;
			cells[c].inside += part * (double)process->file->bins[b].inside;
			cells[c].busy += part * (double)process->file->bins[b].busy;
		}
	}
}

static const char *level_of(double part)
{
	const int level = (int)lround(part * (LEVELS - 1));

	return levels[level < 0 ? 0 : level >= LEVELS ? LEVELS - 1 : level];
}

void strip_print(const struct traced *process, FILE *to)
{
	struct cell cells[COLUMNS];
	double most = 1;
	char text[QUANTITY_TEXT];

	if (!process->file->bins)
		return;
	fill(cells, process);
	for (size_t s = 0; s < process->profile.site_count; s++)
		most = fmax(most, process->profile.sites[s].raw->team_most);
	fputs("\nin regions ▕", to);
	for (int c = 0; c < COLUMNS; c++)
		fputs(level_of(cells[c].inside / cells[c].width), to);
	fprintf(to, "▏ of the time\nat work    ▕");
	for (int c = 0; c < COLUMNS; c++)
		fputs(level_of(cells[c].busy / cells[c].width / most), to);
	fprintf(to, "▏ of %.0f members\n           0%*s\n", most, COLUMNS + 1,
		seconds_print(process->profile.wall, text));
}

static void print_bin(const struct trace_bin *bin, double from, double to_s, double tick, FILE *to)
{
	const double width = to_s - from, inside = (double)bin->inside * tick / width;

	fprintf(to, "%.9g,%.9g,%.6g,%.6g,%.6g,%.6g,%.6g\n", from, to_s, fmax(0, 1 - inside),
		(double)bin->busy * tick / width, (double)bin->fork * tick / width,
		(double)bin->wait * tick / width, (double)bin->join * tick / width);
}

int strip_print_csv(const void *traced, FILE *to)
{
	const struct traced *process = traced;
	const double tick = process->source.seconds_per_tick;
	const double bin = (double)process->file->head->bin_ticks * tick;

	fputs("from,to,outside,work,fork,wait,join\n", to);
	for (size_t b = 0; b < TRACE_BINS && (double)b * bin < process->profile.wall; b++)
		print_bin(&process->file->bins[b], (double)b * bin,
			fmin((double)(b + 1) * bin, process->profile.wall), tick, to);
	return ferror(to) ? -EIO : 0;
}
