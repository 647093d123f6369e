/*
 * commands: what each subcommand does; main.c has their table.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "analysis/summary.h"
#include "options.h"

/* Each returns the process's exit code. */
int command_list(const struct options *options);
int command_run(const struct options *options);
int command_tasks(const struct options *options);
int command_sweep(const struct options *options);
int command_compare(const struct options *options);
int command_report(const struct options *options);
int command_schedules(const struct options *options);
int command_timeline(const struct options *options);
int command_predict(const struct options *options);
int command_grain(const struct options *options);
int command_roof(const struct options *options);
int command_overhead(const struct options *options);
int command_trace(const struct options *options);
int command_advise(const struct options *options);
int command_doctor(const struct options *options);
int command_launch(const struct options *options);

/* Prints "tine: MESSAGE" on stderr and returns the exit code that fits a negative errno. */
int complain(int error, const struct message *why);

/* Says on stderr if there are cases all of whose launches were disturbed, and what to do. */
void tell_disturbed(const struct summaries *all);

/* What the launches' results mean for the exit code: a wrong one is worse than a failed one. */
int exit_code_of(const struct launch_record *launches, size_t count);

#endif
