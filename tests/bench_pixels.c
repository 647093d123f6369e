/*
 * bench_pixels: how fast are the pixel kernels beside libraries that do the same?
 * Usage: bench_pixels [WIDTHxHEIGHT]
 *
 * Each kernel's real variants, sequential against one thread of a library and openmp and pool against
 * as many threads as there are cores, over the same picture in memory, made to fit huge pages or not
 * by the same function. Both write to memory that was written before. Kernel and library take turns:
 * in each round either side pauses until threads that spin have gone to sleep, warms up, and works for
 * some milliseconds; the ratio is of the medians within a round, and the median over rounds counts,
 * with its 95 % interval.
 *
 * Results are compared byte for byte: OpenCV's must be the same. Of the others it is told how many of
 * the bytes differ and by how much; where more differ by more than 1 than lie at a border, theirs is
 * another job, and counts for nothing.
 *
 * A goal is missed if all of the interval lies below it. Fails if one is, and names it.
 */
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/stats.h"
#include "clock.h"
#include "image.h"
#include "machine/topology.h"
#include "pattern.h"
#include "rivals/rival.h"
#include "team/team.h"

enum { ROUNDS = 25, TIMES_MAX = 9 };

static const double turn_ns = 6e6;
static const double still_share = 0.02; /* of a CPU: what a process that sleeps uses, at most */
static const double edge_share = 0.01;  /* of the bytes: what borders are, at most */

static const struct {
	const char *kernel;
	double beside_opencv, beside_others; /* times as fast */
} goals[JOBS] = {
	[GRAY] = { "pixel_gray", 1.5, 5 },
	[GAMMA] = { "pixel_gamma", 1.5, 5 },
	[BLUR] = { "pixel_blur", 1.5, 5 },
	[SOBEL] = { "pixel_sobel", 1.5, 5 },
	[INVERT] = { "pixel_invert", 1, 5 },
};

static const struct rival *const rivals[] = {
#ifdef HAVE_OPENCV
	&rival_opencv,
#endif
#ifdef HAVE_GRAPHICSMAGICK
	&rival_graphicsmagick,
#endif
#ifdef HAVE_VIPS
	&rival_vips,
#endif
	NULL
};

struct bench {
	struct clock clock;
	struct picture source;
	struct canvas canvas;
	struct input *input[JOBS];
	struct output ours[JOBS];
	unsigned cores;
	bool missed;
};

/* One side of a comparison. */
struct side {
	region_fn *region; /* ours, if there is one */
	struct team team;
	const struct rival *rival;
	struct rival_state *state;
	enum job job;
};

static void give_up(const char *what)
{
	fprintf(stderr, "bench_pixels: %s\n", what);
	exit(4);
}

/* ---- one side, once ---- */

static double run_once(struct bench *b, struct side *s)
{
	if (s->region)
		team_reset(&s->team);
	else if (s->rival->jobs[s->job].ready)
		s->rival->jobs[s->job].ready(s->state);
	const uint64_t begin = clock_ticks(&b->clock);
	if (s->region)
		s->region(&s->team);
	else
		s->rival->jobs[s->job].run(s->state);
	const uint64_t ticks = clock_ticks(&b->clock) - begin;
	if (!s->region && s->rival->jobs[s->job].take)
		s->rival->jobs[s->job].take(s->state);
	return (double)ticks * b->clock.ns_per_tick;
}

static double cpu_ns(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return 1e9 * (double)used.tv_sec + (double)used.tv_nsec;
}

/* Sleeps until the other side's threads do: they spin for milliseconds, libomp's for 200. */
static void wait_for_stillness(void)
{
	const struct timespec pause = { .tv_nsec = 4000000 };
	double before;

	do {
		before = cpu_ns();
		nanosleep(&pause, NULL);
	} while (cpu_ns() - before > still_share * (double)pause.tv_nsec);
}

/* A turn's median, in nanoseconds. */
static double take_turn(struct bench *b, struct side *s)
{
	double ns[TIMES_MAX], sum = 0;
	size_t times = 0;

	wait_for_stillness();
	run_once(b, s);
	while (times < TIMES_MAX && sum < turn_ns)
		sum += ns[times++] = run_once(b, s);
	return stats_median(ns, times);
}

/* ---- what came out ---- */

struct difference {
	double share, share_over_1; /* of the bytes: that differ, and by more than 1 */
	int most;
};

static struct difference compare(const uint8_t *a, const uint8_t *b, size_t bytes)
{
	size_t differing = 0, over_1 = 0;
	int most = 0;

	for (size_t i = 0; i < bytes; i++) {
		const int apart = abs(a[i] - b[i]);
		differing += apart != 0;
		over_1 += apart > 1;
		most = apart > most ? apart : most;
	}
	return (struct difference) { (double)differing / (double)bytes,
		(double)over_1 / (double)bytes, most };
}

static struct difference difference_of(struct bench *b, struct side *theirs)
{
	const struct output *ours = &b->ours[theirs->job];

	memset(b->canvas.to, 0, ours->bytes);
	run_once(b, theirs);
	return compare(ours->data, b->canvas.to, ours->bytes);
}

static bool same_job(struct difference d)
{
	return d.share_over_1 <= edge_share;
}

/* ---- both sides ---- */

static void judge(struct bench *b, const struct estimate *ratio, double goal, bool counts)
{
	const bool missed = counts && ratio->high < goal;

	b->missed |= missed;
	if (!counts)
		printf("  another job\n");
	else
		printf("  %s %g\n",
			missed                      ? "MISSED"
				: ratio->low < goal ? "cannot tell from"
						    : "reached",
			goal);
}

static void compare_sides(struct bench *b, struct side *ours, struct side *theirs,
	const char *variant, unsigned threads)
{
	const bool opencv = !strcmp(theirs->rival->name, "opencv");
	const struct difference d = difference_of(b, theirs);
	double mine[ROUNDS], other[ROUNDS], ratios[ROUNDS];

	for (int r = 0; r < ROUNDS; r++) {
		mine[r] = take_turn(b, ours);
		other[r] = take_turn(b, theirs);
		ratios[r] = other[r] / mine[r];
	}
	const struct estimate ratio = stats_estimate(ratios, ROUNDS);
	printf("%-12s %-10s %7u %8.3f  %-14s %8.3f %7.2f (%.2f to %.2f) %7.3f %% %4d",
		goals[ours->job].kernel, variant, threads, 1e-6 * stats_median(mine, ROUNDS),
		theirs->rival->name, 1e-6 * stats_median(other, ROUNDS), ratio.median, ratio.low,
		ratio.high, 100 * d.share, d.most);
	if (opencv && d.most) {
		printf("  NOT THE SAME\n");
		b->missed = true;
	} else {
		judge(b, &ratio,
			opencv ? goals[ours->job].beside_opencv : goals[ours->job].beside_others,
			same_job(d));
	}
	fflush(stdout);
}

static void ready_team(
	struct bench *b, struct side *s, enum variant variant, unsigned threads, enum job job)
{
	const struct kernel_entry *entry = kernel_find(goals[job].kernel);
	const struct team_plan plan = {
		.kernel = entry->kernel,
		.input = b->input[job],
		.n = b->source.height,
		.grain = entry->kernel->grain,
		.variant = variant,
		.threads = threads,
		.schedule = { .kind = SCHEDULE_STATIC },
		.clock = &b->clock,
	};
	struct message why;

	*s = (struct side) { .region = entry->region[variant], .job = job };
	if (team_init(&s->team, &plan, &why))
		give_up(why.text);
}

static void measure(struct bench *b, const struct rival *rival, struct rival_state *state,
	enum variant variant, unsigned threads)
{
	rival->threads(state, (int)threads);
	for (enum job job = 0; job < JOBS; job++) {
		struct side ours, theirs = { .rival = rival, .state = state, .job = job };
		if (!rival->jobs[job].run)
			continue;
		ready_team(b, &ours, variant, threads, job);
		compare_sides(b, &ours, &theirs, variant_name(variant), threads);
		team_release(&ours.team);
	}
}

/* ---- before and after ---- */

/* A kernel's input, and its output in place. */
static void prepare(struct bench *b, enum job job)
{
	const struct kernel *kernel = kernel_find(goals[job].kernel)->kernel;
	const struct problem problem = {
		.size = { b->source.height, b->source.width, b->source.height },
		.picture = &b->source,
		.gamma = b->canvas.gamma,
	};
	struct side once;

	b->input[job] = calloc(1, kernel->input_bytes);
	if (!b->input[job] || kernel->setup(b->input[job], &problem))
		give_up("no memory");
	kernel->fill(b->input[job], (struct range) { 0, b->source.height });
	ready_team(b, &once, SEQUENTIAL, 1, job);
	run_once(b, &once);
	team_release(&once.team);
	b->ours[job] = kernel->output(b->input[job]);
}

static void open_bench(struct bench *b, const char *size)
{
	static uint8_t table[256];
	unsigned width = 3840, height = 2160;
	struct topology topology;
	struct message why;

	if (size && sscanf(size, "%ux%u", &width, &height) != 2)
		give_up("usage: bench_pixels [WIDTHxHEIGHT]");
	b->clock = clock_calibrate();
	if (topology_load(&topology, &why) || picture_generate(width, height, &b->source, &why))
		give_up(why.text);
	b->cores = topology.cores;
	topology_release(&topology);
	b->canvas.gamma = 2.2;
	for (int v = 0; v < 256; v++)
		table[v] = (uint8_t)lround(255 * pow(v / 255.0, 1 / b->canvas.gamma));
	for (enum job job = 0; job < JOBS; job++)
		prepare(b, job);
	b->canvas.width = (int)width;
	b->canvas.height = (int)height;
	b->canvas.rgb = b->source.pixels;
	b->canvas.gray = b->ours[GRAY].data;
	b->canvas.table = table;
	b->canvas.to = kernel_alloc(row_bytes(&b->source), height);
	if (!b->canvas.to)
		give_up("no memory");
}

static void close_bench(struct bench *b)
{
	for (enum job job = 0; job < JOBS; job++) {
		kernel_find(goals[job].kernel)->kernel->release(b->input[job]);
		free(b->input[job]);
	}
	free(b->canvas.to);
	picture_release(&b->source);
}

/* What is freed stays with us, so that no library pays for fresh pages at each run. */
static void keep_memory(void)
{
	mallopt(M_MMAP_MAX, 0);
	mallopt(M_TRIM_THRESHOLD, INT32_MAX);
	mallopt(M_TOP_PAD, 64 << 20);
}

int main(int argc, char **argv)
{
	struct bench b = { 0 };

	if (!rivals[0])
		give_up("built with no library to compare with: see 'make deps-bench'");
	keep_memory();
	open_bench(&b, argc > 1 ? argv[1] : NULL);
	printf("%ux%u RGB, times in ms; ratio: times as fast as theirs, with its 95 %% "
	       "interval\n\n",
		b.source.width, b.source.height);
	printf("%-12s %-10s %7s %8s  %-14s %8s %7s %16s %9s %4s  %s\n", "kernel", "variant",
		"threads", "ours", "library", "theirs", "ratio", "", "differ", "by", "goal");
	for (size_t i = 0; rivals[i]; i++) {
		struct rival_state *state = rivals[i]->open(&b.canvas);
		if (!state)
			give_up(rivals[i]->name);
		measure(&b, rivals[i], state, SEQUENTIAL, 1);
		if (b.cores > 1) {
			measure(&b, rivals[i], state, OPENMP, b.cores);
			measure(&b, rivals[i], state, POOL, b.cores);
		}
		rivals[i]->close(state);
	}
	close_bench(&b);
	return b.missed ? 1 : 0;
}
