#include <math.h>
#include <stdlib.h>

#include "grid.h"
#include "lessons/lesson.h"

enum { NUMBER_TEXT = 32, BOUND_TEXT = 96 };

/* "1.97", "0.0041" */
static const char *number(double value, char text[NUMBER_TEXT])
{
	snprintf(text, NUMBER_TEXT, value < 0.1 ? "%.2g" : value < 100 ? "%.2f" : "%.0f", value);
	return text;
}

static void print_value(const struct study *study, size_t at, const char *verb, FILE *to)
{
	const struct estimate *value = &study->claims[at].value;
	char median[NUMBER_TEXT], low[NUMBER_TEXT], high[NUMBER_TEXT];

	fprintf(to, "%s %s%s", study->stated[at]->what, verb, number(value->median, median));
	if (value->interval)
		fprintf(to, " (%s – %s)", number(value->low, low), number(value->high, high));
}

/* "at most 1.10", "at least 1.25", "from 0.90 to 1.10" */
static const char *bounds(const struct claim *claim, char text[BOUND_TEXT])
{
	char least[NUMBER_TEXT], most[NUMBER_TEXT];

	number(claim->least, least);
	number(claim->most, most);
	if (isinf(claim->most))
		snprintf(text, BOUND_TEXT, "at least %s", least);
	else if (claim->least > 0)
		snprintf(text, BOUND_TEXT, "from %s to %s", least, most);
	else
		snprintf(text, BOUND_TEXT, "at most %s", most);
	return text;
}

static void print_shown(const struct study *study, FILE *to)
{
	fprintf(to, "Shown: %s: ", study->lesson->shown);
	for (size_t c = 0; c < study->claim_count; c++) {
		fputs(!c ? "" : c + 1 == study->claim_count ? " and " : ", ", to);
		print_value(study, c, "was ", to);
	}
}

static void print_not_shown(const struct study *study, FILE *to)
{
	char text[BOUND_TEXT];

	fputs("Not shown on this machine: ", to);
	print_value(study, study->deciding, "was ", to);
	fprintf(to, ", where %s would show it: %s", bounds(&study->claims[study->deciding], text),
		study->lesson->else_);
}

static void print_untold(const struct study *study, FILE *to)
{
	const struct claim *claim = &study->claims[study->deciding];
	char text[BOUND_TEXT];

	fputs("Cannot be told: ", to);
	if (*study->why.text) {
		fprintf(to, "%s", study->why.text);
		return;
	}
	if (claim->known)
		print_value(study, study->deciding, "was ", to);
	else
		fprintf(to, "%s is not known", study->stated[study->deciding]->what);
	if (claim->known && claim->value.interval)
		fprintf(to, ", which does not tell whether it is %s", bounds(claim, text));
	else
		fprintf(to, ", for it takes %d undisturbed launches to have an interval",
			STATS_INTERVAL_LEAST);
}

char *study_sentence(const struct study *study)
{
	static void (*const print[OUTCOMES])(const struct study *, FILE *) = {
		[OUTCOME_SHOWN] = print_shown,
		[OUTCOME_NOT_SHOWN] = print_not_shown,
		[OUTCOME_CANNOT_TELL] = print_untold,
	};
	char *text = NULL;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	if (!to)
		no_memory("a verdict");
	print[study->outcome](study, to);
	fputc('.', to);
	if (fclose(to))
		no_memory("a verdict");
	return text;
}
