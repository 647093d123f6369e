#include "advice.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "grid.h"
#include "launch.h"
#include "quantity.h"

static const double worth_telling = 0.02; /* a loss, of p E */

static struct schedule schedule_of(const struct choice_group *group, size_t trial)
{
	return group->trials.all[trial].spec.schedule;
}

/* ---- why ---- */

static void tell_percent(double share, FILE *to)
{
	char text[QUANTITY_TEXT];

	fputs(percent_print(share, text), to);
}

/* What is saved at these ratios: "12 % less time than static (11 – 13 %)". */
static void tell_saving(const struct estimate *ratio, const char *than, FILE *to)
{
	const double less = 1 - ratio->median;

	tell_percent(fabs(less), to);
	fprintf(to, " %s time than %s", less < 0 ? "more" : "less", than);
	if (!ratio->interval)
		return;
	fputs(less < 0 ? " (less: " : " (", to);
	tell_percent(1 - ratio->high, to);
	fputs(" to ", to);
	tell_percent(1 - ratio->low, to);
	fputs(")", to);
}

/* What plain static lost most to of what another schedule can mend. */
static void tell_losses_of_static(const struct choice_group *group, FILE *to)
{
	const size_t plain = trials_static(&group->trials);
	const struct choice_line *line = &group->lines[plain];

	if (!line->has_losses || choice_line_share(line, LOSS_WAIT) < worth_telling)
		return;
	fputs(", of whose time the cores spent ", to);
	tell_percent(choice_line_share(line, LOSS_WAIT), to);
	fputs(" waiting", to);
}

static void tell_gain(const struct choice_group *group, FILE *to)
{
	const struct choice *c = &group->choice;

	if (c->to_static.known) {
		fputs("takes ", to);
		tell_saving(&c->to_static.ratio, "static", to);
		tell_losses_of_static(group, to);
	} else {
		fputs("was the fastest", to);
	}
}

/* Launches that differ very much can hide a large difference. */
static void tell_doubt(const struct choice_group *group, FILE *to)
{
	const struct estimate *ratio =
		&group->choice.rows[group->choice.recommended].to_fastest.ratio;
	const double doubtful = 1.05;

	if (!ratio->interval || ratio->high <= doubtful)
		return;
	fputs("; but launches differ so much that it may be ", to);
	tell_percent(ratio->high - 1, to);
	fputs(" slower than the fastest", to);
}

static void tell_static(const struct choice_group *group, FILE *to)
{
	const struct choice *c = &group->choice;
	char schedule[SCHEDULE_TEXT];

	if (c->recommended == c->fastest) {
		fputs("was the fastest, and is the simplest", to);
		return;
	}
	schedule_print(schedule_of(group, c->fastest), schedule);
	fprintf(to, "cannot be told from the fastest, %s (ratio %.3f), and is the simplest",
		schedule, c->rows[c->recommended].to_fastest.ratio.median);
	tell_doubt(group, to);
}

static void tell_too_few(const struct choice_group *group, FILE *to)
{
	const struct choice *c = &group->choice;
	char schedule[SCHEDULE_TEXT];

	fprintf(to,
		"cannot be told: it takes %zu undisturbed launches, and of the fastest, %s, there "
		"are %u",
		c->needed, schedule_print(schedule_of(group, c->fastest), schedule),
		group->trials.all[c->fastest].launches);
	if (c->recommended < c->count && c->recommended != c->fastest)
		fprintf(to, ", %zu of them beside static",
			c->rows[c->recommended].to_fastest.common);
	if (c->recommended < c->count)
		fputs("; until then take static, the simplest", to);
}

static void tell_nothing(const struct choice_group *group, FILE *to)
{
	fputs("cannot be told: no launch counts", to);
	if (group->choice.recommended < group->choice.count)
		fputs("; until then take static, the simplest", to);
}

static void tell_simplest(const struct choice_group *group, FILE *to)
{
	const struct choice *c = &group->choice;
	const struct schedule chosen = schedule_of(group, c->recommended);

	tell_gain(group, to);
	fprintf(to, "; of %zu that cannot be told apart it %s", c->tied,
		chosen.kind == SCHEDULE_STATIC ? "needs no dispatch" : "has the largest chunk");
	tell_doubt(group, to);
}

static void tell_alone(const struct choice_group *group, FILE *to)
{
	tell_gain(group, to);
	fputs("; no other is tied with it", to);
}

char *advice_reason(const struct choice_group *group)
{
	static void (*const tell[])(const struct choice_group *, FILE *) = {
		[REASON_NOTHING] = tell_nothing,
		[REASON_TOO_FEW] = tell_too_few,
		[REASON_STATIC] = tell_static,
		[REASON_ALONE] = tell_alone,
		[REASON_SIMPLEST] = tell_simplest,
	};
	char *text = NULL;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	if (to)
		tell[group->choice.reason](group, to);
	if (!to || fclose(to))
		no_memory("a sentence");
	return text;
}

/* ---- how to write it ---- */

static void print_clause(struct schedule schedule, uint64_t times, FILE *to)
{
	fprintf(to, "schedule(%s", schedule_kind_name(schedule.kind));
	if (schedule.chunk)
		fprintf(to, ", %" PRIu64, schedule.chunk * times);
	fputc(')', to);
}

/* Chunks count units, which are iterations of the loop only where a unit is one element. */
static void print_openmp(const struct case_spec *spec, FILE *to)
{
	char text[SCHEDULE_TEXT];

	fprintf(to, "OMP_SCHEDULE=\"%s\" with schedule(runtime), or ",
		schedule_print(spec->schedule, text));
	print_clause(spec->schedule, 1, to);
	if (spec->schedule.chunk && spec->grain > 1) {
		const struct kernel *kernel = launch_kernel(spec->kernel);
		fputs(", over units; over single ", to);
		fprintf(to, "%ss ", kernel ? kernel->element : "element");
		print_clause(spec->schedule, spec->grain, to);
	}
}

static void print_how(const struct case_spec *spec, FILE *to)
{
	char text[SCHEDULE_TEXT];

	if (spec->variant == OPENMP)
		print_openmp(spec, to);
	else
		fprintf(to, "tine run %s --variant %s --schedule %s", spec->kernel,
			variant_name(spec->variant), schedule_print(spec->schedule, text));
}

void advice_print_sentence(const struct choice_group *group, FILE *to)
{
	const struct choice *c = &group->choice;
	char *reason = advice_reason(group), text[SCHEDULE_TEXT];

	if (choice_tells(c))
		fprintf(to, "%s ", schedule_print(schedule_of(group, c->recommended), text));
	else
		fputs("which schedule is best ", to);
	fprintf(to, "%s.\n", reason);
	free(reason);
}

void advice_print(const struct choice_group *group, enum format format, FILE *to)
{
	const bool markdown = format == FORMAT_MARKDOWN;
	const struct choice *c = &group->choice;

	fprintf(to, "%s%s: ", markdown ? "" : "  ",
		variant_name(group->trials.all[0].spec.variant));
	advice_print_sentence(group, to);
	if (c->recommended == c->count)
		return;
	fputs(markdown ? "\n```\n" : "    ", to);
	print_how(&group->trials.all[c->recommended].spec, to);
	fputs(markdown ? "\n```\n" : "\n", to);
}
