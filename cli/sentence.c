#include "sentence.h"

#include <inttypes.h>
#include <stdio.h>

#include "grid.h"
#include "launch.h"
#include "quantity.h"

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
	char more[QUANTITY_TEXT];

	fprintf(to, "as the work took %s longer than sequentially (",
		percent_print(l->parts[LOSS_INFLATION] / l->sequential, more));
	if (l->crowded)
		fputs("members took turns on the CPUs", to);
	else if (d->remedy == REMEDY_GRAIN)
		fprintf(to, "in units of %s", duration_print(l->busy / losses_units(l), more));
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
	char each[QUANTITY_TEXT];

	fprintf(to, "dealing out units, at %s each",
		duration_print(l->parts[LOSS_DISPATCH] / losses_units(l), each));
}

static void tell_wait(const struct diagnosis *d, const struct case_spec *spec, FILE *to)
{
	char more[QUANTITY_TEXT];

	if (!d->one_member) {
		fputs("waiting, now for one member, now for another", to);
		return;
	}
	fprintf(to, "waiting for member %u, ", d->last);
	if (d->why_last == LATE_ASIDE)
		fprintf(to, "whose turns came %s later than the mean",
			duration_print(d->excess, more));
	else if (d->why_last == LATE_START)
		fprintf(to, "which started %s after the mean", duration_print(d->excess, more));
	else if (d->why_last == LATE_MORE_UNITS)
		fprintf(to, "which did %s more %ss than the mean", percent_print(d->excess, more),
			unit_of(spec));
	else
		fprintf(to, "whose %ss cost %s more than the mean", unit_of(spec),
			percent_print(d->excess, more));
}

static void tell_aside(const struct losses *l, FILE *to)
{
	fputs(l->aside == LOSS_LOCK ? "waiting for the lock" : "while other tasks had the thread",
		to);
}

static void tell_region(const struct losses *l, FILE *to)
{
	const double taken = l->parts[LOSS_FORK] + l->parts[LOSS_JOIN];
	char cost[QUANTITY_TEXT], region[QUANTITY_TEXT];

	fprintf(to, "to fork and join, %s of a region of %s", duration_print(taken / l->team, cost),
		duration_print(l->total / l->team, region));
}

static void tell_remedy(const struct diagnosis *d, FILE *to)
{
	char schedule[SCHEDULE_TEXT], less[QUANTITY_TEXT];

	switch (d->remedy) {
	case REMEDY_MEASURED:
		fprintf(to, ": %s took %s less time", schedule_print(d->schedule, schedule),
			percent_print(d->less, less));
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
	case REMEDY_PARALLEL:
		fputs(": pthread and pool let members compute at once", to);
		break;
	case REMEDY_NONE:
		break;
	}
}

static const char *whose_time(const struct losses *l)
{
	return l->aside == LOSS_YIELD ? "tasks" : l->crowded ? "threads" : "cores";
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
	case TOLL_ASIDE:
		tell_aside(l, to);
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
	char lost[QUANTITY_TEXT], less[QUANTITY_TEXT];

	if (d->little) {
		fprintf(to, "little was lost, %s", percent_print(d->lost, lost));
	} else {
		fprintf(to, "%s of the %s' time was lost, %s ", percent_print(d->lost, lost),
			whose_time(l), how_much_of_it(d->worst_share));
		tell_worst(l, d, spec, to);
	}
	tell_remedy(d, to);
	if (d->gained >= worth_telling)
		fprintf(to, "; the work took %s less time than sequentially",
			percent_print(-l->parts[LOSS_INFLATION] / l->sequential, less));
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
