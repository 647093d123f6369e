#include "team/team.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "team/affinity.h"
#include "team/children.h"
#include "team/lock.h"
#include "team/loop.h"

enum { STACK_BYTES = 1 << 20 };

static const struct kernel_entry *find_in(
	const struct kernel_entry *table, unsigned count, const char *name)
{
	for (unsigned i = 0; i < count; i++)
		if (!strcmp(table[i].kernel->name, name))
			return &table[i];
	return NULL;
}

const struct kernel_entry *kernel_find(const char *name)
{
	const struct kernel_entry *found = find_in(kernel_table, kernel_count, name);

	if (!found)
		found = find_in(ceiling_table, ceiling_count, name);
	return found ? found : find_in(whole_table, whole_count, name);
}

static int make_attr(pthread_attr_t *attr, const int *cpu)
{
	const int error = pthread_attr_init(attr);

	if (error)
		return error;
	pthread_attr_setstacksize(attr, STACK_BYTES);
	return cpu ? -affinity_set(attr, *cpu) : 0;
}

static int make_attrs(struct team *team, const int *only_cpu)
{
	team->attrs = calloc(team->threads, sizeof(*team->attrs));
	if (!team->attrs)
		return ENOMEM;
	for (unsigned m = 0; m < team->threads; m++) {
		const int *own = team->cpus ? &team->cpus[m] : NULL;
		const int error = make_attr(&team->attrs[m], only_cpu ? only_cpu : own);
		if (error)
			return error;
	}
	return 0;
}

/* Every member's is the one that the caller is on, or is bound to. */
static int make_attrs_on_one_cpu(struct team *team)
{
	const int cpu = team->cpus ? team->cpus[0] : sched_getcpu();
	const int error = cpu < 0 ? errno : -affinity_bind(0, cpu);

	return error ? error : make_attrs(team, &cpu);
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

static bool is_crowded(const struct team *team)
{
	return !team->cpus && team->threads > allowed_cpus();
}

/* All that members write, and the processes of a team must share. */
static int make_shared(struct team *team, const struct team_plan *plan)
{
	if (plan->variant == PROCESS)
		memory_share_begin();
	int error = make_seats(team, plan->kernel->partial_bytes);
	if (!error)
		error = make_stamps(team, plan->room);
	if (!error)
		error = -deal_init(&team->deal, team->schedule, team->units, team->threads);
	if (plan->kernel->in_order)
		deal_in_order(&team->deal);
	if (plan->variant == PROCESS)
		memory_share_end();
	return error;
}

static int make_crew(struct team *team, enum wait wait, struct message *why)
{
	const struct crew_plan plan = {
		.threads = team->threads,
		.attrs = team->attrs,
		.posts = &team->seats[0].post,
		.stride = sizeof(*team->seats),
		.wait = wait,
		.crowded = is_crowded(team),
	};

	return crew_create(&team->crew, &plan, why);
}

/* What a variant needs of its own. */
static int make_means(struct team *team, const struct team_plan *plan, struct message *why)
{
	const uint64_t interval_ns = plan->execution.switch_interval_ns;

	switch (plan->variant) {
	case POOL:
		return make_crew(team, plan->wait, why);
	case PROCESS:
		return children_create(&team->children, team->threads, team->cpus,
			plan->execution.keep, is_crowded(team), why);
	case GLOBAL_LOCK:
		return lock_create(
			&team->lock, interval_ns ? interval_ns : SWITCH_INTERVAL_NS, why);
	case EVENT_LOOP:
		return loop_create(
			&team->loop, team->threads, plan->kernel->begin ? team->units : 0, why);
	default:
		return 0;
	}
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
	error = make_shared(team, plan);
	if (!error)
		error = plan->variant == ONE_CORE ? make_attrs_on_one_cpu(team)
						  : make_attrs(team, NULL);
	if (error)
		fail(why, -error, "cannot prepare a team of %u: %s", plan->threads,
			strerror(error));
	else
		error = -make_means(team, plan, why);
	if (error)
		team_release(team);
	return -error;
}

void team_release(struct team *team)
{
	crew_destroy(team->crew);
	children_destroy(team->children);
	lock_destroy(team->lock);
	loop_destroy(team->loop);
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
		seat->start = seat->complete = seat->units = seat->aside = seat->body = 0;
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
