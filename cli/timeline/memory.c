#include "timeline/memory.h"

#include <errno.h>
#include <stdlib.h>

#include "quantity.h"

/* One CPU, or several. */
struct sum {
	int first_cpu, last_cpu; /* -1: unknown */
	unsigned members;
	uint64_t allocated_bytes, touched_bytes;
};

static int by_cpu(const void *a, const void *b)
{
	const struct sum *left = a, *right = b;

	return (left->first_cpu > right->first_cpu) - (left->first_cpu < right->first_cpu);
}

static void add(struct sum *to, const struct sum *from)
{
	to->last_cpu = from->last_cpu;
	to->members += from->members;
	to->allocated_bytes += from->allocated_bytes;
	to->touched_bytes += from->touched_bytes;
}

/* A sum a CPU, in the order of their numbers; returns how many. sums has room for the team. */
static size_t sum_up(const struct timeline *timeline, struct sum *sums)
{
	size_t count = 0;

	for (unsigned m = 0; m < timeline->team; m++) {
		const int cpu = timeline->regions[0].members[m].cpu_start;
		sums[m] = (struct sum) { cpu, cpu, 1, timeline->memory[m].allocated_bytes,
			timeline->memory[m].touched_bytes };
	}
	qsort(sums, timeline->team, sizeof(*sums), by_cpu);
	for (unsigned m = 0; m < timeline->team; m++) {
		if (count && sums[count - 1].last_cpu == sums[m].first_cpu)
			add(&sums[count - 1], &sums[m]);
		else
			sums[count++] = sums[m];
	}
	return count;
}

static void print_line(const char *cpus, const struct sum *sum, FILE *to)
{
	char allocated[QUANTITY_TEXT], touched[QUANTITY_TEXT];

	fprintf(to, "%*s%s %7u %9s %7s\n", (int)(11 - display_width(cpus)), "", cpus, sum->members,
		bytes_print(sum->allocated_bytes, allocated),
		bytes_print(sum->touched_bytes, touched));
}

static void print_sum(const struct sum *sum, FILE *to)
{
	char cpus[32];

	if (sum->first_cpu < 0)
		snprintf(cpus, sizeof(cpus), "?");
	else if (sum->first_cpu == sum->last_cpu)
		snprintf(cpus, sizeof(cpus), "%d", sum->first_cpu);
	else
		snprintf(cpus, sizeof(cpus), "%d–%d", sum->first_cpu, sum->last_cpu);
	print_line(cpus, sum, to);
}

int memory_print(const struct timeline *timeline, size_t lines, FILE *to)
{
	struct sum all = { 0 };

	if (!timeline->memory)
		return 0;
	struct sum *sums = malloc(timeline->team * sizeof(*sums));
	if (!sums)
		return -ENOMEM;
	const size_t count = sum_up(timeline, sums), per_line = (count + lines - 1) / lines;
	fprintf(to, "\nmemory, by the CPU members started on\n");
	fprintf(to, "%11s %7s %9s %7s\n", "CPU", "members", "allocated", "touched");
	for (size_t first = 0; first < count; first += per_line) {
		for (size_t c = first + 1; c < first + per_line && c < count; c++)
			add(&sums[first], &sums[c]);
		print_sum(&sums[first], to);
		add(&all, &sums[first]);
	}
	if (count > 1)
		print_line("all", &all, to);
	free(sums);
	return 0;
}
