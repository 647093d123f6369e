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
		.told = total > done ? 10 * done / total : 0,
		.begin_ns = clock_monotonic_ns(),
		.terminal = isatty(STDERR_FILENO),
		.plain = plain,
	};
}

static unsigned seconds_left(const struct progress *p)
{
	const uint64_t spent = clock_monotonic_ns() - p->begin_ns;

	return (unsigned)((double)spent / (double)(p->done - p->before) *
			(double)(p->total - p->done) / 1e9 +
		0.5);
}

/* "12/864 launches, 1 %, about 3:20 left", or "901 launches, 12 cases are not precise yet" */
static void print_state(const struct progress *p)
{
	if (p->open) {
		fprintf(stderr, "%zu launches, %zu case%s not precise yet", p->done, p->open,
			p->open == 1 ? " is" : "s are");
		return;
	}
	fprintf(stderr, "%zu/%zu launches, %zu %%", p->done, p->total, 100 * p->done / p->total);
	if (p->done > p->before && p->done < p->total) {
		const unsigned left = seconds_left(p);
		fprintf(stderr, ", about %u:%02u left", left / 60, left % 60);
	}
}

static void print_line(const struct progress *p)
{
	if (p->terminal || !p->plain)
		return;
	fputs("tine: ", stderr);
	print_state(p);
	fputc('\n', stderr);
}

void progress_refine(struct progress *p, size_t open)
{
	const bool news = open != p->open;

	p->open = open;
	if (news)
		print_line(p);
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

void progress_step(struct progress *p, const struct launch_record *launch)
{
	p->done++;
	if (launch->status != LAUNCH_OK)
		tell_failure(p, launch);
	if (p->open || 10 * p->done / p->total == p->told)
		return;
	p->told = 10 * p->done / p->total;
	print_line(p);
}

void progress_end(struct progress *p)
{
	if (p->terminal)
		fputs(clear_line, stderr);
}
