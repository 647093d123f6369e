#include "choices.h"

#include <inttypes.h>

#include "advice.h"
#include "analysis/chunks.h"
#include "grid.h"
#include "machine/build.h"
#include "store/case.h"
#include "tables.h"

/* ---- CSV ---- */

static void add_estimate(struct grid *grid, bool known, const struct estimate *e)
{
	grid_add_number(grid, known, e->median);
	grid_add_number(grid, known && e->interval, e->low);
	grid_add_number(grid, known && e->interval, e->high);
}

static void add_csv_line(
	struct grid *grid, const struct choice_line *line, bool recommended, double precision)
{
	const struct summary *s = line->summary;

	grid_add_case(grid, &s->spec);
	grid_add(grid, "%" PRIu64, line->chunks);
	grid_add(grid, "%u", s->launches);
	grid_add(grid, "%u", s->disturbed);
	grid_add(grid, "%u", s->failed);
	add_estimate(grid, s->launches, &s->seconds);
	add_estimate(grid, s->has_speedup, &s->speedup);
	grid_add(grid, "%zu", line->row->to_fastest.common);
	add_estimate(grid, line->row->to_fastest.known, &line->row->to_fastest.ratio);
	grid_add(grid, "%s", standing_name(line->row->standing));
	grid_add(grid, "%s", recommended ? "true" : "false");
	for (int k = 0; k < LOSS_KINDS; k++)
		grid_add_number(grid, line->has_losses && losses_has(&line->losses, k),
			100 * choice_line_share(line, k));
	grid_add_outcome(grid, s, precision);
}

void choice_table_print_csv(const struct choice_table *table, FILE *to)
{
	static const struct column columns[] = {
		CASE_COLUMNS,
		{ .name = "chunks" },
		{ .name = "launches" },
		{ .name = "disturbed" },
		{ .name = "failed" },
		{ .name = "seconds_median" },
		{ .name = "seconds_low" },
		{ .name = "seconds_high" },
		{ .name = "speedup_median" },
		{ .name = "speedup_low" },
		{ .name = "speedup_high" },
		{ .name = "common_launches" },
		{ .name = "ratio_median" },
		{ .name = "ratio_low" },
		{ .name = "ratio_high" },
		{ .name = "standing" },
		{ .name = "recommended" },
		LOSS_COLUMNS("percent"),
		OUTCOME_COLUMNS,
	};
	struct grid grid;

	grid_init(&grid, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t g = 0; g < table->count; g++)
		for (size_t i = 0; i < table->groups[g].trials.count; i++)
			add_csv_line(&grid, &table->groups[g].lines[i],
				choice_group_recommends(&table->groups[g], i), table->precision);
	grid_print_csv(&grid, to);
	grid_release(&grid);
}

/* ---- JSON ---- */

static json_t *estimate_to_json(bool known, const struct estimate *e)
{
	return json_pack("{so so so}", "median", number_or_null(known, e->median), "low",
		number_or_null(known && e->interval, e->low), "high",
		number_or_null(known && e->interval, e->high));
}

static json_t *losses_to_json(const struct choice_line *line)
{
	json_t *json = json_object();

	for (int k = 0; k < LOSS_KINDS; k++)
		json_object_set_new(json, loss_name(k),
			number_or_null(line->has_losses && losses_has(&line->losses, k),
				choice_line_share(line, k)));
	return json;
}

static json_t *line_to_json(const struct choice_line *line)
{
	const struct summary *s = line->summary;
	char id[CASE_ID_MAX], schedule[SCHEDULE_TEXT];

	return json_pack("{ss ss sI si si si so so ss so ss}", "id", case_print(&s->spec, id),
		"schedule", schedule_print(s->spec.schedule, schedule), "chunks",
		(json_int_t)line->chunks, "launches", (int)s->launches, "disturbed",
		(int)s->disturbed, "failed", (int)s->failed, "seconds",
		estimate_to_json(s->launches, &s->seconds), "ratio",
		estimate_to_json(line->row->to_fastest.known, &line->row->to_fastest.ratio),
		"standing", standing_name(line->row->standing), "losses", losses_to_json(line),
		"error", s->why);
}

static json_t *group_to_json(const struct choice_group *group)
{
	const struct case_spec *spec = &group->lines[0].summary->spec;
	const bool tells = choice_tells(&group->choice);
	json_t *lines = json_array();
	char *reason = advice_reason(group), schedule[SCHEDULE_TEXT] = "";

	if (tells)
		schedule_print(
			group->trials.all[group->choice.recommended].spec.schedule, schedule);
	for (size_t i = 0; i < group->trials.count; i++)
		json_array_append_new(lines, line_to_json(&group->lines[i]));
	json_t *json = json_pack("{ss ss si so sI sI ss? ss so}", "kernel", spec->kernel, "variant",
		variant_name(spec->variant), "threads", (int)spec->threads, "size",
		size_to_json(spec->size), "grain", (json_int_t)spec->grain, "units",
		(json_int_t)case_units(spec), "recommended", tells ? schedule : NULL, "reason",
		reason, "schedules", lines);
	free(reason);
	return json;
}

json_t *choice_table_to_json(const struct choice_table *table, json_t *machine)
{
	json_t *loops = json_array();

	for (size_t g = 0; g < table->count; g++)
		json_array_append_new(loops, group_to_json(&table->groups[g]));
	return json_pack("{ss sO so}", "tine", build_version(), "machine", machine, "loops", loops);
}
