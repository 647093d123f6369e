#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#include "clock.h"

static const char clear_line[] = "\r\033[K";

enum { FAILURES_TOLD = 5 };

void progress_init(struct progress *p, size_t total, size_t done, bool plain)
{
	*p = (struct progress) {
		.total = total > done ? total : done,
		.done = done,
		.before = done,
		.told = total > done ? 10 * done / total : 10,
		.begin_ns = clock_monotonic_ns(),
		.terminal = isatty(STDERR_FILENO),
		.plain = plain,
	};
}

void progress_extend(struct progress *p, size_t more)
{
	p->total = p->done + more;
	p->told = 10;
}

static unsigned seconds_left(const struct progress *p)
{
	const uint64_t spent = clock_monotonic_ns() - p->begin_ns;

	return (unsigned)((double)spent / (double)(p->done - p->before) *
			(double)(p->total - p->done) / 1e9 +
		0.5);
}

/* "12/864, 1 %, about 3:20 left" */
static void print_state(const struct progress *p)
{
	fprintf(stderr, "%zu/%zu launches, %zu %%", p->done, p->total, 100 * p->done / p->total);
	if (p->done > p->before && p->done < p->total) {
		const unsigned left = seconds_left(p);
		fprintf(stderr, ", about %u:%02u left", left / 60, left % 60);
	}
}

void progress_show(struct progress *p, const struct case_spec *now)
{
	char id[CASE_ID_MAX];

	if (!p->terminal)
		return;
	fputs(clear_line, stderr);
	print_state(p);
	fprintf(stderr, "  %.60s", case_print(now, id));
}

/* The first few at once; every one is in the table too. */
static void tell_failure(struct progress *p, const struct launch_record *launch)
{
	char id[CASE_ID_MAX];

	if (++p->failures > FAILURES_TOLD)
		return;
	fprintf(stderr, "%stine: %s: %s: %s\n", p->terminal ? clear_line : "",
		case_print(&launch->spec, id), launch_status_name(launch->status), launch->why);
	if (p->failures == FAILURES_TOLD)
		fputs("tine: further failures are in the table\n", stderr);
}

/* Whether this launch completes another tenth; of rounds for precision, the whole of one. */
static bool tenth_reached(struct progress *p)
{
	const size_t tenth = 10 * p->done / p->total;
	const bool reached = p->told < 10 ? tenth > p->told : p->done == p->total;

	if (p->told < 10)
		p->told = tenth;
	return reached;
}

void progress_step(struct progress *p, const struct launch_record *launch)
{
	p->done++;
	if (launch->status != LAUNCH_OK)
		tell_failure(p, launch);
	if (p->terminal || !p->plain || !tenth_reached(p))
		return;
	fputs("tine: ", stderr);
	print_state(p);
	fputc('\n', stderr);
}

void progress_end(struct progress *p)
{
	if (p->terminal)
		fputs(clear_line, stderr);
}
