#include <math.h>

#include "lessons/find.h"

#define SCHEDULES                                                                                  \
	"--threads {pair} --variant openmp --schedule static --schedule static,1 --schedule "      \
	"dynamic,1 --schedule guided"

/*
 * Sizes are such that most regions take a few milliseconds: long enough for forks not to matter, but where
 * they are to, and short enough for a machine that others use, too, to leave half of them alone.
 *
 * Bounds leave room for what else differs between two ways to run the same work: a variant that gains
 * nothing may measure a few per cent beside 1, and what is only concurrent is never called parallel for
 * that.
 */
const struct lesson lessons[] = {
	{
		.belief = "Using threads gives parallelism",
		.experiments = { "run sum_squares --size 500000000 --threads {pair} --variant pthread "
				 "--variant one-core --variant global-lock" },
		.python = true,
		.statements = {
			{ "the speedup of threads on one core", find_ratio,
				.of = { ONE_CORE, TEAM_PAIR }, .most = 1.1 },
			{ "the speedup of threads under one lock", find_ratio,
				.of = { GLOBAL_LOCK, TEAM_PAIR }, .most = 1.1 },
			{ "the speedup of Python's threads", find_python, .most = 1.1 },
			{ "the speedup of threads with a core each", find_ratio,
				.of = { PTHREAD, TEAM_PAIR }, .least = 1.25, .most = INFINITY },
		},
		.shown = "threads are concurrent, and parallel only where each has a core and no lock "
			 "lets but one of them run",
		.else_ = "so it is where there is only one core, or others use it",
	},
	{
		.belief = "Parallel is always faster",
		.experiments = { "grain sum_squares --threads {pair} --variant openmp --variant "
				 "pthread" },
		.statements = {
			{ "the speedup of openmp at the smallest size", find_first_of_curve,
				.of = { OPENMP, TEAM_PAIR }, .most = 0.9 },
			{ "the speedup of pthread at the smallest size", find_first_of_curve,
				.of = { PTHREAD, TEAM_PAIR }, .most = 0.9 },
		},
		.shown = "where there is little to do, a fork costs more than it saves",
		.else_ = "the smallest size was large enough for a fork",
	},
	{
		.belief = "More threads are always better",
		.experiments = { "run sum_squares --size 100000000 --threads {crowd} --variant "
				 "pthread" },
		.statements = {
			{ "the time with 8 threads a core, to that with one a hardware thread,",
				find_ratio, .of = { PTHREAD, TEAM_HARDWARE },
				.over = { PTHREAD, TEAM_CROWD }, .least = 1.02, .most = INFINITY },
		},
		.shown = "beyond the cores, threads only cost what it takes to make them and to take "
			 "turns",
		.else_ = "what more threads cost was too little to show here",
	},
	{
		.belief = "Asynchronous code is faster",
		.experiments = { "run fetch --scale 0.01 --threads 3 --variant pthread --variant event-loop",
			"run sum_squares --size 100000000 --threads {pair} --variant pthread "
			"--variant event-loop" },
		.statements = {
			{ "the speedup of an event loop on three waits", find_ratio, 0,
				{ EVENT_LOOP, .threads = 3 }, .least = 1.5, .most = INFINITY },
			{ "that of a thread for each", find_ratio, 0,
				{ PTHREAD, .threads = 3 }, .least = 1.5, .most = INFINITY },
			{ "that of an event loop on a loop that computes", find_ratio, 1,
				{ EVENT_LOOP, TEAM_PAIR }, .most = 1.1 },
		},
		.shown = "an event loop lets waits overlap, as threads do, and computes no faster than "
			 "one thread, which is what it is",
		.else_ = "a loop that is held up by other load shows neither",
	},
	{
		.belief = "Concurrency and parallelism exclude one another",
		.experiments = { "run mixed --scale 0.005 --threads 2,6 --variant pthread --variant "
				 "event-loop" },
		.statements = {
			{ "the time of six waits that overlap and work on one core, to that with threads "
			  "for each,", find_ratio, .of = { PTHREAD, .threads = 6 },
				.over = { EVENT_LOOP, .threads = 6 }, .least = 1.1,
				.most = INFINITY },
			{ "that of two threads, which compute at once but wait for one after another,",
				find_ratio, .of = { PTHREAD, .threads = 6 },
				.over = { PTHREAD, .threads = 2 }, .least = 1.1, .most = INFINITY },
		},
		.shown = "concurrency is for waiting and parallelism for work, and both together are "
			 "best for what has both",
		.else_ = "so it is with one core, or where others use the second",
	},
	{
		.belief = "With p cores the speedup is p",
		.experiments = { "run triad --threads {ladder} --variant openmp",
			"run synthetic --shape giant --size 1766 --mean-ns 1000 --threads {ladder} "
			"--variant openmp --schedule dynamic,1" },
		.statements = {
			{ "the speedup of triad, which hangs on memory, to the number of cores",
				find_share_of_law, 0, { OPENMP, TEAM_CORES }, .most = 0.9 },
			{ "that of synthetic, half of whose work one core has to do last,",
				find_share_of_law, 1, { OPENMP, TEAM_CORES }, .most = 0.9 },
			{ "the same to what Amdahl's law allows", find_share_of_law, 1,
				{ OPENMP, TEAM_CORES }, .serial = 0.5, .least = 0.9, .most = 1.1 },
		},
		.shown = "cores share the memory, and what only one of them can do holds up all others",
		.else_ = "so it is with one core, or where the memory is wide enough for all",
	},
	{
		.belief = "The default schedule will do",
		.experiments = { "run mandelbrot --size 256x256 " SCHEDULES,
			"run triangle --size 8000 " SCHEDULES },
		.quorum = QUORUM_ANY,
		.statements = {
			{ "the time of mandelbrot, whose halves are alike, under static, to that under "
			  "the fastest schedule,",
				find_static_to_fastest, 0, { OPENMP, TEAM_PAIR }, .least = 1.05,
				.most = INFINITY },
			{ "that of triangle, whose rows get longer,", find_static_to_fastest, 1,
				{ OPENMP, TEAM_PAIR }, .least = 1.05, .most = INFINITY },
		},
		.shown = "where some rows cost more than others, equal numbers of them are not equal work",
		.else_ = "with so many threads, equal parts happen to cost the same",
	},
};

const size_t lesson_count = sizeof(lessons) / sizeof(lessons[0]);
