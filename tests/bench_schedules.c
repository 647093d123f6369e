/*
 * bench_schedules: are the schedules that are recommended the right ones? Usage:
 * bench_schedules TINE [CASES [FIRST]]
 *
 * Asks `TINE schedules` about loops of `synthetic`, whose units' costs are known, and plays every
 * schedule that it had to choose from on as many cores: a recommendation is right if it is the fastest
 * there or tied with it, which is to say, not slower by more than the precision that was asked for: 2 %,
 * so that a loop takes seconds. Fails if fewer than 95 % of 100 seeded loops got a right one; "cannot be
 * told" is none. How many are within 1 % is told as well.
 *
 * Then asks about mandelbrot and triangle: what is recommended must take as much less time than plain
 * static as static's budget says that its cores waited, within 5 points. (On two cores mandelbrot, whose
 * lower half mirrors the upper, has next to nothing to win; triangle has a third.)
 *
 * Takes some 15 minutes; leave the machine alone meanwhile.
 */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/simulation.h"

/* The kernel itself, so as to see the steps of each element: they take 1 ns each. */
#define the_file_is_named_synthetic 1
#include "../kernels/synthetic.c"

enum { LOOPS = 100 };

static const double right_least = 0.95, points_most = 5, precision = 0.02, close = 0.01;

/* What dispatch costs, of the size that 'tine predict' finds on current processors. */
static const struct overheads node = {
	.chunk = { [SCHEDULE_DYNAMIC] = { 6, 20 }, [SCHEDULE_GUIDED] = { 6, 20 } },
};

struct loop {
	unsigned shape;
	unsigned long n, mean_ns, seed;
};

/* All shapes in turn; 2 to 8 ms of work in 100 to 3000 elements, drawn by the seed. */
static struct loop loop_of(unsigned long seed)
{
	struct loop loop = { .shape = seed % SHAPES, .seed = seed };

	loop.n = (unsigned long)(100 * pow(30, uniform_of(seed, 1)));
	loop.mean_ns = (unsigned long)(2e6 * pow(4, uniform_of(seed, 2))) / loop.n;
	return loop;
}

/* What the command says of its loop, owned by the caller; NULL if that cannot be read. */
static json_t *ask(const char *command)
{
	FILE *from = popen(command, "r");
	json_t *said = from ? json_loadf(from, 0, NULL) : NULL;
	json_t *loop = json_incref(json_array_get(json_object_get(said, "loops"), 0));

	if (from)
		pclose(from);
	json_decref(said);
	return loop;
}

/* ---- loops whose best schedule is known ---- */

static int costs_of(const struct loop *loop, struct unit_costs *costs)
{
	const struct problem problem = { .size = { .n = loop->n },
		.recipe = { .shape = shapes[loop->shape],
			.mean_ns = loop->mean_ns,
			.seed = loop->seed } };
	double *unit_ns = calloc(loop->n, sizeof(*unit_ns));
	struct input input = { 0 };

	if (!unit_ns || setup(&input, &problem))
		return -ENOMEM;
	fill(&input, (struct range) { 0, loop->n });
	for (unsigned long i = 0; i < loop->n; i++)
		unit_ns[i] = (double)input.steps[i];
	const int error = unit_costs_init(costs, unit_ns, loop->n);
	release(&input);
	free(unit_ns);
	return error;
}

static double time_of(const struct unit_costs *costs, unsigned team, const char *text)
{
	struct message why;
	struct schedule schedule;
	struct prediction p;

	if (schedule_parse(text, &schedule, &why) || simulate(&p, costs, team, schedule, &node))
		return NAN;
	return p.elapsed_ns;
}

/* How much slower than the fastest candidate the recommended one is; NAN if there is none. */
static double judge(const struct unit_costs *costs, const json_t *said)
{
	const unsigned team = (unsigned)json_integer_value(json_object_get(said, "threads"));
	const char *recommended = json_string_value(json_object_get(said, "recommended"));
	const json_t *rows = json_object_get(said, "schedules"), *row;
	double least = INFINITY;
	size_t r;

	json_array_foreach (rows, r, row) {
		const char *schedule = json_string_value(json_object_get(row, "schedule"));
		least = fmin(least, time_of(costs, team, schedule));
	}
	return recommended ? time_of(costs, team, recommended) / least - 1 : NAN;
}

static bool is_right(const char *tine, const struct loop *loop, unsigned long *near)
{
	struct unit_costs costs;
	char command[512];

	snprintf(command, sizeof(command),
		"%s schedules synthetic --variant openmp --shape %s --size %lu --mean-ns %lu "
		"--seed %lu --budget 20s --precision %g --format json 2>/dev/null",
		tine, shapes[loop->shape], loop->n, loop->mean_ns, loop->seed, 100 * precision);
	json_t *said = ask(command);
	if (costs_of(loop, &costs))
		exit(4);
	const char *recommended = json_string_value(json_object_get(said, "recommended"));
	const char *reason = json_string_value(json_object_get(said, "reason"));
	const double slower = judge(&costs, said);
	const bool right = slower <= precision; /* not if NAN: then nothing was recommended */

	*near += slower <= close;
	printf("%3lu  %-12s %5lu x %6lu ns  %-12s %+6.2f %%  %s%s\n", loop->seed,
		shapes[loop->shape], loop->n, loop->mean_ns, recommended ? recommended : "none",
		100 * slower, right ? "right" : "WRONG: ", right || !reason ? "" : reason);
	fflush(stdout);
	unit_costs_release(&costs);
	json_decref(said);
	return right;
}

static bool recommendations_are_right(const char *tine, unsigned long first, unsigned long loops)
{
	unsigned long right = 0, near = 0;

	printf("what is recommended, against the fastest of all by the known costs:\n");
	for (unsigned long seed = first; seed < first + loops; seed++) {
		const struct loop loop = loop_of(seed);
		right += is_right(tine, &loop, &near);
	}
	printf("%lu of %lu recommendations are the fastest or tied with it, %lu within %.0f %% of "
	       "it; %.0f "
	       "%% are asked for\n",
		right, loops, near, 100 * close, 100 * right_least);
	return (double)right >= right_least * (double)loops;
}

/* ---- what the budget promised ---- */

static const json_t *line_of(const json_t *said, const char *schedule)
{
	const json_t *rows = json_object_get(said, "schedules"), *row;
	size_t r;

	json_array_foreach (rows, r, row)
		if (schedule &&
			!strcmp(json_string_value(json_object_get(row, "schedule")), schedule))
			return row;
	return NULL;
}

static double number_at(const json_t *row, const char *object, const char *key)
{
	const json_t *value = json_object_get(json_object_get(row, object), key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static bool budget_keeps_its_promise(const char *tine, const char *kernel)
{
	char command[512];

	snprintf(command, sizeof(command),
		"%s schedules %s --variant openmp --format json 2>/dev/null", tine, kernel);
	json_t *said = ask(command);
	const char *recommended = json_string_value(json_object_get(said, "recommended"));
	const json_t *plain = line_of(said, "static"), *best = line_of(said, recommended);
	const double promised = 100 * number_at(plain, "losses", "wait");
	const double saved = 100 *
		(1 - number_at(best, "seconds", "median") / number_at(plain, "seconds", "median"));

	printf("%s: under static the cores waited for %.1f %% of their time; %s takes %.1f "
	       "%% less time; %.0f points are allowed\n",
		kernel, promised, recommended ? recommended : "none", saved, points_most);
	json_decref(said);
	return fabs(promised - saved) <= points_most;
}

int main(int count, char **arguments)
{
	const unsigned long loops = count > 2 ? strtoul(arguments[2], NULL, 10) : LOOPS;
	const unsigned long first = count > 3 ? strtoul(arguments[3], NULL, 10) : 0;

	if (count < 2) {
		fprintf(stderr, "bench_schedules TINE [LOOPS [FIRST]]\n");
		return 2;
	}
	bool good = recommendations_are_right(arguments[1], first, loops);
	good &= budget_keeps_its_promise(arguments[1], "mandelbrot");
	good &= budget_keeps_its_promise(arguments[1], "triangle");
	return good ? 0 : 1;
}
