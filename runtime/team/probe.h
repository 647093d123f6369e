/*
 * probe: what the parts of a region cost without a kernel: a stamp, a cache line's way there and back,
 * a barrier.
 *
 * Each is the median over PROBE_SAMPLES, and a sample the mean over PROBE_REPEATS.
 */
#ifndef PROBE_H
#define PROBE_H

#include "team/team.h"

enum { PROBE_SAMPLES = 31, PROBE_REPEATS = 64 };

/* A stamp, one behind the other. */
double probe_stamp_ns(const struct clock *clock);

/*
 * The floor under a fork and join of member 0 and `member`, in a pool's team: the caller takes a
 * stamp and writes to a line, the member sees it and writes to the same line, the caller sees that and
 * takes a stamp. One way at a time, as in a region, with as long in between as it takes the caller to
 * see to a region that is over; and both stamps are in it, as in a region's time.
 */
double probe_pass_ns(struct team *team, unsigned member);

/*
 * A barrier of the team in the way of openmp, pthread or pool, whose team it is: omp barrier, one of
 * pthread_barrier_wait, one of the pool's own. Returns 0, or a negative errno if a thread could not be
 * created.
 */
int probe_barrier_ns(struct team *team, enum variant variant, double *ns);

#endif
