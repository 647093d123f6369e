#include "timeline/timeline.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "timeline/bar.h"
#include "timeline/describe.h"
#include "timeline/fields.h"
#include "timeline/flow.h"
#include "timeline/memory.h"
#include "quantity.h"

/* How cells look: told apart by their characters alone, and by colours where there are any. */
static const struct look {
	const char *character;
	const char *colour; /* an ANSI colour */
} looks[CELLS] = {
	[CELL_FORK] = { "░", "31" },
	[CELL_WORK] = { "█", "34" },
	[CELL_OTHER] = { "▓", "94" },
	[CELL_BETWEEN] = { "▁", "36" },
	[CELL_WAIT] = { "·", "33" },
	[CELL_JOIN] = { "─", "35" },
	[CELL_MIXED] = { "▒", "37" },
};

/* Where everything goes: label, a column for t_fork, the bar, a column for t_join, fields. */
struct layout {
	const struct timeline *timeline;
	size_t columns;
	bool colour;
	FILE *to;
	bool words;        /* "member 3" rather than "3" */
	unsigned per_line; /* members that a line stands for */
	bool units;        /* are drawn: on lines of one member */
	size_t label, bar; /* columns */
	struct fields fields;
	uint64_t shared_ns; /* the bar's length in all regions; 0: each region's own */
};

enum { LEAST_COLUMNS = 40, LINES_MAX = 64, LABEL_TEXT = 48 };

/* ---- the layout ---- */

static struct group group_at(
	const struct layout *l, const struct region_record *region, unsigned first)
{
	const unsigned rest = l->timeline->team - first;

	return (struct group) { l->timeline, region, first,
		first + (rest < l->per_line ? rest : l->per_line) };
}

/* "member 3", "members 0–63"; or the numbers alone */
static void print_label(const struct layout *l, const struct group *group, char text[LABEL_TEXT])
{
	const unsigned last = group->end - 1;

	if (last == group->first)
		snprintf(text, LABEL_TEXT, "%s%u", l->words ? "member " : "", last);
	else
		snprintf(text, LABEL_TEXT, "%s%u–%u", l->words ? "members " : "", group->first,
			last);
}

static size_t label_columns(const struct layout *l)
{
	size_t width = 0;
	char text[LABEL_TEXT];

	for (unsigned m = 0; m < l->timeline->team; m += l->per_line) {
		const struct group group = group_at(l, l->timeline->regions, m);
		print_label(l, &group, text);
		if (display_width(text) > width)
			width = display_width(text);
	}
	return width + 1;
}

/* One length for all bars if that leaves the shortest region a quarter of the longest's; else 0. */
static uint64_t shared_length(const struct timeline *timeline)
{
	uint64_t longest = 0, shortest = UINT64_MAX;

	for (size_t r = 0; r < timeline->count; r++) {
		const struct region_record *region = &timeline->regions[r];
		const uint64_t length = region->join_ns - region->fork_ns;
		longest = length > longest ? length : longest;
		shortest = length < shortest ? length : shortest;
	}
	return shortest >= longest / 4 ? longest : 0;
}

static struct layout lay_out(
	const struct timeline *timeline, unsigned columns, bool colour, FILE *to)
{
	enum { WORDS_FROM = 60, ENDS = 2 };
	struct layout l = { .timeline = timeline, .colour = colour, .to = to };

	l.columns = columns < LEAST_COLUMNS ? LEAST_COLUMNS : columns;
	l.words = l.columns >= WORDS_FROM;
	l.per_line = (timeline->team + LINES_MAX - 1) / LINES_MAX;
	l.units = timeline->units && l.per_line == 1;
	l.label = label_columns(&l);
	/* three eighths of the width are the bar's at least */
	fields_choose(
		&l.fields, timeline, l.per_line, l.columns - l.label - ENDS - l.columns * 3 / 8);
	l.bar = l.columns - l.label - ENDS - l.fields.total;
	if (l.bar > BAR_MAX)
		l.bar = BAR_MAX;
	l.shared_ns = shared_length(timeline);
	return l;
}

static struct flow flow_of(const struct layout *l, size_t indent)
{
	return (struct flow) { .to = l->to, .columns = l->columns, .indent = indent };
}

static void put_times(const char *character, size_t times, FILE *to)
{
	while (times--)
		fputs(character, to);
}

/* ---- headings ---- */

static void print_heading(const struct layout *l)
{
	const struct timeline *t = l->timeline;
	struct flow flow = flow_of(l, 0);
	char id[CASE_ID_MAX];

	flow_add(&flow, "%s", describe_title(t, id));
	flow_add(&flow, "on %s", t->host);
	flow_add(&flow, "%u member%s", t->team, t->team == 1 ? "" : "s");
	if (t->spec->variant == SEQUENTIAL && !t->units)
		flow_add(&flow, "all units in one call, without a fork");
	else if (!t->units)
		flow_add(&flow, "regions recorded");
	else if (isnan(t->units_cost))
		flow_add(&flow, "units recorded, at an unknown cost");
	else
		flow_add(&flow, "units recorded, which takes %+.1f %%", 100 * t->units_cost);
	flow_end(&flow);
}

static void print_region_heading(const struct layout *l, size_t r, const struct span *span)
{
	struct flow flow = flow_of(l, 0);
	char time[QUANTITY_TEXT];

	fputc('\n', l->to);
	time_print((double)span_ns(span), time);
	if (l->timeline->places)
		flow_add(&flow, "%s: %s", l->timeline->places[l->timeline->place_of[r]], time);
	else
		flow_add(&flow, "region %zu, %s: %s", r + 1,
			l->timeline->cold && !r ? "cold" : "warm", time);
	if (l->timeline->count > 1 && !l->shared_ns)
		flow_add(&flow, "on a scale of its own");
	if (l->per_line > 1)
		flow_add(&flow, "a line is %u members", l->per_line);
	flow_end(&flow);
}

/* ---- the axis, and the caller's line ---- */

/* Ticks in one region's scale. */
struct axis {
	const struct time_unit *unit;
	double step; /* in units */
	int places;
	unsigned ticks;          /* 0 among them */
	double columns_per_tick; /* from the column of t_fork */
};

static struct axis axis_of(const struct layout *l, uint64_t scale_ns)
{
	enum { COLUMNS_A_TICK = 10, LEAST_TICKS = 2 };
	const size_t ticks = l->bar / COLUMNS_A_TICK;
	const double ns = (double)(scale_ns ? scale_ns : 1);
	struct axis axis = { .unit = time_unit_for(ns) };

	axis.step = time_step(
		ns, ticks < LEAST_TICKS ? LEAST_TICKS : (unsigned)ticks, axis.unit, &axis.places);
	const double step_ns = axis.step * axis.unit->ns;
	axis.ticks = 1 + (unsigned)(ns / step_ns * (1 + 1e-9));
	axis.columns_per_tick = (double)(l->bar + 1) * step_ns / ns;
	return axis;
}

static size_t tick_column(const struct axis *axis, unsigned tick)
{
	return (size_t)lround(tick * axis->columns_per_tick);
}

/* Numbers centred above their ticks, the unit behind the last: above the fields there is room. */
static void print_tick_labels(const struct layout *l, const struct axis *axis)
{
	size_t at = 0;
	char text[LABEL_TEXT];

	fprintf(l->to, "%*s", (int)l->label, "");
	for (unsigned t = 0; t < axis->ticks; t++) {
		const bool last = t + 1 == axis->ticks;
		const int digits =
			snprintf(text, sizeof(text), "%.*f", axis->places, t * axis->step);
		const size_t half = (size_t)digits / 2, tick = tick_column(axis, t);
		snprintf(text + digits, sizeof(text) - (size_t)digits, "%s%s", last ? " " : "",
			last ? axis->unit->name : "");
		const size_t begin = tick > half ? tick - half : 0;
		if (t && begin <= at)
			continue;
		fprintf(l->to, "%*s%s", (int)(begin - at), "", text);
		at = begin + display_width(text);
	}
	fputc('\n', l->to);
}

static void print_ruler(const struct layout *l, const struct axis *axis)
{
	unsigned tick = 1;

	fprintf(l->to, "%*s├", (int)l->label, "");
	for (size_t c = 1; c <= l->bar + 1; c++) {
		const bool here = tick < axis->ticks && tick_column(axis, tick) == c;
		fputs(here ? "┴" : "─", l->to);
		tick += here;
	}
	fields_print_names(&l->fields, l->to);
	fputc('\n', l->to);
}

/* It comes, forks, is a member among others, joins and goes on. */
static void print_caller(const struct layout *l, size_t width)
{
	static const char name[] = "caller ", fork[] = " t_fork", join[] = "t_join ";
	const size_t names = sizeof(fork) - 1 + sizeof(join) - 1;
	const bool named = width > names;

	fputs(l->words ? name : "", l->to);
	put_times("━", l->label - (l->words ? sizeof(name) - 1 : 0), l->to);
	fprintf(l->to, "┓%s%*s%s┏", named ? fork : "", (int)(named ? width - names : width), "",
		named ? join : "");
	put_times("━", l->bar - width, l->to);
	put_times("━", l->fields.total < 4 ? l->fields.total : 4, l->to);
	fputc('\n', l->to);
}

/* ---- members ---- */

/* The words on a bar, a character a column; 0: there the bar is seen. */
struct words {
	char at[BAR_MAX];
};

/* Column by column; words in the colour of what they are on, turned round. */
static void put_bar(const struct layout *l, const struct bar *bar, const struct words *words)
{
	for (size_t c = 0; c < bar->width; c++) {
		const struct look *look = &looks[bar->cells[c]];
		const bool word = words->at[c], before = c && words->at[c - 1];
		if (l->colour && (!c || bar->cells[c] != bar->cells[c - 1] || word != before))
			fprintf(l->to, "\033[0;%s%sm", word ? "7;" : "", look->colour);
		if (word)
			fputc(words->at[c], l->to);
		else
			fputs(look->character, l->to);
	}
	if (l->colour)
		fputs("\033[0m", l->to);
}

/* In the middle of [begin, end): number, kernel and size of a task, as much of it as there is room for. */
static void put_words(struct words *words, size_t begin, size_t end, const char *name)
{
	const size_t room = end - begin;
	size_t length = strlen(name);

	if (length + 2 > room)
		length = strcspn(name, "/");
	if (length + 2 > room)
		length = strcspn(name, " ");
	if (length + 2 > room)
		return;
	char *at = &words->at[begin + (room - length - 2) / 2];
	at[0] = at[length + 1] = ' ';
	memcpy(at + 1, name, length);
}

/* What a member did of a task without a gap that can be seen bears one name. */
static void name_tasks(struct words *words, const struct layout *l, const struct span *span,
	unsigned member, size_t width)
{
	const struct member_record *m = &span->region->members[member];
	char name[DESCRIPTION_MAX];
	size_t next;

	for (size_t u = 0; u < m->kept; u = next) {
		const double begin = bar_position(span, width, m->kept_units[u].begin_ns);
		double end = begin;
		for (next = u; next < m->kept; next++) {
			const struct unit_record *unit = &m->kept_units[next];
			if (unit->unit != m->kept_units[u].unit ||
				bar_position(span, width, unit->begin_ns) > end + 1)
				break;
			end = bar_position(span, width, unit->end_ns);
		}
		put_words(words, (size_t)ceil(begin), (size_t)fmax(ceil(begin), floor(end)),
			describe_unit(l->timeline, m->kept_units[u].unit, name));
	}
}

static void print_line(
	const struct layout *l, const struct span *span, const struct group *group, size_t width)
{
	const bool last = group->end == l->timeline->team;
	struct bar bar = { .width = width }, other = { .width = width };
	struct words words = { "" };
	char label[LABEL_TEXT];

	bar_draw(&bar, span, group->first, l->units);
	for (unsigned m = group->first + 1; m < group->end; m++) {
		bar_draw(&other, span, m, l->units);
		bar_merge(&bar, &other);
	}
	if (l->timeline->tasks && l->units)
		name_tasks(&words, l, span, group->first, width);
	print_label(l, group, label);
	fprintf(l->to, "%s%*s%s", label, (int)(l->label - display_width(label)), "",
		last ? "┗" : "┣");
	put_bar(l, &bar, &words);
	fputs(last ? "┛" : "┫", l->to);
	if (l->fields.total)
		fprintf(l->to, "%*s", (int)(l->bar - width), "");
	fields_print(&l->fields, group, l->to);
	fputc('\n', l->to);
}

/* ---- numbers ---- */

static void add_mean(struct flow *flow, const char *name, double ns, double of_ns)
{
	char time[QUANTITY_TEXT];

	time_print(ns, time);
	if (of_ns > 0)
		flow_add(flow, "%s %s (%.1f %%)", name, time, 100 * ns / of_ns);
	else
		flow_add(flow, "%s %s", name, time);
}

/* What is to be known of single members, where a line may hide it. */
static void add_members(struct flow *flow, const struct layout *l, const struct span *span)
{
	const struct member_record *members = span->region->members;
	uint64_t units = 0, kept = 0;
	unsigned moved = 0;
	char time[QUANTITY_TEXT];

	for (unsigned m = 0; m < span->team; m++) {
		units += members[m].units;
		kept += members[m].kept;
		moved += member_moved(&members[m]);
	}
	if (span->team > 1) {
		const uint64_t start_ns = members[span->last_to_start].start_ns;
		flow_add(flow, "last to start: member %u, at %s", span->last_to_start,
			time_print((double)(start_ns - span->region->fork_ns), time));
		flow_add(flow, "last to complete: member %u", span->last_to_complete);
	}
	if (moved)
		flow_add(flow, "%u member%s changed CPU", moved, moved == 1 ? "" : "s");
	if (l->timeline->units && kept < units)
		flow_add(flow, "only %" PRIu64 " of %" PRIu64 " units were kept", kept, units);
}

static void print_numbers(const struct layout *l, const struct span *span)
{
	const struct means means = span_means(span);
	const double length_ns = (double)span_ns(span);
	struct flow flow = flow_of(l, 2);

	if (length_ns > 0)
		flow_add(&flow, "at work %.1f %%", 100 * means.work_ns / length_ns);
	add_mean(&flow, "fork", means.fork_ns, length_ns);
	add_mean(&flow, "wait", means.wait_ns, length_ns);
	add_mean(&flow, "join", means.join_ns, length_ns);
	if (l->timeline->spec->variant == GLOBAL_LOCK)
		add_mean(&flow, "at work without the lock", means.aside_ns, length_ns);
	if (l->timeline->spec->variant == EVENT_LOOP)
		add_mean(&flow, "at work, having yielded", means.aside_ns, length_ns);
	if (l->timeline->units)
		add_mean(&flow, "of that between units", means.between_ns, length_ns);
	add_members(&flow, l, span);
	flow_end(&flow);
}

/* ---- all of it ---- */

static void print_region(const struct layout *l, size_t r)
{
	const struct span span = span_of(&l->timeline->regions[r], l->timeline->team);
	const uint64_t scale_ns = l->shared_ns ? l->shared_ns : span_ns(&span);
	const struct axis axis = axis_of(l, scale_ns);
	const double part = scale_ns ? (double)span_ns(&span) / (double)scale_ns : 1;
	const size_t cells = (size_t)lround(part * (double)l->bar), width = cells ? cells : 1;

	print_region_heading(l, r, &span);
	print_tick_labels(l, &axis);
	print_ruler(l, &axis);
	print_caller(l, width);
	for (unsigned m = 0; m < l->timeline->team; m += l->per_line) {
		const struct group group = group_at(l, span.region, m);
		print_line(l, &span, &group, width);
	}
	print_numbers(l, &span);
}

static void add_look(struct flow *flow, const struct layout *l, enum cell cell, const char *means)
{
	const struct look *look = &looks[cell];

	if (l->colour)
		flow_add(flow, "\033[%sm%s\033[0m %s", look->colour, look->character, means);
	else
		flow_add(flow, "%s %s", look->character, means);
}

static void print_legend(const struct layout *l)
{
	struct flow flow = flow_of(l, 0);

	fputc('\n', l->to);
	add_look(&flow, l, CELL_FORK, "fork latency");
	add_look(&flow, l, CELL_WORK, "work");
	if (l->units) {
		add_look(&flow, l, CELL_OTHER, "every other unit");
		add_look(&flow, l, CELL_BETWEEN, "between units");
	}
	add_look(&flow, l, CELL_WAIT, "wait for the last");
	add_look(&flow, l, CELL_JOIN, "join");
	if (l->per_line > 1)
		add_look(&flow, l, CELL_MIXED, "members differ");
	flow_end(&flow);
	flow_add(&flow, "a character shows its longest phase");
	flow_add(&flow, "at work: of the members' time, from start to completion");
	flow_add(&flow, "fork, wait: means over the members");
	if (l->timeline->waits)
		flow_add(&flow, "this kernel's units wait for answers, which is part of work here");
	flow_end(&flow);
}

int timeline_print_text(const struct timeline *timeline, unsigned columns, bool colour, FILE *to)
{
	const struct layout layout = lay_out(timeline, columns, colour, to);

	print_heading(&layout);
	for (size_t r = 0; r < timeline->count; r++)
		print_region(&layout, r);
	print_legend(&layout);
	const int error = memory_print(timeline, LINES_MAX, to);
	return error ? error : ferror(to) ? -EIO : 0;
}
