/*
 * timeline, csv: rows for programs.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <inttypes.h>

#include "drawn_timeline.h"

static const char header[] =
	"region,cold,member,phase,unit,begin_ns,end_ns,cpu_start,cpu_complete,core,units,kept,"
	"body_ns,allocated_bytes,touched_bytes,node,node_bytes,name";

/* ---- what was printed ---- */

enum { CELLS = 18, CELL_TEXT = 24 };

struct row {
	char cells[CELLS][CELL_TEXT];
	size_t count; /* of cells */
};

/* Printed, and read back. */
struct csv {
	char *text;
	struct row *rows; /* without the header */
	size_t count;
};

static void read_row(struct row *row, const char *line)
{
	row->count = 0;
	for (const char *at = line;; at++) {
		const size_t length = strcspn(at, ",\n");
		cr_assert_lt(row->count, CELLS, "too many cells: %.100s", line);
		snprintf(row->cells[row->count++], CELL_TEXT, "%.*s", (int)length, at);
		at += length;
		if (*at != ',')
			return;
	}
}

static struct csv csv_of(const struct timeline *timeline)
{
	struct csv csv = { 0 };
	size_t length, rows = 0;
	FILE *stream = open_memstream(&csv.text, &length);

	cr_assert_eq(timeline_print_csv(timeline, stream), 0);
	fclose(stream);
	for (const char *at = csv.text; *at; at++)
		rows += *at == '\n';
	csv.rows = calloc(rows, sizeof(*csv.rows));
	for (const char *at = strchr(csv.text, '\n') + 1; *at; at = strchr(at, '\n') + 1)
		read_row(&csv.rows[csv.count++], at);
	return csv;
}

static void csv_release(struct csv *csv)
{
	free(csv->rows);
	free(csv->text);
}

/* A cell by the name of its column. */
static const char *cell(const struct row *row, const char *name)
{
	const size_t length = strlen(name);
	size_t column = 0;

	for (const char *at = header; *at; at += strcspn(at, ","), at += *at == ',', column++)
		if (!strncmp(at, name, length) && strcspn(at, ",") == length)
			return row->cells[column];
	cr_assert_fail("no column %s", name);
	return NULL;
}

static uint64_t number(const struct row *row, const char *name)
{
	return strtoull(cell(row, name), NULL, 10);
}

static bool is_phase(const struct row *row, const char *phase)
{
	return !strcmp(cell(row, "phase"), phase);
}

/* The row of this member's phase in the first region. */
static const struct row *find_row(const struct csv *csv, unsigned member, const char *phase)
{
	for (size_t r = 0; r < csv->count; r++)
		if (is_phase(&csv->rows[r], phase) && *cell(&csv->rows[r], "member") &&
			number(&csv->rows[r], "member") == member)
			return &csv->rows[r];
	cr_assert_fail("member %u has no %s", member, phase);
	return NULL;
}

static void expect_cell(const struct row *row, const char *name, const char *expected)
{
	cr_expect_str_eq(
		cell(row, name), expected, "%s is '%s', not '%s'", name, cell(row, name), expected);
}

/* ---- rows ---- */

Test(rows, have_the_documented_header)
{
	struct drawn *d = draw((struct drawing) { .team = 1, .regions = 1 });
	struct csv csv = csv_of(&d->timeline);

	cr_expect_eq(strncmp(csv.text, header, strlen(header)), 0, "%.200s", csv.text);
	cr_expect_eq(csv.text[strlen(header)], '\n');
	csv_release(&csv);
	drawn_release(d);
}

static void expect_whole_rows(struct drawing want)
{
	struct drawn *d = draw(want);
	struct csv csv = csv_of(&d->timeline);

	for (size_t r = 0; r < csv.count; r++)
		cr_expect_eq(
			csv.rows[r].count, CELLS, "row %zu has %zu cells", r, csv.rows[r].count);
	csv_release(&csv);
	drawn_release(d);
}

Test(rows, are_whole)
{
	expect_whole_rows((struct drawing) { .team = 3, .regions = 2, .units = 4, .memory = true });
}

Test(rows, are_whole_without_units_and_memory)
{
	expect_whole_rows((struct drawing) { .team = 3, .regions = 2 });
}

Test(rows, of_regions_come_first)
{
	struct drawn *d = draw((struct drawing) { .team = 2, .regions = 3 });
	struct csv csv = csv_of(&d->timeline);

	for (size_t r = 0; r < csv.count; r++)
		cr_expect_eq(is_phase(&csv.rows[r], "region"), r < 3, "row %zu", r);
	csv_release(&csv);
	drawn_release(d);
}

Test(rows, of_regions_run_from_fork_to_join)
{
	struct drawn *d = draw((struct drawing) { .team = 2, .regions = 2 });
	struct csv csv = csv_of(&d->timeline);

	for (size_t r = 0; r < 2; r++) {
		expect_cell(&csv.rows[r], "member", "");
		cr_expect_eq(number(&csv.rows[r], "begin_ns"), d->regions[r].fork_ns);
		cr_expect_eq(number(&csv.rows[r], "end_ns"), d->regions[r].join_ns);
	}
	csv_release(&csv);
	drawn_release(d);
}

Test(rows, of_the_first_region_alone_are_cold)
{
	struct drawn *d = draw((struct drawing) { .team = 2, .regions = 3 });
	struct csv csv = csv_of(&d->timeline);

	for (size_t r = 0; r < csv.count; r++)
		expect_cell(&csv.rows[r], "cold",
			number(&csv.rows[r], "region") == 1 ? "true" : "false");
	csv_release(&csv);
	drawn_release(d);
}

Test(rows, of_no_region_are_cold_if_none_is)
{
	struct drawn *d = draw((struct drawing) { .team = 1, .regions = 1 });

	d->timeline.cold = false;
	struct csv csv = csv_of(&d->timeline);
	expect_cell(&csv.rows[0], "cold", "false");
	csv_release(&csv);
	drawn_release(d);
}

/* ---- phases ---- */

static const char *const phases[] = { "fork", "work", "wait", "join" };

Test(phases, of_each_member_follow_one_another_from_fork_to_join)
{
	struct drawn *d = draw((struct drawing) { .team = 5, .regions = 1, .units = 3 });
	struct csv csv = csv_of(&d->timeline);

	for (unsigned m = 0; m < 5; m++) {
		uint64_t at_ns = d->regions[0].fork_ns;
		for (size_t p = 0; p < 4; p++) {
			const struct row *row = find_row(&csv, m, phases[p]);
			cr_expect_eq(number(row, "begin_ns"), at_ns, "member %u, %s", m, phases[p]);
			at_ns = number(row, "end_ns");
		}
		cr_expect_eq(at_ns, d->regions[0].join_ns, "member %u", m);
	}
	csv_release(&csv);
	drawn_release(d);
}

Test(phases, of_work_are_the_members_own_stamps)
{
	struct drawn *d = draw((struct drawing) { .team = 5, .regions = 1 });
	struct csv csv = csv_of(&d->timeline);

	for (unsigned m = 0; m < 5; m++) {
		const struct row *row = find_row(&csv, m, "work");
		cr_expect_eq(number(row, "begin_ns"), d->regions[0].members[m].start_ns);
		cr_expect_eq(number(row, "end_ns"), d->regions[0].members[m].complete_ns);
	}
	csv_release(&csv);
	drawn_release(d);
}

Test(phases, of_10_to_the_15_ns_are_exact)
{
	struct drawn *d = draw((struct drawing) { .team = 1, .regions = 1 });
	struct csv csv;

	d->regions[0].join_ns = 1000000000000001;
	csv = csv_of(&d->timeline);
	expect_cell(find_row(&csv, 0, "join"), "end_ns", "1000000000000001");
	csv_release(&csv);
	drawn_release(d);
}

Test(phases, of_the_largest_team_are_all_there)
{
	struct drawn *d = draw((struct drawing) { .team = 4096, .regions = 1 });
	struct csv csv = csv_of(&d->timeline);

	cr_expect_eq(csv.count, 1 + 4 * 4096);
	csv_release(&csv);
	drawn_release(d);
}

/* ---- members ---- */

Test(members, have_their_cpus_and_core)
{
	struct drawn *d = draw((struct drawing) { .team = 4, .regions = 1 });

	d->regions[0].members[3].cpu_complete = 1;
	struct csv csv = csv_of(&d->timeline);
	const struct row *row = find_row(&csv, 3, "work");
	expect_cell(row, "cpu_start", "3");
	expect_cell(row, "cpu_complete", "1");
	expect_cell(row, "core", "1");
	csv_release(&csv);
	drawn_release(d);
}

Test(members, leave_empty_what_is_unknown)
{
	struct drawn *d = draw((struct drawing) { .team = 1, .regions = 1 });

	d->regions[0].members[0].cpu_start = d->regions[0].members[0].cpu_complete = -1;
	struct csv csv = csv_of(&d->timeline);
	const struct row *row = find_row(&csv, 0, "work");
	expect_cell(row, "cpu_start", "");
	expect_cell(row, "cpu_complete", "");
	expect_cell(row, "core", "");
	csv_release(&csv);
	drawn_release(d);
}

Test(members, have_no_core_on_a_cpu_that_nobody_knows)
{
	struct drawn *d = draw((struct drawing) { .team = 1, .regions = 1 });

	d->regions[0].members[0].cpu_start = 100;
	struct csv csv = csv_of(&d->timeline);
	expect_cell(find_row(&csv, 0, "work"), "core", "");
	csv_release(&csv);
	drawn_release(d);
}

Test(members, have_their_memory)
{
	struct drawn *d = draw((struct drawing) { .team = 2, .regions = 1, .memory = true });
	struct csv csv = csv_of(&d->timeline);
	const struct row *row = find_row(&csv, 1, "work");

	expect_cell(row, "allocated_bytes", "0");
	expect_cell(row, "touched_bytes", "12301000");
	expect_cell(row, "node", "1");
	expect_cell(row, "node_bytes", "12300000");
	csv_release(&csv);
	drawn_release(d);
}

Test(members, have_no_memory_if_none_was_taken)
{
	struct drawn *d = draw((struct drawing) { .team = 2, .regions = 1 });
	struct csv csv = csv_of(&d->timeline);

	expect_cell(find_row(&csv, 1, "work"), "touched_bytes", "");
	csv_release(&csv);
	drawn_release(d);
}

/* ---- units ---- */

Test(units, that_were_kept_are_all_there)
{
	struct drawn *d = draw((struct drawing) { .team = 2, .regions = 1, .units = 1000 });
	struct csv csv = csv_of(&d->timeline);
	size_t found[2] = { 0 };

	for (size_t r = 0; r < csv.count; r++) {
		const struct row *row = &csv.rows[r];
		if (!is_phase(row, "unit"))
			continue;
		const uint64_t member = number(row, "member");
		const struct unit_record *unit =
			&d->regions[0].members[member].kept_units[found[member]++];
		cr_assert(number(row, "unit") == unit->unit &&
			number(row, "begin_ns") == unit->begin_ns &&
			number(row, "end_ns") == unit->end_ns);
	}
	cr_expect(found[0] == 1000 && found[1] == 1000);
	csv_release(&csv);
	drawn_release(d);
}

Test(units, that_were_done_kept_and_their_time_are_told)
{
	struct drawn *d = draw((struct drawing) { .team = 1, .regions = 1, .units = 10 });
	struct member_record *member = d->regions[0].members;

	member->kept = 7;
	member->body_ns = 4321;
	struct csv csv = csv_of(&d->timeline);
	const struct row *row = find_row(&csv, 0, "work");
	expect_cell(row, "units", "10");
	expect_cell(row, "kept", "7");
	expect_cell(row, "body_ns", "4321");
	csv_release(&csv);
	drawn_release(d);
}

Test(units, below_their_level_are_counted_only)
{
	struct drawn *d = draw((struct drawing) { .team = 1, .regions = 1 });
	struct csv csv = csv_of(&d->timeline);
	const struct row *row = find_row(&csv, 0, "work");

	expect_cell(row, "units", "10");
	expect_cell(row, "kept", "");
	expect_cell(row, "body_ns", "");
	csv_release(&csv);
	drawn_release(d);
}

/* ---- errors ---- */

Test(errors, of_writing_are_returned)
{
	struct drawn *d = draw((struct drawing) { .team = 2, .regions = 1 });
	FILE *full = fopen("/dev/full", "w");

	setvbuf(full, NULL, _IONBF, 0);
	cr_expect_eq(timeline_print_csv(&d->timeline, full), -EIO);
	fclose(full);
	drawn_release(d);
}
