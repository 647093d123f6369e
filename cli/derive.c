#include "derive.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "choices.h"
#include "commands.h"
#include "gnuplot.h"
#include "laws.h"
#include "losses.h"
#include "plan.h"
#include "tables.h"

/* What tables are made of. */
struct material {
	struct plan plan;
	struct summaries all;
	struct choice_table *choices;
	struct loss_table *losses;
	unsigned cores;
};

static void print_speedup_csv(const struct material *m, FILE *to)
{
	tables_print_csv(&m->all, rows_speedup, m->plan.precision, to);
}

static void print_schedules_csv(const struct material *m, FILE *to)
{
	choice_table_print_csv(m->choices, to);
}

static void print_scaling_csv(const struct material *m, FILE *to)
{
	laws_print_csv(&m->all, m->cores, m->plan.precision, to);
}

static void print_losses_csv(const struct material *m, FILE *to)
{
	loss_table_print_csv(m->losses, to);
}

/* The schedules that a sweep tries are few; for the best of all there is a command. */
static void print_schedules(const struct material *m, enum format format, FILE *to)
{
	tables_print_schedules(&m->all, m->plan.precision, format, to);
	if (!m->choices->count)
		return;
	fprintf(to, "\nOf these; 'tine schedules KERNEL' tries all chunks:\n%s",
		format == FORMAT_MARKDOWN ? "\n" : "");
	choice_table_print_advice(m->choices, format, to);
}

static void print_speedup_markdown(const struct material *m, FILE *to)
{
	tables_print(&m->all, rows_speedup, m->plan.precision, FORMAT_MARKDOWN, to);
}

static void print_schedules_markdown(const struct material *m, FILE *to)
{
	print_schedules(m, FORMAT_MARKDOWN, to);
	fputc('\n', to);
	choice_table_print(m->choices, FORMAT_MARKDOWN, to);
}

static void print_scaling_markdown(const struct material *m, FILE *to)
{
	laws_print(&m->all, m->cores, m->plan.precision, FORMAT_MARKDOWN, to);
}

static void print_losses_markdown(const struct material *m, FILE *to)
{
	loss_table_print(m->losses, FORMAT_MARKDOWN, to);
}

static const struct table_file {
	const char *name;
	void (*print)(const struct material *m, FILE *to);
} table_files[] = {
	{ "speedup.csv", print_speedup_csv },
	{ "speedup.md", print_speedup_markdown },
	{ "schedules.csv", print_schedules_csv },
	{ "schedules.md", print_schedules_markdown },
	{ "scaling.csv", print_scaling_csv },
	{ "scaling.md", print_scaling_markdown },
	{ "losses.csv", print_losses_csv },
	{ "losses.md", print_losses_markdown },
};

static int write_table(const struct run *run, const struct table_file *file,
	const struct material *m, struct message *why)
{
	char *text = NULL;
	size_t length;
	FILE *stream = open_memstream(&text, &length);

	if (!stream)
		return fail(why, -ENOMEM, "no memory for %s", file->name);
	file->print(m, stream);
	const bool whole = !fclose(stream) && text; /* it may say 0, and leave none */
	const int error = whole ? run_write_file(run, file->name, text, why)
				: fail(why, -ENOMEM, "no memory for %s", file->name);
	free(text);
	return error;
}

/* ---- pictures ---- */

/* Moves what gnuplot left beside to its name. */
static int put_in_place(const char *base, const char *plots, const char *name)
{
	static const char *const endings[] = { "svg", "png" };
	int error = 0;

	for (size_t e = 0; e < sizeof(endings) / sizeof(endings[0]); e++) {
		char *from, *to;
		if (asprintf(&from, "%s.%s", base, endings[e]) < 0)
			return -ENOMEM;
		if (asprintf(&to, "%s/%s.%s", plots, name, endings[e]) < 0) {
			free(from);
			return -ENOMEM;
		}
		if (!error && rename(from, to))
			error = -errno;
		free(from);
		free(to);
	}
	return error;
}

/* One picture, plots/NAME; `what` is what the script calls a kernel, or a title. */
static int plot(const struct run *run, const char *script, const char *csv_name, const char *what,
	const char *name, struct message *why)
{
	char *csv = path_join(run->path, csv_name);
	char *plots = path_join(run->path, "plots");
	char *base = plots ? path_join(plots, ".beside") : NULL;
	int error = csv && base ? gnuplot_draw(script, csv, what, base, why)
				: fail(why, -ENOMEM, "no memory for a path");

	if (!error) {
		error = put_in_place(base, plots, name);
		if (error)
			fail(why, error, "no picture of %s: %s", name, strerror(-error));
	}
	free(base);
	free(plots);
	free(csv);
	return error;
}

static bool first_of_kernel(const struct summaries *all, size_t row)
{
	for (size_t i = 0; i < row; i++)
		if (!strcmp(all->rows[i].spec.kernel, all->rows[row].spec.kernel))
			return false;
	return true;
}

static bool is_mapped(const struct choice_table *choices, const char *kernel)
{
	for (size_t g = 0; g < choices->count; g++)
		if (!strcmp(choices->groups[g].lines[0].summary->spec.kernel, kernel))
			return true;
	return false;
}

static int plot_kernel(
	const struct run *run, const struct material *m, const char *kernel, struct message *why)
{
	char map[NAME_MAX];
	int error = plot(run, "speedup.gp", "speedup.csv", kernel, kernel, why);

	snprintf(map, sizeof(map), "schedules-%s", kernel);
	if (!error && is_mapped(m->choices, kernel))
		error = plot(run, "heatmap.gp", "schedules.csv", kernel, map, why);
	return error;
}

/*
 * Two pictures a kernel, one of the schedules, and one of the losses. What cannot be drawn is said,
 * and is no error; but a signal that is to end us is: -EINTR.
 */
static int draw(const struct run *run, const struct material *m, struct message *why)
{
	const struct summaries *all = &m->all;
	int error = run_make_dir(run, "plots", why);

	for (size_t i = 0; i < all->count && !error; i++)
		if (first_of_kernel(all, i))
			error = plot_kernel(run, m, all->rows[i].spec.kernel, why);
	if (!error && m->choices->count)
		error = plot(run, "schedules.gp", "schedules.csv", "schedules", "schedules", why);
	if (!error && loss_table_has_overview(m->losses))
		error = plot(run, "losses.gp", "losses.csv", "losses", "losses", why);
	return error;
}

static void print_all(const struct run *run, const struct material *m, bool drawn)
{
	tables_print(&m->all, rows_speedup, m->plan.precision, FORMAT_TABLE, stdout);
	putchar('\n');
	print_schedules(m, FORMAT_TABLE, stdout);
	putchar('\n');
	laws_print(&m->all, m->cores, m->plan.precision, FORMAT_TABLE, stdout);
	putchar('\n');
	loss_table_print(m->losses, FORMAT_TABLE, stdout);
	printf("\nIn %s/:\n", run->path);
	printf("  run.json, launches.jsonl        the machine, the plan and every region: raw "
	       "data\n"
	       "  speedup.csv, speedup.md         the first tables above\n"
	       "  schedules.csv, schedules.md     speedup by schedule, and which to take\n"
	       "  scaling.csv, scaling.md         scaling laws\n"
	       "  losses.csv, losses.md           where the core time of every case went\n");
	if (drawn)
		printf("  plots/*.svg, plots/*.png        speedup of each kernel over threads and "
		       "by schedule; losses\n");
}

static int write_all(const struct run *run, const struct material *m, struct message *why)
{
	int error = 0;

	for (size_t f = 0; f < sizeof(table_files) / sizeof(table_files[0]) && !error; f++)
		error = write_table(run, &table_files[f], m, why);
	if (error)
		return error;
	const int undrawn = draw(run, m, why);
	if (undrawn == -EINTR)
		return fail(why, undrawn, "interrupted; 'tine report %s' draws the pictures",
			run->path);
	if (undrawn)
		fprintf(stderr, "tine: %s\n", why->text);
	print_all(run, m, !undrawn);
	tell_disturbed(&m->all);
	return 0;
}

/* How many cores the run's machine had; all there can be if run.json does not say. */
static unsigned cores_of(const struct run *run)
{
	const json_t *machine = json_object_get(run->about, "machine");
	const json_int_t cores = json_integer_value(json_object_get(machine, "cores"));

	return cores > 0 && cores < THREADS_MAX ? (unsigned)cores : THREADS_MAX;
}

int derive(const struct run *run, struct message *why)
{
	struct material m = { .cores = cores_of(run) };
	int error = plan_of_run(&m.plan, run, why);

	if (error)
		return error;
	error = summaries_make(&m.all, m.plan.cases, m.plan.count, run->launches, run->count);
	if (error) {
		fail(why, error, "no memory for the tables");
	} else {
		m.choices = choice_table_make(&m.all, run->launches, run->count, m.plan.precision);
		m.losses = loss_table_make(&m.all, run->launches, run->count);
		error = write_all(run, &m, why);
		loss_table_free(m.losses);
		choice_table_free(m.choices);
		summaries_release(&m.all);
	}
	plan_release(&m.plan);
	return error;
}
