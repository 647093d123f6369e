#include "sentence.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "grid.h"
#include "launch.h"
#include "tables.h"

enum { PHRASE_TEXT = 48 };

/* "38 %", "7.6 %". Returns text. */
static char *percent(double share, char text[PHRASE_TEXT])
{
	snprintf(text, PHRASE_TEXT, "%.*f %%", fabs(share) < 0.0995 ? 1 : 0, 100 * share);
	return text;
}

/* "17.3 µs". Returns text. */
static char *duration(double seconds, char text[PHRASE_TEXT])
{
	const struct time_unit *unit = unit_for(fabs(seconds));

	snprintf(text, PHRASE_TEXT, "%.3g %s", seconds / unit->seconds, unit->name);
	return text;
}

static const char *how_much_of_it(double share)
{
	return share >= 0.9 ? "nearly all of it" : share >= 0.5 ? "most of it" : "the largest part";
}

/* What a unit is to a reader: "row" where it is one, else "unit". */
static const char *unit_of(const struct case_spec *spec)
{
	const struct kernel *kernel = launch_kernel(spec->kernel);

	return kernel && spec->grain == 1 ? kernel->element : "unit";
}

/* Whether each member has its units at once, so that there is next to no dispatch. */
static bool in_blocks(struct schedule schedule)
{
	return schedule.kind == SCHEDULE_AUTO ||
		(schedule.kind == SCHEDULE_STATIC && !schedule.chunk);
}

static void tell_body(
	const struct losses *l, const struct diagnosis *d, const struct case_spec *spec, FILE *to)
{
	char more[PHRASE_TEXT];

	fprintf(to, "as the work took %s longer than sequentially (",
		percent(l->parts[LOSS_INFLATION] / l->sequential, more));
	if (l->crowded)
		fputs("members took turns on the CPUs", to);
	else if (d->remedy == REMEDY_GRAIN)
		fprintf(to, "in units of %s", duration(l->busy / losses_units(l), more));
	else if (l->team == 1)
		fputs("where one call does it, not one a unit", to);
	else if (l->has_dispatch || in_blocks(spec->schedule))
		fputs("memory, caches or frequency", to);
	else
		fputs("memory, caches, frequency, or dispatch, which was not recorded", to);
	fputc(')', to);
}

static void tell_dispatch(const struct losses *l, FILE *to)
{
	char each[PHRASE_TEXT];

	fprintf(to, "dealing out units, at %s each",
		duration(l->parts[LOSS_DISPATCH] / losses_units(l), each));
}

static void tell_wait(const struct diagnosis *d, const struct case_spec *spec, FILE *to)
{
	char more[PHRASE_TEXT];

	if (!d->one_member) {
		fputs("waiting, now for one member, now for another", to);
		return;
	}
	fprintf(to, "waiting for member %u, ", d->last);
	if (d->why_last == LATE_START)
		fprintf(to, "which started %s after the mean", duration(d->excess, more));
	else if (d->why_last == LATE_MORE_UNITS)
		fprintf(to, "which did %s more %ss than the mean", percent(d->excess, more),
			unit_of(spec));
	else
		fprintf(to, "whose %ss cost %s more than the mean", unit_of(spec),
			percent(d->excess, more));
}

static void tell_region(const struct losses *l, FILE *to)
{
	const double taken = l->parts[LOSS_FORK] + l->parts[LOSS_JOIN];
	char cost[PHRASE_TEXT], region[PHRASE_TEXT];

	fprintf(to, "to fork and join, %s of a region of %s", duration(taken / l->team, cost),
		duration(l->total / l->team, region));
}

static void tell_remedy(const struct diagnosis *d, FILE *to)
{
	char schedule[SCHEDULE_TEXT], less[PHRASE_TEXT];

	switch (d->remedy) {
	case REMEDY_MEASURED:
		fprintf(to, ": %s took %s less time", schedule_print(d->schedule, schedule),
			percent(d->less, less));
		break;
	case REMEDY_SCHEDULE:
		fprintf(to, ": try %s", schedule_print(d->schedule, schedule));
		break;
	case REMEDY_GRAIN:
		fprintf(to, ": try --grain %" PRIu64, d->grain);
		break;
	case REMEDY_POOL:
		fputs(": try pool, whose threads persist", to);
		break;
	case REMEDY_MORE_WORK:
		fputs(": put more work into a region", to);
		break;
	case REMEDY_FEWER_THREADS:
		fputs(": try no more threads than there are CPUs", to);
		break;
	case REMEDY_NONE:
		break;
	}
}

static void tell_worst(
	const struct losses *l, const struct diagnosis *d, const struct case_spec *spec, FILE *to)
{
	switch (d->worst) {
	case TOLL_BODY:
		tell_body(l, d, spec, to);
		break;
	case TOLL_DISPATCH:
		tell_dispatch(l, to);
		break;
	case TOLL_WAIT:
		tell_wait(d, spec, to);
		break;
	default:
		tell_region(l, to);
	}
}

static void tell(
	const struct losses *l, const struct diagnosis *d, const struct case_spec *spec, FILE *to)
{
	const double worth_telling = 0.02;
	char lost[PHRASE_TEXT], less[PHRASE_TEXT];

	if (d->little) {
		fprintf(to, "little was lost, %s", percent(d->lost, lost));
	} else {
		fprintf(to, "%s of the %s' time was lost, %s ", percent(d->lost, lost),
			l->crowded ? "threads" : "cores", how_much_of_it(d->worst_share));
		tell_worst(l, d, spec, to);
	}
	tell_remedy(d, to);
	if (d->gained >= worth_telling)
		fprintf(to, "; the work took %s less time than sequentially",
			percent(-l->parts[LOSS_INFLATION] / l->sequential, less));
}

char *sentence_print(const struct losses *losses, const struct diagnosis *diagnosis,
	const struct case_spec *spec, char text[SENTENCE_TEXT])
{
	FILE *to = fmemopen(text, SENTENCE_TEXT, "w");

	if (to) {
		tell(losses, diagnosis, spec, to);
		fclose(to);
	} else {
		no_memory("a sentence");
	}
	text[SENTENCE_TEXT - 1] = 0;
	return text;
}
