#include "team/lock.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"

struct lock {
	_Alignas(128) atomic_bool wanted; /* only while somebody waits */
	_Alignas(128) pthread_mutex_t mutex;
	pthread_cond_t freed, taken;
	uint64_t interval_ns;
	bool held;
	uint64_t takings; /* so far */
};

static int init_conditions(struct lock *lock)
{
	pthread_condattr_t attr;
	int error = pthread_condattr_init(&attr);

	if (error)
		return error;
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	error = pthread_cond_init(&lock->freed, &attr);
	if (!error)
		error = pthread_cond_init(&lock->taken, &attr);
	pthread_condattr_destroy(&attr);
	return error;
}

int lock_create(struct lock **made, uint64_t interval_ns, struct message *why)
{
	struct lock *lock = aligned_alloc(_Alignof(struct lock), sizeof(*lock));

	if (!lock)
		return fail(why, -ENOMEM, "no memory for a lock");
	memset(lock, 0, sizeof(*lock));
	lock->interval_ns = interval_ns;
	int error = pthread_mutex_init(&lock->mutex, NULL);
	if (!error)
		error = init_conditions(lock);
	if (error) {
		free(lock);
		return fail(why, -error, "cannot make a lock: %s", strerror(error));
	}
	*made = lock;
	return 0;
}

void lock_destroy(struct lock *lock)
{
	if (!lock)
		return;
	pthread_cond_destroy(&lock->taken);
	pthread_cond_destroy(&lock->freed);
	pthread_mutex_destroy(&lock->mutex);
	free(lock);
}

static struct timespec after(uint64_t ns)
{
	const uint64_t second_ns = 1000000000, at_ns = clock_monotonic_ns() + ns;

	return (struct timespec) { (time_t)(at_ns / second_ns), (long)(at_ns % second_ns) };
}

/* With the mutex, as all below. Asks for the lock if nobody has taken it for an interval. */
static void await_freed(struct lock *lock)
{
	const uint64_t takings = lock->takings;
	const struct timespec deadline = after(lock->interval_ns);
	const int error = pthread_cond_timedwait(&lock->freed, &lock->mutex, &deadline);

	if (error == ETIMEDOUT && lock->held && lock->takings == takings)
		atomic_store_explicit(&lock->wanted, true, memory_order_relaxed);
}

static void take(struct lock *lock)
{
	while (lock->held)
		await_freed(lock);
	lock->held = true;
	lock->takings++;
	atomic_store_explicit(&lock->wanted, false, memory_order_relaxed);
	pthread_cond_signal(&lock->taken);
}

static void give(struct lock *lock)
{
	lock->held = false;
	pthread_cond_signal(&lock->freed);
}

void lock_take(struct lock *lock)
{
	pthread_mutex_lock(&lock->mutex);
	take(lock);
	pthread_mutex_unlock(&lock->mutex);
}

void lock_give(struct lock *lock)
{
	pthread_mutex_lock(&lock->mutex);
	give(lock);
	pthread_mutex_unlock(&lock->mutex);
}

bool lock_is_wanted(const struct lock *lock)
{
	return atomic_load_explicit(&lock->wanted, memory_order_relaxed);
}

/* Who wants it waits until it has it, so that somebody takes it. */
void lock_pass(struct lock *lock)
{
	pthread_mutex_lock(&lock->mutex);
	const uint64_t takings = lock->takings;
	give(lock);
	while (lock->takings == takings)
		pthread_cond_wait(&lock->taken, &lock->mutex);
	take(lock);
	pthread_mutex_unlock(&lock->mutex);
}
