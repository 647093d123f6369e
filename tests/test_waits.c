/*
 * waits: the server that kernels wait for, what fetch and mixed make of its answers, and that waits
 * overlap in every variant whose members are in progress at once.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"
#include "reference.h"
#include "server.h"

TestSuite(server, .timeout = 60);
TestSuite(waits, .timeout = 60);

/* ---- the server ---- */

/* random_of and not the reference, which takes as many steps as a word has before it. */
static void expect_answer(int asked, uint64_t seed, uint64_t bytes)
{
	const uint64_t words = (bytes + 7) / sizeof(uint64_t);
	uint64_t *got = calloc(words + 1, sizeof(*got)),
		 *expected = calloc(words + 1, sizeof(*got));

	cr_assert(got && expected);
	cr_assert_geq(asked, 0);
	cr_assert_eq(server_answer(asked, got, bytes), 0);
	for (uint64_t w = 0; w < words; w++)
		expected[w] = random_of(seed, w);
	cr_assert_eq(memcmp(got, expected, bytes), 0, "%llu bytes", (unsigned long long)bytes);
	free(expected);
	free(got);
}

Test(server, sends_as_many_bytes_as_it_is_asked_for)
{
	static const uint64_t sizes[] = { 0, 1, 7, 8, 9, 32767, 32768, 32769, 5000001 };
	struct server *server;

	cr_assert_eq(server_start(&server, 2), 0);
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		const struct request request = { .seed = 7 + s, .bytes = sizes[s] };
		expect_answer(server_ask(server, &request), 7 + s, sizes[s]);
	}
	server_stop(server);
}

Test(server, answers_no_sooner_than_it_is_asked_to)
{
	const struct request request = { .after_ns = 20000000, .bytes = 8 };
	struct server *server;
	uint64_t word;

	cr_assert_eq(server_start(&server, 1), 0);
	const uint64_t begin_ns = clock_monotonic_ns();
	cr_assert_eq(server_answer(server_ask(server, &request), &word, 8), 0);
	cr_expect_geq(clock_monotonic_ns() - begin_ns, request.after_ns);
	server_stop(server);
}

Test(server, answers_the_soonest_first_whoever_asked_first)
{
	const struct request late = { .after_ns = 3600 * (uint64_t)1000000000, .bytes = 8 },
			     soon = { .after_ns = 1000, .seed = 3, .bytes = 8 };
	struct server *server;

	cr_assert_eq(server_start(&server, 2), 0);
	const int waiting = server_ask(server, &late);
	expect_answer(server_ask(server, &soon), 3, 8);
	server_stop(server);
	uint64_t word;
	cr_expect_eq(server_answer(waiting, &word, 8), -ECONNRESET, "it stopped before");
}

/* They hang up, or say too little, and hold no place. */
Test(server, is_not_kept_by_those_who_go)
{
	const struct request request = { .after_ns = 3600 * (uint64_t)1000000000, .bytes = 8 },
			     soon = { .seed = 5, .bytes = 8 };
	struct server *server;

	cr_assert_eq(server_start(&server, 1), 0);
	for (int i = 0; i < 200; i++) {
		const int asked = server_ask(server, &request);
		cr_assert_geq(asked, 0);
		close(asked);
	}
	expect_answer(server_ask(server, &soon), 5, 8);
	server_stop(server);
}

/* Who connects to a stopped server's port is refused. */
Test(server, that_is_stopped_leaves_no_port)
{
	const struct request request = { .bytes = 8 };
	struct sockaddr_in address;
	socklen_t length = sizeof(address);
	struct server *server;

	cr_assert_eq(server_start(&server, 1), 0);
	const int asked = server_ask(server, &request), again = socket(AF_INET, SOCK_STREAM, 0);
	cr_assert_eq(getpeername(asked, (struct sockaddr *)&address, &length), 0);
	close(asked);
	server_stop(server);
	cr_expect_eq(connect(again, (struct sockaddr *)&address, length), -1);
	cr_expect_eq(errno, ECONNREFUSED);
	close(again);
}

static void limit_files(rlim_t soft, rlim_t hard)
{
	const struct rlimit limit = { soft, hard };

	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

Test(server, raises_the_limit_of_descriptors_or_says_that_there_are_too_few)
{
	struct server *server;

	limit_files(64, 256);
	cr_expect_eq(server_start(&server, 1000), -EMFILE);
	cr_assert_eq(server_start(&server, 100), 0);
	server_stop(server);
}

/* There are 65535 of them, and hardly half are free. */
Test(server, says_that_there_are_too_few_ports)
{
	struct server *server;

	cr_expect_eq(server_start(&server, 65535), -EADDRNOTAVAIL);
}

enum { DESCRIPTORS = 64 };

/* All that there may be, but the first `count` of those that are free, are taken. */
static void leave_descriptors(int free_ones[], int count)
{
	limit_files(DESCRIPTORS, DESCRIPTORS);
	for (int c = 0; c < count; c++)
		free_ones[c] = dup(0);
	while (dup(0) >= 0)
		continue;
	for (int c = 0; c < count; c++)
		cr_assert_eq(close(free_ones[c]), 0);
}

/* Until one is closed it tries in vain to take the connection. */
static void expect_answer_after_closing(struct server *server, int closed)
{
	const struct request soon = { .seed = 5, .bytes = 8 };
	const int asked = server_ask(server, &soon);

	usleep(20000);
	close(closed);
	expect_answer(asked, 5, 8);
	server_stop(server);
}

Test(server, that_has_no_descriptor_goes_on_when_there_is_one)
{
	struct server *server;
	int own;

	cr_assert_eq(server_start(&server, 2), 0);
	leave_descriptors(&own, 1);
	expect_answer_after_closing(server, DESCRIPTORS - 1);
}

Test(server, that_has_no_descriptor_goes_on_when_a_connection_ends)
{
	const struct request late = { .after_ns = 3600 * (uint64_t)1000000000, .bytes = 8 };
	struct server *server;
	int own[3]; /* ours, the server's, and ours again */

	cr_assert_eq(server_start(&server, 2), 0);
	leave_descriptors(own, 3);
	cr_assert_eq(server_ask(server, &late), own[0]);
	while (fcntl(own[1], F_GETFD) < 0) /* it has not accepted yet */
		usleep(1000);
	expect_answer_after_closing(server, own[0]);
}

/* ---- answers ---- */

static struct problem problem_of(uint64_t n, double scale, uint64_t seed)
{
	return (struct problem) { .size = { .n = n }, .recipe = { .scale = scale, .seed = seed } };
}

static uint64_t reference_answer(uint64_t seed, uint64_t element, uint64_t word)
{
	return reference_random(reference_random(seed, element), word);
}

Test(waits, fetch_is_the_sum_of_all_answers)
{
	for (uint64_t n = 1; n <= 7; n++) {
		const struct problem problem = problem_of(n, soon_answered, n);
		struct computed got = compute_sequentially(kernel_find("fetch"), &problem);
		uint64_t sum = 0;
		char expected[RESULT_BYTES];
		cr_assert_eq(got.bytes, n * sizeof(uint64_t));
		for (uint64_t e = 0; e < n; e++) {
			sum += reference_answer(n, e, 0);
			cr_expect_eq(((uint64_t *)got.data)[e], reference_answer(n, e, 0));
		}
		snprintf(expected, sizeof(expected), "%llu", (unsigned long long)sum);
		cr_expect_str_eq(got.text, expected);
		computed_release(&got);
	}
}

enum { WIDTH = 512, ROWS = 6, RADIUS = 7 };

static uint8_t reference_pixel(uint64_t seed, uint64_t element, int x, int y)
{
	const uint64_t at = (uint64_t)y * WIDTH + (uint64_t)x;
	const uint64_t word = reference_answer(seed, element, at / 8);
	uint8_t bytes[8];

	memcpy(bytes, &word, sizeof(bytes));
	return bytes[at % 8];
}

static int reference_bilateral(uint64_t seed, uint64_t element, int x, int y)
{
	const int value = reference_pixel(seed, element, x, y);
	long sum = 0, weights = 0;

	for (int dy = -RADIUS; dy <= RADIUS; dy++)
		for (int dx = -RADIUS; dx <= RADIUS; dx++) {
			const int other = reference_pixel(seed, element,
				reference_reflect(x + dx, WIDTH), reference_reflect(y + dy, ROWS));
			const long weight = 256 / (1 + abs(other - value));
			sum += weight * other;
			weights += weight;
		}
	return (int)(sum / weights);
}

Test(waits, mixed_is_the_plain_filter_of_each_answer)
{
	const struct problem problem = problem_of(2, 0.00101, 9);
	struct computed got = compute_sequentially(kernel_find("mixed"), &problem);
	const uint8_t *pixel = got.data;

	cr_expect_str_eq(got.text, "2");
	cr_assert_eq(got.bytes, 2 * WIDTH * ROWS);
	for (uint64_t e = 0; e < 2; e++)
		for (int y = 0; y < ROWS; y++)
			for (int x = 0; x < WIDTH; x++, pixel++)
				if (x % 37 < 2 || x < 9 || x > WIDTH - 9)
					cr_assert_eq(*pixel, reference_bilateral(9, e, x, y),
						"(%d, %d) of picture %d", x, y, (int)e);
	computed_release(&got);
}

/* ---- waits that overlap ---- */

struct region {
	const struct kernel_entry *entry;
	struct clock clock;
	struct input *input;
	struct team team;
};

static struct region *region_of(
	enum variant variant, unsigned threads, uint64_t n, uint64_t grain, double scale)
{
	const struct problem problem = problem_of(n, scale, 0);
	struct region *r = aligned_alloc(_Alignof(struct region), sizeof(*r));
	struct message why = { "" };

	cr_assert_not_null(r);
	*r = (struct region) { .entry = kernel_find("fetch"), .clock = clock_calibrate() };
	r->input = make_input(r->entry->kernel, variant, &problem);
	cr_assert_not_null(r->input);
	const struct team_plan plan = { .kernel = r->entry->kernel,
		.input = r->input,
		.n = n,
		.grain = grain,
		.variant = variant,
		.threads = threads,
		.clock = &r->clock };
	cr_assert_eq(team_init(&r->team, &plan, &why), 0, "%s", why.text);
	return r;
}

static double run_s(struct region *r, enum variant variant)
{
	team_reset(&r->team);
	cr_assert_eq(r->entry->region[variant](&r->team), 0);
	check_seats(&r->team, variant, variant_name(variant));
	return 1e-9 * (double)clock_ns_between(&r->clock, r->team.fork, r->team.join);
}

static void region_free(struct region *r)
{
	team_release(&r->team);
	r->entry->kernel->release(r->input);
	free(r->input);
	free(r);
}

/*
 * How long n requests take, whose times are 2, 1 and 1.5 and so on, in multiples of the scale: at the first
 * of some at which that is less than `below`. By how much others let us run late does not grow with the
 * scale: what is less comes to that at some scale, what is not at none.
 */
static double time_of(
	enum variant variant, unsigned threads, uint64_t n, uint64_t grain, double below)
{
	double took = INFINITY;

	for (double scale = 0.05; scale < 1 && took >= below; scale *= 2) {
		struct region *r = region_of(variant, threads, n, grain, scale);
		took = run_s(r, variant) / scale;
		region_free(r);
	}
	return took;
}

/* Of three requests of which only two wait at once the last is answered after 2.5. */
static void expect_overlap(enum variant variant, unsigned threads, uint64_t n, uint64_t grain)
{
	const double took = time_of(variant, threads, n, grain, 2.5);

	cr_expect_geq(took, 2);
	cr_expect_lt(took, 2.5, "%s took %g", variant_name(variant), took);
}

#define OVERLAP(name, variant, threads, n, grain)                                                  \
	Test(waits, overlap_##name)                                                                \
	{                                                                                          \
		expect_overlap(variant, threads, n, grain);                                        \
	}

/* clang-format off */
OVERLAP(in_an_event_loop, EVENT_LOOP, 3, 3, 1)
OVERLAP(in_an_event_loop_of_one_member, EVENT_LOOP, 1, 3, 1)
OVERLAP(in_an_event_loop_of_fewer_members_than_requests, EVENT_LOOP, 2, 30, 1)
OVERLAP(in_an_event_loop_within_units_of_several, EVENT_LOOP, 2, 30, 4)
OVERLAP(of_a_thread_each, PTHREAD, 3, 3, 1)
OVERLAP(of_a_thread_each_in_a_pool, POOL, 3, 3, 1)
OVERLAP(of_a_thread_each_in_openmp, OPENMP, 3, 3, 1)
OVERLAP(of_a_process_each, PROCESS, 3, 3, 1)
OVERLAP(of_threads_on_one_core, ONE_CORE, 3, 3, 1)
OVERLAP(of_threads_that_leave_the_global_lock_meanwhile, GLOBAL_LOCK, 3, 3, 1)
/* clang-format on */

Test(waits, are_one_after_another_in_the_sequential_variant)
{
	const double took = time_of(SEQUENTIAL, 1, 3, 1, 4.75);

	cr_expect_geq(took, 2 + 1 + 1.5);
	cr_expect_lt(took, 4.75);
}

/* A sleeping event loop takes no CPU's time: it does not ask over and over whether there is something. */
Test(waits, take_no_processor_in_an_event_loop)
{
	struct region *r = region_of(EVENT_LOOP, 3, 3, 1, 0.2);
	struct timespec before, after;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
	run_s(r, EVENT_LOOP);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	const double used_s = (double)(after.tv_sec - before.tv_sec) +
		1e-9 * (double)(after.tv_nsec - before.tv_nsec);
	cr_expect_lt(used_s, 0.1, "%g s", used_s);
	region_free(r);
}

/* ---- requests that fail ---- */

/* Without descriptors nobody can ask: what is missing from the sum must be seen. */
static void expect_failure_seen(enum variant variant)
{
	struct region *r = region_of(variant, 1, 6, 1, soon_answered);
	char right[RESULT_BYTES], wrong[RESULT_BYTES];
	const int next = dup(0);

	close(next);
	run_s(r, variant);
	r->entry->kernel->result(r->team.seats[0].partial, right);
	limit_files((rlim_t)next, (rlim_t)next);
	run_s(r, variant);
	r->entry->kernel->result(r->team.seats[0].partial, wrong);
	cr_expect_str_neq(wrong, right, "%s", variant_name(variant));
	region_free(r);
}

Test(waits, that_fail_make_the_sum_wrong)
{
	expect_failure_seen(PTHREAD);
}

Test(waits, that_fail_in_an_event_loop_make_the_sum_wrong)
{
	expect_failure_seen(EVENT_LOOP);
}
