/*
 * oracle: what a kernel would take on teams of any size: measured unit by unit on one core, played by
 * schedule, and measured where the cores are there.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include "analysis/simulation.h"
#include "analysis/stats.h"
#include "message.h"
#include "node.h"
#include "options.h"
#include "plan.h"

/* One team and schedule. */
struct oracle_row {
	struct prediction prediction;
	struct bounds bounds;
	bool best;     /* of all schedules that were tried on this team */
	bool measured; /* on the cores there are */
	struct estimate seconds;
	char why[sizeof(struct message)]; /* it was to be measured, and was not */
};

struct oracle {
	const struct options *options;
	enum variant variant;
	struct plan plan;
	struct run run;
	unsigned cores;                     /* here */
	struct case_spec sequential, alone; /* one core without and with the variant's team */
	struct case_spec together;          /* all cores at once */
	struct unit_costs costs;            /* on one core while the others are idle */
	struct unit_costs busy_costs;       /* while they are not, but for memory's limit */
	double sequential_s;
	struct node node;
	double slowdown; /* of this kernel's units on all cores at once, memory's limit aside */
	struct oracle_row *rows;
	size_t count;
};

/* Of the best schedules: those within this share of the fastest are tied, the simplest is taken. */
extern const double oracle_tolerance;

/*
 * Measures, predicts and measures again, as the options say; call process_block_signals first. The
 * teams are options->cores or some usual ones, the schedules options->schedules or static, and the
 * best of all. Returns 0 or a negative errno; the caller releases in both cases.
 */
int oracle_ask(struct oracle *oracle, const struct options *options, enum variant variant,
	struct message *why);
void oracle_release(struct oracle *oracle);

/* The case a row predicts. */
struct case_spec oracle_case(const struct oracle *oracle, const struct oracle_row *row);

#endif
