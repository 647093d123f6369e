/*
 * readers: what the value behind each option means. The table of options (options.c) names one of
 * these a row; where one name has another meaning for another command, there is a reader of each.
 */
#ifndef READERS_H
#define READERS_H

#include "message.h"
#include "options.h"

/*
 * Reads the text behind an option, NULL of one that takes none, into the options; a text that is
 * kept points into argv. An option that may be given more than once adds. Returns 0, or -EINVAL and
 * a message that names the option and says what would be right.
 */
typedef int read_value(struct options *into, const char *text, struct message *why);

/* which cases */
read_value read_variant, read_threads, read_cores, read_schedule, read_chunks, read_all;
read_value read_size, read_grain, read_image, read_scaling, read_bind, read_wait;

/* how variants go about it */
read_value read_keep, read_switch_interval;

/* what kernels are told */
read_value read_gamma, read_shape, read_mean_ns, read_seed;

/* how much is measured, and when */
read_value read_launches, read_samples, read_precision, read_budget, read_limit, read_quick;
read_value read_regions, read_resume, read_turns;

/* what differs: of comparisons */
read_value read_margin, read_relative, read_fail_above;

/* what is written, and where: pictures, runs, tables, timelines, plots */
read_value read_output, read_out, read_format, read_drawing, read_output_file, read_plot_output;

/* how a program is traced */
read_value read_stamp_chunks, read_pthreads, read_max_memory, read_directory;

/* what is told of a program that was watched */
read_value read_report_format;

read_value read_help;

#endif
