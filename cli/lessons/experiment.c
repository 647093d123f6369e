#include "lessons/experiment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conductor.h"
#include "grain.h"

/* ---- threads ---- */

static unsigned at_most(uint64_t threads)
{
	return threads < THREADS_MAX ? (unsigned)threads : THREADS_MAX;
}

unsigned experiment_threads(const struct topology *topology, enum team team)
{
	switch (team) {
	case TEAM_PAIR:
		return at_most(topology->cores > 1 ? topology->cores : 2);
	case TEAM_HARDWARE:
		return at_most(topology->hardware_threads);
	case TEAM_CROWD:
		return at_most((uint64_t)EXPERIMENT_CROWD * topology->cores);
	default:
		return at_most(topology->cores);
	}
}

/* ---- words ---- */

static void print_pair(const struct topology *topology, FILE *to)
{
	fprintf(to, "%u", experiment_threads(topology, TEAM_PAIR));
}

static void print_ladder(const struct topology *topology, FILE *to)
{
	unsigned counts[LADDER_MAX];
	const size_t count = topology_ladder(topology, counts, LADDER_MAX);

	for (size_t c = 0; c < count && counts[c] <= topology->cores; c++)
		fprintf(to, "%s%u", c ? "," : "", at_most(counts[c]));
}

static void print_crowd(const struct topology *topology, FILE *to)
{
	fputs("1", to);
	for (unsigned each = 1; each <= EXPERIMENT_CROWD; each *= 2)
		if (each * topology->cores > 1)
			fprintf(to, ",%u", at_most((uint64_t)each * topology->cores));
}

static const struct stand_in {
	const char *name;
	void (*print)(const struct topology *topology, FILE *to);
} stand_ins[] = {
	{ "{pair}", print_pair },
	{ "{ladder}", print_ladder },
	{ "{crowd}", print_crowd },
};

static const struct stand_in *stand_in_at(const char *text)
{
	for (size_t s = 0; s < sizeof(stand_ins) / sizeof(stand_ins[0]); s++)
		if (!strncmp(text, stand_ins[s].name, strlen(stand_ins[s].name)))
			return &stand_ins[s];
	return NULL;
}

static char *expand(const char *text, const struct topology *topology, const struct options *given,
	double budget_s)
{
	char *all = NULL;
	size_t length;
	FILE *to = open_memstream(&all, &length);

	if (!to)
		return NULL;
	fputs("tine ", to);
	while (*text) {
		const struct stand_in *stand_in = stand_in_at(text);
		if (stand_in)
			stand_in->print(topology, to);
		else
			fputc(*text, to);
		text += stand_in ? strlen(stand_in->name) : 1;
	}
	if (given->launches)
		fprintf(to, " --launches %u", given->launches);
	if (given->limit_s > 0)
		fprintf(to, " --limit %.3gs", given->limit_s);
	fprintf(to, " --budget %.3gs", budget_s);
	return fclose(to) ? NULL : all;
}

/* Splits words at spaces, in place. */
static char **split(char *words, int *count)
{
	char **argv = calloc(strlen(words) / 2 + 2, sizeof(*argv)), *rest = NULL;

	*count = 0;
	for (char *word = strtok_r(words, " ", &rest); argv && word;
		word = strtok_r(NULL, " ", &rest))
		argv[(*count)++] = word;
	return argv;
}

/* ---- plans ---- */

static int plan_it(struct experiment *e, struct message *why)
{
	if (!e->is_ladder)
		return plan_for_run(&e->plan, &e->options, why);
	return grain_begin(&e->ladder, &e->options, why);
}

int experiment_begin(struct experiment *e, const char *text, const struct topology *topology,
	const struct options *given, double budget_s, struct message *why)
{
	int count = 0;

	*e = (struct experiment) { .run = run_in_memory(), .ladder = { .run = run_in_memory() } };
	e->command = expand(text, topology, given, budget_s);
	e->words = e->command ? strdup(e->command) : NULL;
	e->argv = e->words ? split(e->words, &count) : NULL;
	if (!e->argv)
		return fail(why, -ENOMEM, "no memory for an experiment");
	const struct command *command = command_named(e->argv[1]);
	e->is_ladder = !strcmp(command->name, "grain");
	const int error = options_read(&e->options, command, count - 2, e->argv + 2, why);
	return error ? error : plan_it(e, why);
}

int experiment_measure(struct experiment *e, struct message *why)
{
	if (e->is_ladder)
		return ladder_measure(&e->ladder, why);
	int error = conductor_run(&e->plan, &e->run, false, why);
	if (!error &&
		summaries_make(
			&e->all, e->plan.cases, e->plan.count, e->run.launches, e->run.count))
		error = fail(why, -ENOMEM, "no memory for the table");
	return error;
}

const struct run *experiment_run(const struct experiment *e)
{
	return e->is_ladder ? &e->ladder.run : &e->run;
}

const struct case_spec *experiment_case(
	const struct experiment *e, enum variant variant, unsigned threads)
{
	for (size_t c = 0; c < e->plan.count; c++)
		if (e->plan.cases[c].variant == variant && e->plan.cases[c].threads == threads)
			return &e->plan.cases[c];
	return NULL;
}

void experiment_release(struct experiment *e)
{
	summaries_release(&e->all);
	run_release(&e->run);
	plan_release(&e->plan);
	ladder_release(&e->ladder);
	options_release(&e->options);
	free(e->argv);
	free(e->words);
	free(e->command);
}
