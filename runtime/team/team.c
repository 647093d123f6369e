#include "team/team.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

enum { STACK_BYTES = 1 << 20 };

static const struct {
	const char *name, *what;
} variants[VARIANTS] = {
	[SEQUENTIAL] = { "sequential",
		"the plain loop, no threads: the baseline of every speedup" },
	[OPENMP] = { "openmp", "omp parallel for schedule(runtime), by the OpenMP library" },
	[PTHREAD] = { "pthread", "threads created and joined in every region" },
	[POOL] = { "pool", "threads that persist from region to region and wait" },
};

const char *variant_name(enum variant variant)
{
	return variants[variant].name;
}

const char *variant_what(enum variant variant)
{
	return variants[variant].what;
}

int variant_parse(const char *name, enum variant *into)
{
	for (int v = 0; v < VARIANTS; v++) {
		if (strcmp(name, variants[v].name))
			continue;
		*into = v;
		return 0;
	}
	return -EINVAL;
}

const struct kernel_entry *kernel_find(const char *name)
{
	for (unsigned i = 0; i < kernel_count; i++)
		if (!strcmp(kernel_table[i].kernel->name, name))
			return &kernel_table[i];
	for (unsigned i = 0; i < ceiling_count; i++)
		if (!strcmp(ceiling_table[i].kernel->name, name))
			return &ceiling_table[i];
	return NULL;
}

static int set_cpu(pthread_attr_t *attr, int cpu)
{
	const size_t count = (size_t)cpu + 1, bytes = CPU_ALLOC_SIZE(count);
	cpu_set_t *set = CPU_ALLOC(count);

	if (!set)
		return ENOMEM;
	CPU_ZERO_S(bytes, set);
	CPU_SET_S((size_t)cpu, bytes, set);
	const int error = pthread_attr_setaffinity_np(attr, bytes, set);
	CPU_FREE(set);
	return error;
}

static int make_attr(pthread_attr_t *attr, const int *cpu)
{
	const int error = pthread_attr_init(attr);

	if (error)
		return error;
	pthread_attr_setstacksize(attr, STACK_BYTES);
	return cpu ? set_cpu(attr, *cpu) : 0;
}

static int make_attrs(struct team *team)
{
	team->attrs = calloc(team->threads, sizeof(*team->attrs));
	if (!team->attrs)
		return ENOMEM;
	for (unsigned m = 0; m < team->threads; m++) {
		const int error = make_attr(&team->attrs[m], team->cpus ? &team->cpus[m] : NULL);
		if (error)
			return error;
	}
	return 0;
}

/* So many that no two members write to one. */
static size_t whole_lines(size_t bytes)
{
	const size_t line = _Alignof(struct seat);

	return (bytes + line - 1) / line * line;
}

static int make_seats(struct team *team, size_t partial_bytes)
{
	const size_t line = _Alignof(struct seat);

	team->partial_stride = whole_lines(partial_bytes);
	team->partials = aligned_alloc(line, team->threads * team->partial_stride);
	team->seats = aligned_alloc(line, team->threads * sizeof(*team->seats));
	if (!team->partials || !team->seats)
		return ENOMEM;
	memset(team->seats, 0, team->threads * sizeof(*team->seats));
	for (unsigned m = 0; m < team->threads; m++) {
		team->seats[m].team = team;
		team->seats[m].member = m;
		team->seats[m].partial =
			(struct partial *)((char *)team->partials + m * team->partial_stride);
	}
	return 0;
}

/* Touched now, since in a region it would take time. */
static int make_stamps(struct team *team, size_t room)
{
	const size_t stride = whole_lines(room * sizeof(struct unit_stamp));

	if (!room)
		return 0;
	team->stamps = aligned_alloc(_Alignof(struct seat), team->threads * stride);
	if (!team->stamps)
		return ENOMEM;
	memset(team->stamps, 0, team->threads * stride);
	for (unsigned m = 0; m < team->threads; m++) {
		team->seats[m].stamps = (struct unit_stamp *)((char *)team->stamps + m * stride);
		team->seats[m].room = room;
	}
	return 0;
}

static unsigned allowed_cpus(void)
{
	cpu_set_t set[16]; /* of 1024 CPUs each: the kernel refuses a mask that is too small */

	return sched_getaffinity(0, sizeof(set), set) ? 1 : (unsigned)CPU_COUNT_S(sizeof(set), set);
}

static int make_crew(struct team *team, enum wait wait, struct message *why)
{
	const struct crew_plan plan = {
		.threads = team->threads,
		.attrs = team->attrs,
		.posts = &team->seats[0].post,
		.stride = sizeof(*team->seats),
		.wait = wait,
		.crowded = !team->cpus && team->threads > allowed_cpus(),
	};

	return -crew_create(&team->crew, &plan, why);
}

int team_init(struct team *team, const struct team_plan *plan, struct message *why)
{
	int error;

	memset(team, 0, sizeof(*team));
	team->input = plan->input;
	team->n = plan->n;
	team->grain = plan->grain;
	team->units = plan->n / plan->grain + (plan->n % plan->grain != 0);
	team->threads = plan->threads;
	team->schedule = plan->schedule;
	team->cpus = plan->cpus;
	team->clock = plan->clock;
	error = make_seats(team, plan->kernel->partial_bytes);
	if (!error)
		error = make_attrs(team);
	if (!error)
		error = make_stamps(team, plan->room);
	if (!error)
		error = -deal_init(&team->deal, team->schedule, team->units, team->threads);
	if (error)
		fail(why, -error, "cannot prepare a team of %u: %s", plan->threads,
			strerror(error));
	else if (plan->variant == POOL)
		error = make_crew(team, plan->wait, why);
	if (error)
		team_release(team);
	return -error;
}

void team_release(struct team *team)
{
	crew_destroy(team->crew);
	for (unsigned m = 0; team->attrs && m < team->threads; m++)
		pthread_attr_destroy(&team->attrs[m]);
	free(team->attrs);
	deal_release(&team->deal);
	free(team->stamps);
	free(team->partials);
	free(team->seats);
	memset(team, 0, sizeof(*team));
}

void team_reset(struct team *team)
{
	for (unsigned m = 0; m < team->threads; m++) {
		struct seat *seat = &team->seats[m];
		seat->start = seat->complete = seat->units = seat->body = 0;
		seat->kept = 0;
		seat->memory = (struct memory_use) { 0 };
		seat->cpu_start = seat->cpu_complete = -1;
	}
	memset(team->partials, 0, team->threads * team->partial_stride);
	deal_reset(&team->deal);
}

struct filler {
	const struct team *team;
	fill_fn *fill;
	unsigned member;
	pthread_t thread;
};

static void *fill_share(void *argument)
{
	const struct filler *mine = argument;
	const struct team *team = mine->team;
	struct memory_use *memory = &team->seats[mine->member].memory;
	struct share share = {
		.schedule = { .kind = SCHEDULE_STATIC },
		.units = team->units,
		.member = mine->member,
		.team = team->threads,
	};
	struct range units;

	memory_mark(memory);
	while (schedule_next(&share, NULL, &units)) {
		const uint64_t first = units.first * team->grain;
		const uint64_t end = unit_elements(units.end - 1, team->grain, team->n).end;
		mine->fill(team->input, (struct range) { first, end });
	}
	memory_since(memory);
	return NULL;
}

/* Members first to end - 1, all at once; member 0 is the caller. */
static int fill_members(
	const struct team *team, fill_fn *fill, unsigned first, unsigned end, struct message *why)
{
	struct filler *fillers = calloc(team->threads, sizeof(*fillers));
	unsigned created = first ? first : 1;
	int error = 0;

	if (!fillers)
		return fail(why, -ENOMEM, "no memory to fill the input");
	for (unsigned m = first; m < end; m++)
		fillers[m] = (struct filler) { .team = team, .fill = fill, .member = m };
	for (; created < end && !error; created += !error) {
		struct filler *filler = &fillers[created];
		error = pthread_create(&filler->thread, &team->attrs[created], fill_share, filler);
	}
	if (!error && !first)
		fill_share(&fillers[0]);
	for (unsigned m = first ? first : 1; m < created; m++)
		pthread_join(fillers[m].thread, NULL);
	free(fillers);
	if (error)
		return fail(why, -error, "cannot create thread %u of %u: %s", created,
			team->threads - 1, strerror(error));
	return 0;
}

int team_fill(const struct team *team, fill_fn *fill, struct message *why)
{
	return fill_members(team, fill, 0, team->threads, why);
}

int team_fill_member(const struct team *team, fill_fn *fill, unsigned member, struct message *why)
{
	return fill_members(team, fill, member, member + 1, why);
}
