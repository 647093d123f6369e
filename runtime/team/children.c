#include "team/children.h"

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "memory.h"
#include "team/affinity.h"
#include "team/wait.h"

enum {
	SPINS = 1 << 16,      /* some milliseconds: longer than most gaps between samples */
	LOOK_AFTER = 20000000 /* ns: how long after its end a child is missed at the latest */
};

typedef void member_fn(void *argument, unsigned member);

/* A child's. */
struct place {
	_Alignas(128) sem_t go;   /* posted by the parent */
	_Alignas(128) sem_t done; /* posted by the child */
	atomic_long switched_out; /* while it was kept */
	pid_t pid;                /* the parent's to know; 0: there is none */
};

struct children {
	unsigned members;
	const int *cpus;
	bool keep;
	unsigned spins;
	bool forked; /* the kept ones */
	uint64_t epoch;
	member_fn *fn; /* what the kept ones are to call */
	void *argument;
	/* what went wrong */
	int error;
	unsigned lost;   /* the member that ended; 0: one could not be forked */
	siginfo_t ended; /* how */
	struct place places[];
};

/* ---- in a child ---- */

static bool spin_for(sem_t *posted, unsigned spins)
{
	for (unsigned i = 0; i < spins; i++) {
		if (!sem_trywait(posted))
			return true;
		wait_briefly();
	}
	return false;
}

static void await_go(struct children *c, struct place *mine)
{
	if (spin_for(&mine->go, c->spins))
		return;
	while (sem_wait(&mine->go) && errno == EINTR)
		continue;
}

static long switched_out(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) ? 0 : usage.ru_nivcsw;
}

/* Until it is killed. */
static void serve(struct children *c, unsigned member)
{
	struct place *mine = &c->places[member];

	for (;;) {
		await_go(c, mine);
		c->fn(c->argument, member);
		sem_post(&mine->done);
		atomic_store_explicit(&mine->switched_out, switched_out(), memory_order_relaxed);
	}
}

static void child_main(struct children *c, unsigned member, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) /* it ended before it could be watched */
		_exit(0);
	const int error = c->cpus ? affinity_bind(0, c->cpus[member]) : 0;
	if (error)
		_exit(-error);
	if (c->keep)
		serve(c, member);
	c->fn(c->argument, member);
	_exit(0);
}

/* ---- in the parent ---- */

static int fork_child(struct children *c, unsigned member)
{
	const pid_t parent = getpid(), child = fork();

	if (child < 0) {
		c->lost = 0;
		return c->error = -errno;
	}
	if (!child)
		child_main(c, member, parent);
	c->places[member].pid = child;
	if (c->cpus) /* it would wait for a turn on ours first; that it cannot be bound it tells itself */
		affinity_bind(child, c->cpus[member]);
	return 0;
}

/* Whether it has ended; then there is no child any more, and `how` says how that came. */
static bool reap(struct place *place, siginfo_t *how, int options)
{
	int error;

	do {
		*how = (siginfo_t) { 0 };
		error = waitid(P_PID, (id_t)place->pid, how, WEXITED | options);
	} while (error && errno == EINTR);
	if (!error && !how->si_pid)
		return false;
	place->pid = 0;
	return true;
}

static void end_children(struct children *c)
{
	siginfo_t how;

	for (unsigned m = 1; m < c->members; m++)
		if (c->places[m].pid)
			kill(c->places[m].pid, SIGKILL);
	for (unsigned m = 1; m < c->members; m++)
		if (c->places[m].pid)
			reap(&c->places[m], &how, 0);
	c->forked = false;
}

static int note_lost(struct children *c, unsigned member, const siginfo_t *how)
{
	if (!c->error) {
		c->lost = member;
		c->ended = *how;
		c->error = how->si_code == CLD_EXITED ? -how->si_status : -ECHILD;
	}
	return c->error;
}

static int fork_children(struct children *c)
{
	int error = 0;

	c->error = 0;
	for (unsigned m = 1; m < c->members && !error; m++)
		error = fork_child(c, m);
	if (error)
		end_children(c);
	return error;
}

/* A semaphore that its last child still held posted would count in the next run. */
static int reset_semaphores(struct children *c)
{
	for (unsigned m = 1; m < c->members; m++)
		if (sem_init(&c->places[m].go, true, 0) || sem_init(&c->places[m].done, true, 0))
			return -errno;
	return 0;
}

int children_ready(struct children *c, uint64_t epoch)
{
	if (!c->keep || (c->forked && c->epoch == epoch))
		return 0;
	end_children(c);
	int error = reset_semaphores(c);
	if (!error)
		error = fork_children(c);
	c->forked = !error;
	c->epoch = epoch;
	return error;
}

/* Until it has posted, or has ended. */
static int await_done(struct children *c, unsigned member)
{
	struct place *place = &c->places[member];
	siginfo_t how;

	if (spin_for(&place->done, c->spins))
		return 0;
	for (;;) {
		const uint64_t second_ns = 1000000000, at_ns = clock_monotonic_ns() + LOOK_AFTER;
		const struct timespec deadline = { (time_t)(at_ns / second_ns),
			(long)(at_ns % second_ns) };
		if (!sem_clockwait(&place->done, CLOCK_MONOTONIC, &deadline))
			return 0;
		if (errno == ETIMEDOUT && reap(place, &how, WNOHANG))
			return sem_trywait(&place->done) ? note_lost(c, member, &how) : 0;
	}
}

static int run_kept(struct children *c)
{
	int error = 0;

	for (unsigned m = 1; m < c->members; m++)
		sem_post(&c->places[m].go);
	c->fn(c->argument, 0);
	for (unsigned m = 1; m < c->members && !error; m++)
		error = await_done(c, m);
	return error;
}

static int run_new(struct children *c)
{
	siginfo_t how;
	int error = fork_children(c);

	if (error)
		return error;
	c->fn(c->argument, 0);
	for (unsigned m = 1; m < c->members; m++) {
		reap(&c->places[m], &how, 0);
		if (how.si_code != CLD_EXITED || how.si_status)
			error = note_lost(c, m, &how);
	}
	return error;
}

int children_run(struct children *c, member_fn *fn, void *argument)
{
	c->error = 0;
	c->fn = fn;
	c->argument = argument;
	const int error = (c->keep ? run_kept : run_new)(c);
	if (error)
		end_children(c);
	return error;
}

int children_tell(const struct children *c, struct message *why)
{
	const int how = c->ended.si_status;

	if (!c->lost)
		return fail(why, c->error, "cannot fork the processes of a team of %u: %s",
			c->members, strerror(-c->error));
	if (c->ended.si_code == CLD_EXITED)
		return fail(why, c->error, "member %u, a process, cannot be bound to its CPU: %s",
			c->lost, strerror(how));
	return fail(why, c->error, "member %u, a process, was ended by signal %d (%s) in a region",
		c->lost, how, strsignal(how));
}

long children_switched_out(const struct children *c)
{
	long count = 0;

	for (unsigned m = 1; m < c->members; m++)
		count += atomic_load_explicit(&c->places[m].switched_out, memory_order_relaxed);
	return count;
}

int children_create(struct children **made, unsigned members, const int *cpus, bool keep,
	bool crowded, struct message *why)
{
	const size_t bytes = sizeof(struct children) + members * sizeof(struct place);

	memory_share_begin();
	struct children *c = aligned_alloc(_Alignof(struct place), bytes);
	memory_share_end();
	if (!c)
		return fail(why, -ENOMEM, "no memory for %u processes", members);
	memset(c, 0, bytes);
	c->members = members;
	c->cpus = cpus;
	c->keep = keep;
	c->spins = crowded ? 0 : SPINS;
	*made = c;
	return 0;
}

void children_destroy(struct children *c)
{
	if (!c)
		return;
	end_children(c);
	free(c);
}
