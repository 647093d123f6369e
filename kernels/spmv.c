/*
 * spmv: y = A x, in doubles, for a sparse n x n matrix in compressed rows.
 *
 * Rows have 1 + (n - 1) / (r + 15) nonzeros, rounded down, where r is each of 1 to n once, in an order
 * that the seed shuffles: a power law, by which about n / k rows have k of them or more, an average
 * row 1 + ln(n / 16), and the fullest a 16th of all columns. A row of k has one in each of k equal
 * strips of the columns, at a random place. The values of A and x are random, between 0 and 1.
 *
 * Element i is row i; its products are added from left to right. Irregular: rows differ by factors
 * of thousands, and units of some hundreds still severalfold. Bound by memory, from which the matrix
 * streams, by random loads of x, and by the latency of one addition after another.
 */
#include "kernel.h"

/* What there are random numbers for, each of them with a seed of its own. */
enum { ORDER, PLACES, VALUES_OF_A, VALUES_OF_X };

struct input {
	uint64_t *first;   /* nonzeros [first[i], first[i + 1]) are row i's */
	uint32_t *columns; /* of nonzeros */
	double *values;    /* of nonzeros */
	double *x, *y;
	uint64_t n, seeds[VALUES_OF_X + 1];
};
struct partial {
	char none;
};

static inline void body(const struct input *in, struct range rows, struct partial *into)
{
	const uint64_t *restrict first = in->first;
	const uint32_t *restrict columns = in->columns;
	const double *restrict values = in->values, *restrict x = in->x;
	double *restrict y = in->y;

	(void)into;
	for (uint64_t i = rows.first; i < rows.end; i++) {
		const uint64_t end = first[i + 1];
		double sum = 0;
		for (uint64_t k = first[i]; k < end; k++)
			sum += values[k] * x[columns[k]];
		y[i] = sum;
	}
}

static void release(struct input *in)
{
	free(in->first);
	free(in->columns);
	free(in->values);
	free(in->x);
	free(in->y);
}

/* Shuffles 1 to n, as Fisher and Yates do, then adds up the lengths of rows that they stand for. */
static void make_rows(uint64_t *first, uint64_t n, uint64_t seed)
{
	uint64_t *rank = first + 1;

	for (uint64_t i = 0; i < n; i++) {
		const uint64_t other = random_of(seed, i) % (i + 1);
		rank[i] = i + 1;
		rank[i] = rank[other];
		rank[other] = i + 1;
	}
	first[0] = 0;
	for (uint64_t i = 0; i < n; i++)
		first[i + 1] = first[i] + 1 + (n - 1) / (rank[i] + 15);
}

static int setup(struct input *in, const struct problem *problem)
{
	const uint64_t n = problem->size.n;

	in->n = n;
	for (unsigned purpose = ORDER; purpose <= VALUES_OF_X; purpose++)
		in->seeds[purpose] = random_of(problem->recipe.seed, purpose);
	in->first = kernel_alloc(n + 1, sizeof(*in->first));
	if (!in->first)
		return -ENOMEM;
	make_rows(in->first, n, in->seeds[ORDER]);
	in->columns = kernel_alloc(in->first[n], sizeof(*in->columns));
	in->values = kernel_alloc(in->first[n], sizeof(*in->values));
	in->x = kernel_alloc(n, sizeof(*in->x));
	in->y = kernel_alloc(n, sizeof(*in->y));
	if (in->columns && in->values && in->x && in->y)
		return 0;
	release(in);
	return -ENOMEM;
}

static void fill_row(const struct input *in, uint64_t row)
{
	const uint64_t first = in->first[row], count = in->first[row + 1] - first;

	for (uint64_t k = 0; k < count; k++) {
		const uint64_t left = k * in->n / count, right = (k + 1) * in->n / count;
		in->columns[first + k] =
			(uint32_t)(left + random_of(in->seeds[PLACES], first + k) % (right - left));
		in->values[first + k] = uniform_of(in->seeds[VALUES_OF_A], first + k);
	}
}

static void fill(const struct input *in, struct range rows)
{
	for (uint64_t i = rows.first; i < rows.end; i++) {
		fill_row(in, i);
		in->x[i] = uniform_of(in->seeds[VALUES_OF_X], i);
		in->y[i] = 0;
	}
}

static struct output output(const struct input *in)
{
	return (struct output) { .data = in->y, .bytes = in->n * sizeof(double) };
}

/* Rows have 1 + ln(2^32 / 16) = 20.4 nonzeros on average, at most. */
KERNEL(spmv, .what = "y = A x in doubles, A sparse, its rows' lengths by a power law",
	.why = "irregular, bound by memory", .element = "row", .size = { .n = 300000 },
	.grain = 512, .limit = (uint64_t)1 << 32,
	.bytes = 21 * (sizeof(uint32_t) + sizeof(double)) +
		3 * sizeof(double), /* 10.4477 nonzeros in a row on average */
	.demand = { .operations[DOUBLE_MULTIPLY_ADD] = 10.4477,
		.read_bytes = 10.4477 * (sizeof(uint32_t) + sizeof(double)) + 2 * sizeof(double),
		.written_bytes = sizeof(double) },
	.setup = setup, .fill = fill, .release = release, .output = output);
