#include "trace/report.h"

#include <math.h>
#include <string.h>

#include "cells.h"
#include "grid.h"
#include "quantity.h"
#include "target.h"
#include "trace/strip.h"
#include "trace/words.h"

enum { PLACES_MOST = 12, MEMBERS_MOST = 64, PROCESSES_MOST = 8, CPU_LIST = 40 };

static const struct column place_columns[] = { { "place", false }, { "regions", true },
	{ "time", true }, { "of the run", true }, { "mean", true }, { "least", true },
	{ "most", true }, { "asked", true }, { "got", true }, { "chunks", true }, { "tasks", true },
	{ "seen", false } };

static const struct column budget_columns[] = { { "core time", false }, { "total", true },
	{ "body", true }, { "dispatch", true }, { "sync", true }, { "fork", true },
	{ "wait", true }, { "join", true }, { "fork latency", true }, { "efficiency", true },
	{ "balance", true }, { "imbalance", true }, { "scheduling", true } };

static const struct column member_columns[] = { { "thread", false }, { "member", true },
	{ "regions", true }, { "busy", true }, { "barriers", true }, { "locks", true },
	{ "tasks' ends", true }, { "CPU time", true }, { "CPUs", false }, { "migrations", true },
	{ "preempted", true }, { "page faults", true } };

#define COLUMNS(columns) columns, sizeof(columns) / sizeof((columns)[0])

/* ---- cells ---- */

static void add_percent(struct grid *grid, double part, double of)
{
	if (of > 0)
		grid_add(grid, "%.1f %%", 100 * part / of);
	else
		grid_add_unknown(grid, 1);
}

static void add_count(struct grid *grid, uint64_t count)
{
	char text[QUANTITY_TEXT];

	grid_add(grid, "%s", count_print(count, text));
}

static void add_range(struct grid *grid, uint32_t least, uint32_t most)
{
	if (least == most)
		grid_add(grid, "%u", least);
	else
		grid_add(grid, "%u–%u", least, most);
}

/* ---- places ---- */

static const char *place_of(const struct report *report, const struct traced *process,
	const struct profile_site *site, char text[PLACE_TEXT])
{
	return symbols_place(report->symbols, process->file->head, site->raw, text);
}

static void add_place(struct grid *grid, const char *place, const struct profile_site *site)
{
	const struct trace_site *raw = site->raw;
	char seen[SEEN_TEXT];

	grid_add(grid, "%s%s", raw->nested ? "└ " : "", place);
	add_count(grid, raw->count);
	grid_add_seconds(grid, site->elapsed);
	add_percent(grid, site->share, 1);
	grid_add_seconds(grid, site->mean);
	grid_add_seconds(grid, site->least);
	grid_add_seconds(grid, site->most);
	add_range(grid, raw->asked_least, raw->asked_most);
	add_range(grid, raw->team_least, raw->team_most);
	add_count(grid, raw->chunks);
	add_count(grid, raw->tasks);
	grid_add(grid, "%s", seen_print(raw->seen, seen));
}

/* Dispatch is told only where chunks were stamped; else it is inside body. */
static void add_budget(
	struct grid *grid, const char *place, const struct profile_site *site, bool stamped)
{
	const struct efficiencies *e = &site->efficiencies;

	grid_add(grid, "%s", place);
	grid_add_seconds(grid, site->total);
	add_percent(grid, site->body, site->total);
	add_percent(grid, site->dispatch, stamped ? site->total : 0);
	add_percent(grid, site->sync, site->total);
	add_percent(grid, site->fork, site->total);
	add_percent(grid, site->wait, site->total);
	add_percent(grid, site->join, site->total);
	grid_add_seconds(grid, site->fork / site->count / site->members);
	add_percent(grid, e->parallel, site->total > 0);
	add_percent(grid, e->balance, site->total > 0);
	add_percent(grid, e->imbalance, site->total > 0);
	add_percent(grid, e->talp_scheduling, site->total > 0);
}

static void print_places(const struct report *report, const struct traced *process, FILE *to)
{
	const struct profile *p = &process->profile;
	const bool stamped = process->file->head->flags & TRACE_CHUNKS;
	struct grid places, budget;
	char text[PLACE_TEXT];

	grid_init(&places, COLUMNS(place_columns));
	grid_init(&budget, COLUMNS(budget_columns));
	for (size_t s = 0; s < p->site_count && s < PLACES_MOST; s++) {
		place_of(report, process, &p->sites[s], text);
		add_place(&places, text, &p->sites[s]);
		add_budget(&budget, text, &p->sites[s], stamped);
	}
	fputc('\n', to);
	grid_print_text(&places, to);
	if (p->site_count > PLACES_MOST)
		fprintf(to, "and %zu further places\n", p->site_count - PLACES_MOST);
	fputc('\n', to);
	grid_print_text(&budget, to);
	grid_release(&budget);
	grid_release(&places);
}

/* ---- members ---- */

static unsigned count_cpus(const struct trace_lane *lane)
{
	unsigned count = 0;

	for (size_t w = 0; w < TRACE_CPU_WORDS; w++)
		count += (unsigned)__builtin_popcountll(lane->cpus[w]);
	return count;
}

/* "0,1,8", or how many there are. */
static char *cpus_print(const struct trace_lane *lane, char text[CPU_LIST])
{
	size_t at = 0;

	text[0] = 0;
	for (int cpu = 0; cpu < TRACE_CPU_WORDS * 64 && at < CPU_LIST - 8; cpu++)
		if (lane->cpus[cpu / 64] >> cpu % 64 & 1)
			at += (size_t)snprintf(
				text + at, CPU_LIST - at, "%s%d", at ? "," : "", cpu);
	if (at >= CPU_LIST - 8)
		snprintf(text, CPU_LIST, "%u of them", count_cpus(lane));
	return text;
}

static void add_lane(struct grid *grid, const struct traced *process, size_t number)
{
	const struct trace_lane *lane = process->source.lanes[number];
	const double tick = process->source.seconds_per_tick;
	char cpus[CPU_LIST];

	if (lane->threads > 1)
		grid_add(grid, "%zu, %u threads", number, lane->threads);
	else
		grid_add(grid, "%zu", number);
	grid_add(grid, "%u", lane->member);
	add_count(grid, lane->regions);
	grid_add_seconds(grid, (double)lane->busy * tick);
	for (int w = 0; w < TRACE_WAITS; w++)
		grid_add_seconds(grid, (double)lane->waits[w] * tick);
	grid_add_seconds(grid, (double)lane->cpu_ns * 1e-9);
	grid_add(grid, "%s", cpus_print(lane, cpus));
	grid_add(grid, "%u", lane->migrations);
	add_count(grid, lane->preempted);
	add_count(grid, lane->faults);
}

static void print_members(const struct traced *process, FILE *to)
{
	struct grid grid;

	grid_init(&grid, COLUMNS(member_columns));
	for (size_t l = 0; l < process->source.lane_count && l < MEMBERS_MOST; l++)
		add_lane(&grid, process, l);
	fputc('\n', to);
	grid_print_text(&grid, to);
	if (process->source.lane_count > MEMBERS_MOST)
		fprintf(to, "and %zu further threads\n", process->source.lane_count - MEMBERS_MOST);
	grid_release(&grid);
}

/* ---- a process ---- */

static void print_advice(const struct report *report, const struct traced *process, FILE *to)
{
	const struct trace_head *head = process->file->head;
	const struct counsels counsels = counsels_of(&process->profile, head->cpus);
	char place[PLACE_TEXT] = "";

	fputs(counsels.count ? "\nWhat to do, by what it would win:\n"
			     : "\nNothing to advise: no single cause was seen to cost a place a "
			       "tenth of its time, and the run 1 %.\n",
		to);
	for (size_t c = 0; c < counsels.count; c++) {
		if (counsels.of[c].site)
			place_of(report, process, counsels.of[c].site, place);
		counsel_print(
			&counsels.of[c], &process->profile, place, head->flags & TRACE_GNU, to);
	}
}

static void print_heading(const struct traced *process, FILE *to)
{
	const struct trace_head *head = process->file->head;
	const struct profile *p = &process->profile;
	char wall[QUANTITY_TEXT], inside[QUANTITY_TEXT], serial[QUANTITY_TEXT], one[QUANTITY_TEXT];

	fprintf(to, "\n%s, process %u: %s, %u CPU%s%s\n", basename(head->program), head->pid,
		head->runtime[0] ? basename(head->runtime) : "no OpenMP runtime", head->cpus,
		head->cpus == 1 ? "" : "s",
		head->flags & TRACE_ENDED ? "" : "; it did not exit by itself");
	fprintf(to, "%s, of which %s (%.1f %%) in %.0f parallel regions and %s outside\n",
		seconds_print(p->wall, wall), seconds_print(p->inside, inside),
		100 * p->inside / p->wall, p->regions, seconds_print(p->serial, serial));
	fprintf(to,
		"one core would take about %s; no number of cores can make that more than %.3g "
		"times as fast (Amdahl), for what is outside\n",
		seconds_print(p->one_core, one), p->bound);
}

static unsigned count_late(const struct traced *process)
{
	unsigned count = 0;

	for (size_t l = 0; l < process->source.lane_count; l++)
		count += process->source.lanes[l]->late;
	return count;
}

/* What these numbers do not say. */
static void print_limits(const struct traced *process, FILE *to)
{
	const struct tracefile *file = process->file;
	const struct trace_head *head = file->head;
	const double regions = process->profile.regions;

	fprintf(to, "\n%zu of %.0f regions were kept in detail%s; all are in the sums.\n",
		file->region_count, regions,
		(double)file->region_count < regions
			? ", the first ones, without short ones of a single member"
			: "");
	if (file->open)
		fprintf(to, "%zu region%s had not been joined when the process ended.\n",
			file->open, file->open == 1 ? "" : "s");
	if (count_late(process))
		fprintf(to,
			"The last region of %u thread%s, a short one, is not in the sums: the "
			"process ended too suddenly.\n",
			count_late(process), count_late(process) == 1 ? "" : "s");
	if (process->profile.lost > 0)
		fprintf(to,
			"Not seen: %.0f regions (%llu for want of memory, %llu nested too deep, "
			"%llu while another thread held the records, %llu from signal handlers).\n",
			process->profile.lost, (unsigned long long)head->lost_memory,
			(unsigned long long)head->lost_depth, (unsigned long long)head->lost_busy,
			(unsigned long long)head->lost_signal);
	fputs("body: the members' own time, what it takes longer than on one core included", to);
	fputs(head->flags & TRACE_CHUNKS ? ".\n" : ", and the dealing out of chunks.\n", to);
	fputs("Loops under schedule(static) and locks of omp_set_lock make no call that can be "
	      "seen: they are body.\n",
		to);
}

static void print_process(const struct report *report, const struct traced *process, FILE *to)
{
	print_heading(process, to);
	strip_print(process, to);
	print_places(report, process, to);
	print_members(process, to);
	print_advice(report, process, to);
	print_limits(process, to);
}

/* ---- all of it ---- */

static size_t count_openmp(const struct report *report)
{
	size_t count = 0;

	for (size_t p = 0; p < report->count; p++)
		count += report->processes[p].profile.site_count > 0;
	return count;
}

void report_print(const struct report *report, FILE *to)
{
	const size_t with = count_openmp(report);
	char wall[QUANTITY_TEXT];
	size_t told = 0;

	fprintf(to, "tine trace: %s: ", report->command);
	target_print_end(report->status, to);
	fprintf(to, " after %s; ", seconds_print(report->wall, wall));
	if (!with)
		fputs("no OpenMP was seen: no parallel region of libgomp, or of a runtime with "
		      "OMPT (--pthreads watches threads that are created and joined)\n",
			to);
	else
		fprintf(to, "OpenMP in %zu of %zu processes\n", with, report->count);
	for (size_t p = 0; p < report->count && told < PROCESSES_MOST; p++)
		if (report->processes[p].profile.site_count) {
			print_process(report, &report->processes[p], to);
			told++;
		}
	if (with > told)
		fprintf(to, "\nand %zu further processes with OpenMP\n", with - told);
	if (report->unread)
		fprintf(to,
			"\n%zu process%s left no records that can be read: there was no memory for "
			"them, or it was ended as it began.\n",
			report->unread, report->unread == 1 ? "" : "es");
}

/* ---- for programs ---- */

static const struct column csv_columns[] = { { "process", false }, { "place", false },
	{ "regions", true }, { "nested", true }, { "elapsed", true }, { "share", true },
	{ "least", true }, { "most", true }, { "members", true }, { "total", true },
	{ "body", true }, { "dispatch", true }, { "sync", true }, { "fork", true },
	{ "wait", true }, { "join", true }, { "parallel_efficiency", true },
	{ "load_balance", true }, { "imbalance", true }, { "chunks", true }, { "tasks", true },
	{ "wall", true }, { "inside", true }, { "serial", true } };

static void add_row(struct grid *grid, const struct report *report, const struct traced *process,
	const struct profile_site *site)
{
	const double numbers[] = { (double)site->raw->count, (double)site->raw->nested,
		site->elapsed, site->share, site->least, site->most, site->members, site->total,
		site->body, site->dispatch, site->sync, site->fork, site->wait, site->join,
		site->efficiencies.parallel, site->efficiencies.balance,
		site->efficiencies.imbalance, (double)site->raw->chunks, (double)site->raw->tasks,
		process->profile.wall, process->profile.inside, process->profile.serial };
	char place[PLACE_TEXT];

	grid_add(grid, "%u", process->file->head->pid);
	grid_add(grid, "%s", place_of(report, process, site, place));
	for (size_t n = 0; n < sizeof(numbers) / sizeof(numbers[0]); n++)
		grid_add_number(grid, true, numbers[n]);
}

void report_print_csv(const struct report *report, FILE *to)
{
	struct grid grid;

	grid_init(&grid, COLUMNS(csv_columns));
	for (size_t p = 0; p < report->count; p++) {
		const struct traced *process = &report->processes[p];
		for (size_t s = 0; s < process->profile.site_count; s++)
			add_row(&grid, report, process, &process->profile.sites[s]);
	}
	grid_print_csv(&grid, to);
	grid_release(&grid);
}
