/*
 * What users set for OpenMP programs, as libgomp 12 and libomp 14 understand it.
 */
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "machine/check.h"

/* Values are compared as POSIX extended regular expressions, in either case, blanks around them. */

static const struct harmful {
	const char *variable, *value;
	enum severity severity;
	const char *why;
} harmful[] = {
	{ "OMP_DYNAMIC", "true", SPOILS,
		"the library gives regions fewer threads than asked for, as the load suggests" },
	{ "OMP_MAX_ACTIVE_LEVELS", "0", SPOILS, "every region runs on a single thread" },
	{ "OMP_WAIT_POLICY", "passive", BLURS,
		"threads sleep as soon as they wait; to wake them costs microseconds a region" },
	/* libgomp's own count is 300,000 */
	{ "GOMP_SPINCOUNT", "0*([0-9]{1,5}|[12][0-9]{5}|[12]?[0-9]{1,2} *k)", BLURS,
		"threads sleep sooner than usual when they wait; to wake them costs microseconds" },
	{ "KMP_BLOCKTIME", "0 *(ms|us)?", BLURS,
		"threads sleep as soon as they wait; to wake them costs microseconds a region" },
};

/* libgomp prints a line and goes on without a value it does not understand. */
static const struct format {
	const char *variable, *right, *in_words;
} formats[] = {
	{ "OMP_DYNAMIC", "true|false", "true or false" },
	{ "OMP_MAX_ACTIVE_LEVELS", "[+]?[0-9]+", "a whole number from 0" },
	{ "OMP_STACKSIZE", "[+]?[0-9]+ *[bkmg]?", "a number, with B, K, M or G" },
	{ "OMP_THREAD_LIMIT", "[+]?0*[1-9][0-9]*", "a whole number from 1" },
	{ "OMP_WAIT_POLICY", "active|passive", "active or passive" },
	{ "GOMP_SPINCOUNT", "infinite|infinity|[+-]?[0-9]+ *[kmgt]?",
		"a whole number, with k, M, G or T, or infinity" },
};

#define SIZE(array) (sizeof(array) / sizeof((array)[0]))
_Static_assert(SIZE(harmful) + SIZE(formats) <= VARIABLES_MAX, "an array of findings holds all");

static bool matches(const char *text, const char *pattern)
{
	char whole[128];
	regex_t regex;

	snprintf(whole, sizeof(whole), "^[[:space:]]*(%s)[[:space:]]*$", pattern);
	if (regcomp(&regex, whole, REG_EXTENDED | REG_ICASE | REG_NOSUB))
		return false;
	const bool match = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return match;
}

/* GOMP_ speaks to libgomp, KMP_ to libomp. Which one there is may be unknown. */
static bool is_read(const json_t *machine, const char *variable)
{
	const char *library = known_text(machine, "openmp");

	if (!library)
		return true;
	if (!strncmp(variable, "GOMP_", 5))
		return !strncmp(library, "libgomp", 7);
	return strncmp(variable, "KMP_", 4) || !strncmp(library, "libomp", 6);
}

enum { VALUE_SHOWN = 40 };

/* The beginning of a value, not cut inside a UTF-8 character. */
static const char *beginning(const char *value, char text[VALUE_SHOWN + 1])
{
	size_t end = strnlen(value, VALUE_SHOWN);

	while (value[end] && end && ((unsigned char)value[end] & 0xc0) == 0x80)
		end--;
	snprintf(text, VALUE_SHOWN + 1, "%.*s", (int)end, value);
	return text;
}

static bool check_harmful(const json_t *machine, const struct harmful *row, struct finding *finding)
{
	const char *value = variable_of(machine, row->variable);
	char text[VALUE_SHOWN + 1];

	if (!value || !is_read(machine, row->variable) || !matches(value, row->value))
		return false;
	found(finding, row->severity, row->why, NULL, "%s is '%s'", row->variable,
		beginning(value, text));
	mend_with(finding, "unset %s", row->variable);
	return true;
}

static bool check_format(const json_t *machine, const struct format *row, struct finding *finding)
{
	const char *value = variable_of(machine, row->variable);
	const char *library = known_text(machine, "openmp");
	char text[VALUE_SHOWN + 1];

	if (!value || (library && strncmp(library, "libgomp", 7)) || matches(value, row->right))
		return false;
	found(finding, BLURS, "libgomp goes on as if it were not set, so nothing is as it says",
		NULL, "%s is '%s', which is not %s", row->variable, beginning(value, text),
		row->in_words);
	mend_with(finding, "unset %s", row->variable);
	return true;
}

size_t check_variables(const json_t *machine, struct finding findings[VARIABLES_MAX])
{
	size_t count = 0;

	for (size_t h = 0; h < SIZE(harmful); h++)
		count += check_harmful(machine, &harmful[h], &findings[count]);
	for (size_t f = 0; f < SIZE(formats); f++)
		count += check_format(machine, &formats[f], &findings[count]);
	return count;
}

bool check_thread_limit(const json_t *machine, struct finding *finding)
{
	long limit;

	return variable_number(machine, "OMP_THREAD_LIMIT", &limit) && limit > 0 &&
		limit < (long)our_threads(machine) &&
		found(finding, SPOILS, "OpenMP teams stay at the limit, whatever is asked for",
			"unset OMP_THREAD_LIMIT", "OMP_THREAD_LIMIT is %ld, of %u hardware threads",
			limit, our_threads(machine));
}

bool check_overridden(const json_t *machine, struct finding *finding)
{
	static const char *const variables[] = { "OMP_NUM_THREADS", "OMP_SCHEDULE", "OMP_PROC_BIND",
		"OMP_PLACES", "GOMP_CPU_AFFINITY", "KMP_AFFINITY" };
	char set[FINDING_TEXT] = "";
	unsigned count = 0;

	for (size_t v = 0; v < SIZE(variables); v++)
		if (variable_of(machine, variables[v]))
			snprintf(set + strlen(set), sizeof(set) - strlen(set), "%s%s",
				count++ ? ", " : "", variables[v]);
	return count &&
		found(finding, NOTE,
			"no harm is done: --threads, --schedule and --bind decide instead", NULL,
			"Tine goes without the environment's %s", set);
}
