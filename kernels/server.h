/*
 * server: requests to a TCP server on the loopback interface, for kernels whose elements wait.
 *
 * Element e asks for an answer that comes after pattern[e mod 3] seconds, 2, 1 and 1.5, times the
 * recipe's scale. The server is a thread of this process (runtime/server.c): what kernels call and do
 * not contain, since whoever is waited for has to be someone else. It is as real as any: requests go
 * through the system's sockets, and take what they take there.
 *
 * Of an answer of so many bytes word w, of 8 bytes in the order of this machine's, is random number w of
 * the seed that the request gives, so that who gets it can tell whether it is right.
 */
#ifndef KERNEL_SERVER_H
#define KERNEL_SERVER_H

#include "kernel.h"

/* What is sent: how long it shall take, and what is to come. */
struct request {
	uint64_t after_ns, seed, bytes;
};

struct server;

/*
 * Starts one on a free port, for `most` requests at once, for which there must be descriptors and ports;
 * it runs on the CPUs of the caller. Returns 0; or a negative errno, -EMFILE if there are too few
 * descriptors and -EADDRNOTAVAIL if there are too few ports, with nothing to stop.
 */
int server_start(struct server **server, uint64_t most);

/* Ends it, and closes its port. NULL is fine. */
void server_stop(struct server *server);

/* Sends a request. Returns the descriptor on which the answer will come, or a negative errno. */
int server_ask(const struct server *server, const struct request *request);

/* Waits for an answer, takes it and closes the descriptor. Returns 0 or a negative errno. */
int server_answer(int asked, void *into, uint64_t bytes);

/* ---- one request an element ---- */

struct requests {
	struct server *server;
	int *asked; /* descriptors of those whose answers are out; -1 */
	uint64_t n, seed, bytes;
	double scale;
};

static const double usual_scale = 0.1;

static inline double scale_of(const struct problem *problem)
{
	return problem->recipe.scale > 0 ? problem->recipe.scale : usual_scale;
}

static inline void requests_release(struct requests *r)
{
	server_stop(r->server);
	free(r->asked);
}

/* Answers of so many bytes. Returns 0, or a negative errno with nothing to release. */
static inline int requests_init(struct requests *r, const struct problem *problem, uint64_t bytes)
{
	*r = (struct requests) { .n = problem->size.n,
		.seed = problem->recipe.seed,
		.bytes = bytes,
		.scale = scale_of(problem) };
	r->asked = kernel_alloc(r->n, sizeof(*r->asked));
	if (!r->asked)
		return -ENOMEM;
	for (uint64_t e = 0; e < r->n; e++)
		r->asked[e] = -1;
	const int error = server_start(&r->server, r->n);
	if (error)
		free(r->asked);
	return error;
}

/* The seed of an element's answer. */
static inline uint64_t answer_seed(const struct requests *r, uint64_t element)
{
	return random_of(r->seed, element);
}

/* As struct kernel's begin. */
static inline int requests_begin(const struct requests *r, uint64_t element)
{
	static const double pattern[] = { 2, 1, 1.5 };
	const double seconds = pattern[element % 3] * r->scale;
	const struct request request = { .after_ns = (uint64_t)(seconds * 1e9),
		.seed = answer_seed(r, element),
		.bytes = r->bytes };

	if (r->asked[element] < 0)
		r->asked[element] = server_ask(r->server, &request);
	return r->asked[element];
}

/* Takes an element's answer, asking first if that is not done. Returns 0 or a negative errno. */
static inline int requests_take(const struct requests *r, uint64_t element, void *into)
{
	const int asked = requests_begin(r, element);

	r->asked[element] = -1;
	return asked < 0 ? asked : server_answer(asked, into, r->bytes);
}

#endif
