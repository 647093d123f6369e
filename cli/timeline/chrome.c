/*
 * chrome: regions as Trace Event JSON.
 *
 * A member is a thread. On its line there is the region, and in it the fork latency, the work with
 * its units, and the wait. The caller is member 0: it has its fork in place of the latency, and in
 * its wait the join, which begins when the last member is done. Arrows lead from the fork to the
 * work of the others. Times are microseconds since the first fork; three decimals make them exact.
 *
 * A slice is a pair of events, B and E, rather than one X with a duration. Readers add ts and dur in
 * floating point, so that one in four slices would not end exactly where the next begins, and
 * speedscope would take half of these for the next one's parent (its issue 487). For its sake, too,
 * neighbours never share a name, and a slice without length is an instant: among slices that touch
 * it would be closed before it was opened.
 */
#include "timeline/timeline.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "timeline/describe.h"

struct trace {
	const struct timeline *timeline;
	FILE *to;
	uint64_t origin_ns; /* what is 0 in the trace */
	char before;        /* the next event: the list's bracket, or a comma */
};

/* The text as a JSON string, which the caller frees; NULL if there is no memory. */
static char *quote(const char *text)
{
	char *ascii = strdup(text);
	json_t *string = json_string(text);

	for (char *c = ascii; c && *c; c++)
		if (*c & 0x80)
			*c = '?';
	if (!string && ascii) /* it was not UTF-8 */
		string = json_string(ascii);
	char *quoted = string ? json_dumps(string, JSON_ENCODE_ANY) : NULL;
	json_decref(string);
	free(ascii);
	return quoted;
}

/*
 * One event; `rest` is the rest of its JSON object. Threads count from 1, since Perfetto takes 0 for
 * the idle task.
 */
static void __attribute__((format(printf, 5, 6)))
event(struct trace *trace, char phase, unsigned member, uint64_t ns, const char *rest, ...)
{
	const uint64_t since_ns = ns - trace->origin_ns;
	va_list args;

	fprintf(trace->to,
		"%c\n{\"ph\":\"%c\",\"pid\":1,\"tid\":%u,\"ts\":%" PRIu64 ".%03" PRIu64 ",",
		trace->before, phase, member + 1, since_ns / 1000, since_ns % 1000);
	trace->before = ',';
	va_start(args, rest);
	vfprintf(trace->to, rest, args);
	va_end(args);
	fputc('}', trace->to);
}

/* A slice with nothing inside. */
static void slice(
	struct trace *trace, unsigned member, uint64_t begin_ns, uint64_t end_ns, const char *name)
{
	if (begin_ns == end_ns) {
		event(trace, 'i', member, begin_ns, "\"name\":\"%s\",\"s\":\"t\"", name);
		return;
	}
	event(trace, 'B', member, begin_ns, "\"name\":\"%s\"", name);
	event(trace, 'E', member, end_ns, "\"name\":\"%s\"", name);
}

/* ---- what is there ---- */

static int print_names(struct trace *trace)
{
	char text[DESCRIPTION_MAX];
	char *process = quote(describe_process(trace->timeline, text));

	if (!process)
		return -ENOMEM;
	event(trace, 'M', 0, trace->origin_ns, "\"name\":\"process_name\",\"args\":{\"name\":%s}",
		process);
	free(process);
	for (unsigned m = 0; m < trace->timeline->team; m++) {
		event(trace, 'M', m, trace->origin_ns,
			"\"name\":\"thread_name\",\"args\":{\"name\":\"%s\"}",
			describe_member(trace->timeline, m, text));
		event(trace, 'M', m, trace->origin_ns,
			"\"name\":\"thread_sort_index\",\"args\":{\"sort_index\":%u}", m);
	}
	return 0;
}

static void print_memory_of(
	struct trace *trace, const char *whose, int number, const struct member_memory *memory)
{
	event(trace, 'C', 0, trace->origin_ns,
		"\"name\":\"memory of %s %d\",\"args\":{\"bytes allocated\":%" PRIu64
		",\"bytes first touched\":%" PRIu64 "}",
		whose, number, memory->allocated_bytes, memory->touched_bytes);
}

/* Of each member, and of each CPU: of the members that stayed on it. */
static int print_memory(struct trace *trace)
{
	const struct timeline *t = trace->timeline;
	struct member_memory *of_cpu = calloc(t->cpus + 1, sizeof(*of_cpu));

	if (!of_cpu)
		return -ENOMEM;
	for (unsigned m = 0; m < t->team; m++) {
		const int cpu = cpu_of_member(t, m);
		print_memory_of(trace, "member", (int)m, &t->memory[m]);
		if (cpu < 0 || (size_t)cpu >= t->cpus)
			continue;
		of_cpu[cpu].allocated_bytes += t->memory[m].allocated_bytes;
		of_cpu[cpu].touched_bytes += t->memory[m].touched_bytes;
	}
	for (size_t cpu = 0; cpu < t->cpus; cpu++)
		if (of_cpu[cpu].allocated_bytes || of_cpu[cpu].touched_bytes)
			print_memory_of(trace, "CPU", (int)cpu, &of_cpu[cpu]);
	free(of_cpu);
	return 0;
}

/* ---- one member of one region ---- */

enum { PLACE_MAX = 80 };

/* Writes ,"cpu":5,"core":2 or as much of it as is known. Returns text. */
static char *print_place(char text[PLACE_MAX], const struct timeline *t, const char *when, int cpu)
{
	const int core = core_of_cpu(t, cpu);
	int length = 0;

	text[0] = 0;
	if (cpu >= 0)
		length = snprintf(text, PLACE_MAX, ",\"cpu%s\":%d", when, cpu);
	if (core >= 0)
		snprintf(text + length, PLACE_MAX - (size_t)length, ",\"core%s\":%d", when, core);
	return text;
}

static void begin_work(struct trace *trace, unsigned member, const struct member_record *m)
{
	const struct timeline *t = trace->timeline;
	const bool moved = m->cpu_complete != m->cpu_start, empty = m->start_ns == m->complete_ns;
	char first[PLACE_MAX], last[PLACE_MAX], body[48] = "";

	if (t->units)
		snprintf(body, sizeof(body), ",\"ns in the body\":%" PRIu64, m->body_ns);
	event(trace, empty ? 'i' : 'B', member, m->start_ns,
		"\"name\":\"work\"%s,\"args\":{\"units\":%" PRIu64 "%s%s%s}",
		empty ? ",\"s\":\"t\"" : "", m->units, print_place(first, t, "", m->cpu_start),
		moved ? print_place(last, t, " at its end", m->cpu_complete) : "", body);
}

static void print_units(struct trace *trace, unsigned member, const struct member_record *m)
{
	uint64_t end_ns = m->start_ns;
	char name[DESCRIPTION_MAX];

	for (size_t k = 0; k < m->kept; k++) {
		const struct unit_record *unit = &m->kept_units[k];
		slice(trace, member, unit->begin_ns, unit->end_ns,
			describe_unit(trace->timeline, unit->unit, name));
		end_ns = unit->end_ns;
	}
	if (trace->timeline->units && m->units > m->kept) {
		snprintf(name, sizeof(name), "%" PRIu64 " further units", m->units - m->kept);
		slice(trace, member, end_ns, m->complete_ns, name);
	}
}

static void print_wait(struct trace *trace, const struct region_record *region, unsigned member)
{
	const uint64_t done_ns = region->members[member].complete_ns;

	if (member || done_ns == region->join_ns) {
		slice(trace, member, done_ns, region->join_ns, "wait");
		return;
	}
	event(trace, 'B', member, done_ns, "\"name\":\"wait\"");
	slice(trace, member, last_complete_ns(trace->timeline, region), region->join_ns, "join");
	event(trace, 'E', member, region->join_ns, "\"name\":\"wait\"");
}

/* ---- one region ---- */

/* One end of the arrow from the caller's fork to a member's work. */
static void arrow(struct trace *trace, char end, size_t region, unsigned member)
{
	const struct timeline *t = trace->timeline;
	const struct region_record *r = &t->regions[region];
	const bool starts = end == 's';

	event(trace, end, starts ? 0 : member, starts ? r->fork_ns : r->members[member].start_ns,
		"\"name\":\"fork\",\"cat\":\"fork\",\"id\":%zu%s", region * t->team + member,
		starts ? "" : ",\"bp\":\"e\"");
}

static void print_fork(struct trace *trace, size_t region)
{
	const struct region_record *r = &trace->timeline->regions[region];
	const uint64_t end_ns = r->members[0].start_ns;
	const bool is_slice = end_ns > r->fork_ns;

	if (is_slice)
		event(trace, 'B', 0, r->fork_ns, "\"name\":\"fork\"");
	for (unsigned m = 1; m < trace->timeline->team; m++)
		if (took_part(r, &r->members[m]))
			arrow(trace, 's', region, m);
	if (is_slice)
		event(trace, 'E', 0, end_ns, "\"name\":\"fork\"");
}

static void print_member(struct trace *trace, size_t region, unsigned member)
{
	const struct region_record *r = &trace->timeline->regions[region];
	const struct member_record *m = &r->members[member];
	char name[DESCRIPTION_MAX];

	if (!took_part(r, m))
		return;
	describe_region(trace->timeline, region, name);
	event(trace, 'B', member, r->fork_ns, "\"name\":\"%s\"", name);
	if (member)
		slice(trace, member, r->fork_ns, m->start_ns, "fork latency");
	else
		print_fork(trace, region);
	begin_work(trace, member, m);
	if (member)
		arrow(trace, 'f', region, member);
	print_units(trace, member, m);
	if (m->start_ns < m->complete_ns)
		event(trace, 'E', member, m->complete_ns, "\"name\":\"work\"");
	print_wait(trace, r, member);
	event(trace, 'E', member, r->join_ns, "\"name\":\"%s\"", name);
}

/* ---- active members ---- */

struct edge {
	uint64_t ns;
	int change; /* of the members at work */
};

static int compare_edges(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	return (x->ns > y->ns) - (x->ns < y->ns);
}

/* One count a moment, also where several members start or complete in the same. */
static void print_active(
	struct trace *trace, const struct region_record *region, struct edge *edges)
{
	size_t count = 1;
	int active = 0;

	edges[0] = (struct edge) { region->fork_ns, 0 };
	for (unsigned m = 0; m < trace->timeline->team; m++) {
		const struct member_record *member = &region->members[m];
		if (!took_part(region, member))
			continue;
		edges[count++] = (struct edge) { member->start_ns, 1 };
		edges[count++] = (struct edge) { member->complete_ns, -1 };
	}
	qsort(edges, count, sizeof(*edges), compare_edges);
	for (size_t e = 0; e < count; e++) {
		active += edges[e].change;
		if (e + 1 == count || edges[e + 1].ns > edges[e].ns)
			event(trace, 'C', 0, edges[e].ns,
				"\"name\":\"members\",\"args\":{\"active\":%d}", active);
	}
}

/* ---- all of it ---- */

static int print_events(struct trace *trace)
{
	const struct timeline *t = trace->timeline;
	struct edge *edges = malloc((1 + 2 * (size_t)t->team) * sizeof(*edges));
	int error = edges ? print_names(trace) : -ENOMEM;

	if (!error && t->memory)
		error = print_memory(trace);
	for (size_t r = 0; r < t->count && !error; r++) {
		for (unsigned m = 0; m < t->team; m++)
			print_member(trace, r, m);
		print_active(trace, &t->regions[r], edges);
	}
	free(edges);
	return error;
}

static int print_about(const struct trace *trace)
{
	const struct timeline *t = trace->timeline;
	char id[CASE_ID_MAX];
	char *host = quote(t->host);

	if (!host)
		return -ENOMEM;
	fprintf(trace->to, "\n],\"otherData\":{\"case\":\"%s\",\"host\":%s,\"recorded\":\"%s\"",
		describe_title(t, id), host, t->units ? "units" : "region");
	if (t->units && !isnan(t->units_cost))
		fprintf(trace->to, ",\"cost of recording units\":%.4f", t->units_cost);
	fputs("}}\n", trace->to);
	free(host);
	return 0;
}

int timeline_print_chrome(const struct timeline *timeline, FILE *to)
{
	struct trace trace = { timeline, to, timeline->regions[0].fork_ns, '[' };

	fputs("{\"traceEvents\":", to);
	int error = print_events(&trace);
	if (!error)
		error = print_about(&trace);
	if (!error && fflush(to))
		error = -errno;
	return !error && ferror(to) ? -EIO : error;
}
