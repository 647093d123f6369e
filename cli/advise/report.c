#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "advise/told.h"
#include "quantity.h"
#include "target.h"
#include "wrap.h"

/* What others took of its time, and what no look met, is told from these shares on. */
static const double held_worth = 0.1, unseen_worth = 0.1;

enum { INDENT = 15 };

/* ---- rows ---- */

static void print_times(const struct advised *a, FILE *to)
{
	const struct observation *seen = &a->seen;
	char idle[QUANTITY_TEXT], alone[QUANTITY_TEXT], together[QUANTITY_TEXT],
		held[QUANTITY_TEXT];

	fprintf(to, "nothing of it ran %s, one thread computed %s, several at once %s",
		duration_print(seen->idle, idle), duration_print(seen->alone, alone),
		duration_print(seen->together, together));
	if (seen->ready_known)
		fprintf(to, "; ready without a CPU %s", duration_print(seen->held, held));
}

static void print_cpu(const struct advised *a, FILE *to)
{
	const struct observation *seen = &a->seen;
	char user[QUANTITY_TEXT], system[QUANTITY_TEXT];

	fprintf(to, "%s user, %s system: %.2f CPUs' worth on average, of %.3g",
		duration_print(seen->user, user), duration_print(seen->system, system),
		(seen->user + seen->system) / seen->wall, seen->cpus);
}

static void print_waits(const struct advised *a, FILE *to)
{
	const struct observation *seen = &a->seen;
	char text[QUANTITY_TEXT];
	double all = 0;

	for (int r = 0; r < REASONS; r++)
		all += seen->waits[r];
	if (all <= 0) {
		fputs("none seen", to);
		return;
	}
	fprintf(to, "%s of threads' time: ", duration_print(all, text));
	const char *before = "";
	for (int r = 0; r < REASONS; r++)
		if (seen->waits[r] >= 0.0005 * all) {
			fprintf(to, "%s%s %s", before, told_reason((enum reason)r),
				percent_print(seen->waits[r] / all, text));
			before = ", ";
		}
}

static void print_switches(const struct advised *a, FILE *to)
{
	const struct observation *seen = &a->seen;
	fprintf(to, "%" PRIu64 " voluntary (to wait), %" PRIu64 " involuntary", seen->voluntary,
		seen->involuntary);
}

/* The command itself is one of those that were started. */
static void print_threads(const struct advised *a, FILE *to)
{
	const struct observation *seen = &a->seen;
	fprintf(to,
		"%u seen in %u process%s, at most %u in %u at once; started by all on this machine "
		"meanwhile: %" PRIu64,
		seen->threads, seen->processes, seen->processes == 1 ? "" : "es",
		seen->threads_at_once, seen->processes_at_once, seen->started);
}

static void print_io(const struct advised *a, FILE *to)
{
	const struct observation *seen = &a->seen;
	char read[QUANTITY_TEXT], written[QUANTITY_TEXT], loaded[QUANTITY_TEXT],
		stored[QUANTITY_TEXT], block[QUANTITY_TEXT];

	fprintf(to, "read %s by calls, %s from storage; written %s by calls, %s to storage; ",
		bytes_print(seen->read, read), bytes_print(seen->loaded, loaded),
		bytes_print(seen->written, written), bytes_print(seen->stored, stored));
	if (seen->block_known)
		fprintf(to, "waits for block I/O %s", duration_print(seen->block, block));
	else
		fputs("waits for block I/O are not counted (kernel.task_delayacct=1 does)", to);
}

static void print_faults(const struct advised *a, FILE *to)
{
	const struct observation *seen = &a->seen;
	fprintf(to, "%" PRIu64 " minor, %" PRIu64 " major (with a wait for storage)", seen->minor,
		seen->major);
}

static void print_memory(const struct advised *a, FILE *to)
{
	const struct observation *seen = &a->seen;
	char peak[QUANTITY_TEXT];

	fprintf(to, "%s%s in the largest process", seen->peak_bound ? "less than " : "",
		bytes_print(seen->peak, peak));
}

static void print_watching(const struct advised *a, FILE *to)
{
	const struct observation *seen = &a->seen;
	char share[QUANTITY_TEXT];

	fprintf(to, "%u looks, which took %s of a CPU", seen->looks,
		percent_print(seen->watching / seen->wall, share));
}

/* ---- what these numbers do not say ---- */

static void print_ready(const struct advised *a, FILE *to)
{
	const struct observation *seen = &a->seen;
	char text[QUANTITY_TEXT];

	if (!seen->ready_known)
		fputs("This kernel does not tell how long threads are ready without a CPU: what "
		      "others took of its time is told as time in which nothing of it ran. ",
			to);
	else if (a->binding.nature != NATURE_OVERSUBSCRIBED &&
		seen->held >= held_worth * seen->wall)
		fprintf(to,
			"For %s its threads were ready and had no CPU: others used them. That is "
			"left out of the shares above. ",
			duration_print(seen->held, text));
}

static void print_unseen(const struct advised *a, FILE *to)
{
	const double cpu = a->seen.user + a->seen.system, unseen = cpu - a->seen.seen;
	char text[QUANTITY_TEXT];

	if (a->binding.nature != NATURE_SHORT && unseen >= unseen_worth * cpu)
		fprintf(to,
			"%s of the CPU time was in threads that began and ended between two looks: "
			"how many there were, and for what they waited, is not known. ",
			percent_print(unseen / cpu, text));
	if (a->seen.left)
		fprintf(to,
			"%u process%s of it still ran when it ended: CPU time, switches, I/O and "
			"page faults of %s are not counted. ",
			a->seen.left, a->seen.left == 1 ? "" : "es",
			a->seen.left == 1 ? "that" : "those");
}

/* ---- all of it ---- */

struct row {
	const char *label; /* NULL: a paragraph, if there is anything to say */
	void (*print)(const struct advised *a, FILE *to);
};

static int print_row(const struct row *row, const struct advised *a, FILE *to)
{
	char *text;
	size_t length;
	FILE *line = open_memstream(&text, &length);

	if (!line)
		return -ENOMEM;
	row->print(a, line);
	if (fclose(line))
		return -ENOMEM;
	if (*text) {
		fprintf(to, row->label ? "  %-12s " : "\n", row->label);
		wrap_print(text, row->label ? INDENT : 0, to);
	}
	free(text);
	return 0;
}

static int print_rows(const struct advised *a, FILE *to)
{
	static const struct row rows[] = {
		{ "time", print_times },
		{ "CPU time", print_cpu },
		{ "waits", print_waits },
		{ "switches", print_switches },
		{ "threads", print_threads },
		{ "I/O", print_io },
		{ "page faults", print_faults },
		{ "memory", print_memory },
		{ "watched", print_watching },
		{ NULL, print_ready },
		{ NULL, print_unseen },
	};

	int error = 0;

	for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]) && !error; r++)
		error = print_row(&rows[r], a, to);
	return error;
}

static int print_heading(const struct advised *a, FILE *to)
{
	char *command = target_words(a->arguments, a->argument_count);
	char wall[QUANTITY_TEXT];

	if (!command)
		return -ENOMEM;
	fprintf(to, "tine advise: %s: ", command);
	target_print_end(a->status, to);
	fprintf(to, " after %s\n\n", seconds_print(a->seen.wall, wall));
	free(command);
	return 0;
}

static void print_binding(const struct advised *a, const char *why, FILE *to)
{
	static const char *const words[HELPS] = {
		[HELP_UNKNOWN] = "not known",
		[HELP_NEITHER] = "neither concurrency nor parallelism",
		[HELP_CONCURRENCY] = "concurrency, not parallelism",
		[HELP_PARALLELISM] = "parallelism",
		[HELP_BOTH] = "concurrency and parallelism, both",
	};

	fprintf(to, "  %-12s %s\n  %-12s %s\n  %-12s ", "it is", nature_name(a->binding.nature),
		"would help", words[a->binding.help], "why");
	wrap_print(why, INDENT, to);
	fputc('\n', to);
}

int told_print(const struct advised *a, FILE *to)
{
	char *why = told_why(a);
	int error = why ? print_heading(a, to) : -ENOMEM;

	if (!error) {
		print_binding(a, why, to);
		error = print_rows(a, to);
	}
	free(why);
	return error;
}
