#include "timeline/bar.h"

#include <math.h>
#include <string.h>

/* How much of each cell, 0 to 1, goes to what. */
struct shares {
	const struct span *span;
	size_t width;
	float of[BAR_MAX][CELLS];
};

double bar_position(const struct span *span, size_t width, uint64_t ns)
{
	const uint64_t origin_ns = span->region->fork_ns, length_ns = span_ns(span);
	const double per_ns = (double)width / (double)(length_ns ? length_ns : 1);
	const double x = ns > origin_ns ? (double)(ns - origin_ns) * per_ns : 0;

	return fmin(x, (double)width);
}

static double position(const struct shares *shares, uint64_t ns)
{
	return bar_position(shares->span, shares->width, ns);
}

static void add(struct shares *shares, uint64_t begin_ns, uint64_t end_ns, enum cell what)
{
	const double begin = position(shares, begin_ns), end = position(shares, end_ns);

	for (size_t c = (size_t)begin; c < shares->width && (double)c < end; c++)
		shares->of[c][what] += (float)(fmin(end, (double)c + 1) - fmax(begin, (double)c));
}

/* Whether units take two cells or more, on average. */
static bool can_be_told_apart(const struct shares *shares, const struct member_record *member)
{
	uint64_t kept_ns = 0;

	for (size_t u = 0; u < member->kept; u++)
		kept_ns += member->kept_units[u].end_ns - member->kept_units[u].begin_ns;
	const uint64_t origin_ns = shares->span->region->fork_ns;
	return position(shares, origin_ns + kept_ns) >= 2 * (double)member->kept;
}

static void add_units(struct shares *shares, const struct member_record *member)
{
	const bool apart = can_be_told_apart(shares, member);
	uint64_t at_ns = member->start_ns;

	for (size_t u = 0; u < member->kept; u++) {
		const struct unit_record *unit = &member->kept_units[u];
		add(shares, at_ns, unit->begin_ns, CELL_BETWEEN);
		add(shares, unit->begin_ns, unit->end_ns, apart && u % 2 ? CELL_OTHER : CELL_WORK);
		at_ns = unit->end_ns;
	}
	add(shares, at_ns, member->complete_ns,
		member->kept < member->units ? CELL_WORK : CELL_BETWEEN);
}

static enum cell largest(const float of[CELLS])
{
	const float body = of[CELL_WORK] + of[CELL_OTHER];
	enum cell most = CELL_FORK;

	for (enum cell what = CELL_BETWEEN; what < CELL_MIXED; what++)
		if (of[what] > of[most])
			most = what;
	if (body <= of[most])
		return most;
	return of[CELL_OTHER] > of[CELL_WORK] ? CELL_OTHER : CELL_WORK;
}

void bar_draw(struct bar *bar, const struct span *span, unsigned member, bool units)
{
	const struct member_record *m = &span->region->members[member];
	struct shares shares = { .span = span, .width = bar->width };

	add(&shares, span->region->fork_ns, m->start_ns, CELL_FORK);
	if (units)
		add_units(&shares, m);
	else
		add(&shares, m->start_ns, m->complete_ns, CELL_WORK);
	add(&shares, m->complete_ns, span->last_ns, CELL_WAIT);
	add(&shares, span->last_ns, span->region->join_ns, CELL_JOIN);
	for (size_t c = 0; c < bar->width; c++)
		bar->cells[c] = largest(shares.of[c]);
}

static bool is_work(enum cell cell)
{
	return cell == CELL_WORK || cell == CELL_OTHER;
}

void bar_merge(struct bar *bar, const struct bar *other)
{
	for (size_t c = 0; c < bar->width; c++) {
		const enum cell a = bar->cells[c], b = other->cells[c];
		if (is_work(a) && is_work(b))
			bar->cells[c] = CELL_WORK;
		else if (a != b)
			bar->cells[c] = CELL_MIXED;
	}
}
