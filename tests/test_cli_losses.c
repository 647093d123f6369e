/*
 * cli, losses: what a report says of launches whose stamps are known.
 */
#include "cli_sweep.h"

#include <math.h>

TestSuite(losses, .init = enter_without_gnuplot, .fini = leave_directory, .timeout = 60);

/* A launch of pi, of one region of 1 ms. */
static void add_launch(
	const char *case_fields, const char *crowded, unsigned team, const char *members)
{
	char line[1000];

	snprintf(line, sizeof(line),
		"{\"case\":\"\",\"kernel\":\"pi\",%s,\"size\":1000,\"grain\":8192,\"default_"
		"grain\":true,"
		"\"round\":0,\"status\":\"ok\",\"why\":\"\",\"took_ns\":100000000,\"crowded\":%s,"
		"\"throttled\":0,\"steal_ns\":0,\"result\":\"3\",\"clock\":\"tsc\",\"team\":%u,"
		"\"repeats\":1,\"preempted\":0,\"regions\":[{\"ns\":1000000.0,\"fork\":0,"
		"\"join\":1000000,\"members\":[%s]}]}\n",
		case_fields, crowded, team, members);
	append_text("D/launches.jsonl", line);
}

static void add_sequential(void)
{
	add_launch("\"variant\":\"sequential\",\"threads\":1,\"schedule\":\"none\",\"chunk\":null",
		"false", 1, "[0,1000000,1,0,0]");
}

/* Of 2 ms, 0.02 are fork, 0.5 wait, and 0.2 join; of the rest the sequential run takes 1. */
static void add_openmp(const char *crowded)
{
	add_launch("\"variant\":\"openmp\",\"threads\":2,\"schedule\":\"static\",\"chunk\":null",
		crowded, 2, "[10000,400000,3200,0,0],[10000,900000,3200,1,1]");
}

static const char *report(void)
{
	const struct told told = tine("report", "D");

	expect_code(&told, 0);
	return told.out;
}

/* The report on one launch of openmp under static, beside a sequential one. */
static const char *report_known(void)
{
	small_sweep();
	put_text("D/launches.jsonl", "");
	add_sequential();
	add_openmp("false");
	return report();
}

Test(losses, are_told_in_one_sentence)
{
	expect_words(report_known(),
		"50 % of the cores' time was lost, most of it waiting for member 1, whose units "
		"cost "
		"39 % more than the mean: try dynamic,32");
}

Test(losses, are_printed_in_per_cent)
{
	expect_match(report_known(),
		"^ +pi +openmp +2 +static +2.000 ms +50.0 +14.0 +1.0 +in body +25.0 +10.0 +64.0 "
		"+71.9$");
}

Test(losses, in_markdown_are_core_seconds_too)
{
	report_known();
	expect_words(file_text("D/losses.md"),
		"| 2.000 ms | 50.0 % (1.000 ms) | 14.0 % (0.280 ms) | 1.0 % (0.020 ms) | in body | "
		"25.0 % (0.500 ms) | 10.0 % (0.200 ms) | 64.0 | 71.9 | 56.2 | 100.0 × 75.0 × 85.3 "
		"|");
}

Test(losses, in_csv_are_core_seconds_and_per_cent)
{
	report_known();
	expect_match(file_text("D/losses.csv"),
		"^pi/openmp/t2/static/"
		"n1000,pi,openmp,2,static,,1000,8192,1,0,2,false,true,0.001,0.002,"
		"0.001,0.00028,2e-05,,,,0.0005,0.0002,50,14,1,,,,25,10,,0.64,");
}

Test(losses, of_every_parallel_case_have_a_row)
{
	report_known();
	cr_expect_eq(count_words(file_text("D/losses.csv"), "pi/openmp/t2/"),
		count_words(file_text("D/run.json"), "\"case\": \"pi/openmp/t2/"));
	cr_expect_eq(count_words(file_text("D/losses.csv"), "pi/sequential/"), 0);
}

Test(losses, of_a_case_without_launches_are_not_measured)
{
	report_known();
	expect_match(file_text("D/losses.csv"), "^pi/openmp/t2/guided/.*,,,,not measured$");
}

Test(losses, where_threads_share_cpus_are_of_threads)
{
	small_sweep();
	put_text("D/launches.jsonl", "");
	add_sequential();
	add_openmp("true");
	const char *out = report();
	expect_words(out, "50 % of the threads' time was lost");
	expect_words(out, "try no more threads than there are CPUs");
	expect_match(out, "^ +pi +openmp +2 +static +2.000 ms \\* ");
	expect_words(out, "* threads share CPUs");
}

Test(losses, without_a_sequential_time_are_not_known)
{
	small_sweep();
	put_text("D/launches.jsonl", "");
	add_openmp("false");
	expect_words(report(), "there is no sequential time to compare with");
}

/* The sum of a row's columns, so many from the first on. */
static double sum_of(const char *line, unsigned first, unsigned count)
{
	double sum = 0;

	for (unsigned column = 0; column < first + count; column++) {
		if (column >= first)
			sum += strtod(line, NULL);
		line = strchr(line, ',') + 1;
	}
	return sum;
}

Test(losses, of_real_launches_add_up_to_100_per_cent)
{
	enum { TOTAL = 14, SECONDS = 15, PER_CENT = 23, PARTS = 8 };
	const struct told told = tine("sweep", "collatz", "--quick", "--size", "20000", "--threads",
		"2", "--schedule", "static", "--schedule", "guided", "--launches", "1", "--out",
		"D");
	unsigned rows = 0;

	expect_code(&told, 0);
	for (char *rest = file_text("D/losses.csv"), *line; (line = strtok_r(rest, "\n", &rest));)
		if (!strncmp(line, "collatz/", 8) && sum_of(line, TOTAL, 1) > 0) {
			rows++;
			cr_expect_float_eq(sum_of(line, PER_CENT, PARTS), 100, 1e-6, "%s", line);
			cr_expect_float_eq(sum_of(line, SECONDS, PARTS) / sum_of(line, TOTAL, 1), 1,
				1e-8, "%s", line);
		}
	cr_expect_geq(rows, 1);
}
