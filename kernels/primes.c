/*
 * primes: how many of the integers in [0, n) are prime, by trial division.
 *
 * Element e is the integer e. It is divided by 2, then by the odd numbers from 3 up to its root,
 * until one divides it: an even one takes a single division, a prime about half its root.
 *
 * Irregular, and rising: neighbours differ by a factor of hundreds, though units of some dozens come
 * close to one another, and the work of a unit grows with the root of the index. Bound by the
 * latency of the integer divider.
 */
#include "kernel.h"

struct input {
	char none;
};
struct partial {
	uint64_t primes;
};

/* A division also tells when the root is passed: from there on, quotients are below divisors. */
static inline bool is_prime(uint32_t x)
{
	uint32_t divisor = 3, quotient;

	if (x % 2 == 0 || x < 9)
		return x == 2 || (x % 2 == 1 && x > 1);
	do {
		quotient = x / divisor;
		if (quotient * divisor == x)
			return false;
		divisor += 2;
	} while (quotient >= divisor);
	return true;
}

static inline void body(const struct input *in, struct range integers, struct partial *into)
{
	uint64_t primes = 0;

	(void)in;
	for (uint64_t x = integers.first; x < integers.end; x++)
		primes += is_prime((uint32_t)x);
	into->primes += primes;
}

static int setup(struct input *in, const struct problem *problem)
{
	(void)in;
	(void)problem;
	return 0;
}

static void combine(struct partial *into, const struct partial *from)
{
	into->primes += from->primes;
}

static void result(const struct partial *total, char text[RESULT_BYTES])
{
	snprintf(text, RESULT_BYTES, "%llu", (unsigned long long)total->primes);
}

KERNEL(primes, .what = "primes below n, by trial division by 2 and odd numbers up to the root",
	.why = "irregular, and rising with the index", .element = "integer",
	.size = { .n = 500000 }, .grain = 128, .limit = (uint64_t)1 << 32,
	.bound = "latency of divisions", .setup = setup, .combine = combine, .result = result);
