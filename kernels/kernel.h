/*
 * kernel.h: the contract between a kernel and everything else.
 *
 * A kernel is one computation over the elements [0, n): integers, array elements, picture rows.
 * `grain` consecutive elements make a unit, and units are what a schedule hands to the members of a
 * team. A kernel file writes its body once; make compiles the team's code around it (team/team.h), so
 * that NAME_sequential, NAME_openmp, NAME_pthread and so on, one a variant, all come from the same text
 * and the same flags.
 *
 * A kernel file defines, in this order:
 *
 *	struct input     what the body reads, and pointers to what it writes; made by setup()
 *	struct partial   what one member accumulates; all bytes zero must mean "nothing yet"
 *	body()           does a range of elements; pure: in, range, into
 *	setup() and the other functions that struct kernel names
 *	KERNEL(name, .what = "...", ...)   with the name of the file
 *
 * and includes this header alone, or one beside it that includes this: pixel.h for pictures, server.h
 * for kernels whose elements wait. Bodies know nothing of threads, time or output. They keep their
 * running values in locals and touch `into` once a call, so that no member writes another's cache
 * line and the compiler can vectorise.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Elements [first, end). */
struct range {
	uint64_t first, end;
};

/* 8 bits a channel; 1 channel is gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha. */
struct picture {
	uint32_t width, height, channels;
	uint8_t *pixels; /* rows from the top, each width * channels bytes, no padding */
};

/* How large a problem is: n elements, or a picture of width x height, whose rows are elements. */
struct size {
	uint64_t n;             /* elements; of a picture, its height */
	uint32_t width, height; /* pixels; 0 in kernels that make no picture */
};

/* A file's bytes. */
struct text {
	const uint8_t *bytes;
	uint64_t count;
};

enum { TEXTS_MOST = 64 }; /* files that a kernel takes */

/* By what a kernel makes up its input; kernels that have no use for it ignore it. */
struct recipe {
	const char *shape;        /* one of the kernel's; NULL: the first of them */
	uint64_t mean_ns;         /* nominal work of an element on average; 0: the kernel's own */
	double scale;             /* what times of waiting are multiplied by; 0: the kernel's own */
	uint64_t seed;            /* of all that is random */
	const char *const *files; /* paths, for kernels that take files */
	size_t file_count;        /* TEXTS_MOST at most; 0: the kernel makes up what it reads */
};

struct task_set;

/* What a user asked a kernel to compute. */
struct problem {
	struct size size;
	const struct picture
		*picture;         /* for kernels that take one, else NULL; outlives the input */
	const struct text *texts; /* of the recipe's files, in order; outlive the input */
	double gamma;
	struct recipe recipe;
	struct task_set *tasks; /* of the whole of tasks (runtime/tasks/), else NULL */
	uint64_t zero; /* 0, but no compiler can know: x ^ zero keeps a loop from being folded */
};

/* The array a kernel writes, for verification, hashing and --output. */
struct output {
	void *data;
	size_t bytes;
	struct picture picture; /* the same bytes as a picture; pixels is NULL if they are none */
};

/*
 * What a core can do so many of in a second. Each has a file in kernels/ceilings/ that does nothing
 * else, by which `tine roof` measures how many.
 */
enum operation {
	INT64_OPERATION,     /* a 64-bit integer addition, exclusive or, or the like */
	INT64_MULTIPLY_ADD,  /* a 64-bit integer multiplication and an addition */
	DOUBLE_MULTIPLY_ADD, /* a multiplication and an addition of doubles, or only one of them */
	BYTE_OPERATION, /* an addition, exclusive or, or the like of two bytes; of wider integers
			      * it is as many as they have bytes */
	TABLE_LOOK_UP,  /* a load from a table, its place read from memory */
	TABLE_UPDATE,   /* the same, and the sum of that and 1 stored there */
	OPERATIONS
};

/*
 * What an element (of a picture: an RGB pixel) takes, of the default size: operations that no way to
 * compute the same can do without, and the bytes of arrays that are gone through, each counted once.
 * A multiplication is a 64-bit integer operation, too, since it takes the place of one.
 */
struct demand {
	double operations[OPERATIONS];
	double read_bytes, written_bytes;
};

struct input;   /* each kernel's own */
struct partial; /* each kernel's own */

enum { RESULT_BYTES = 96 }; /* room for a result's text, its final zero included */

struct kernel {
	const char *name;
	const char *what;    /* what it computes, exactly, in one line */
	const char *why;     /* what it shows: "compute-bound, regular" */
	const char *element; /* the singular: "integer", "row" */
	struct size size;    /* default problem, 2 to 100 ms of sequential work */
	uint64_t grain;      /* default elements in a unit, 2 to 20 us of work */
	uint64_t limit;      /* largest n that is computed exactly; 0: any */
	uint64_t bytes;      /* memory it takes, per element or per pixel */
	bool takes_picture;  /* reads problem->picture */
	bool takes_files; /* reads problem->texts, if there are any; their bytes are its elements */
	/*
	 * Time grows out of all proportion to n: sizes are never scaled, not for a quick look, and
	 * not with the threads.
	 */
	bool steep;
	/* What recipe.shape may be, NULL behind the last. NULL: takes neither shape nor mean. */
	const char *const *shapes;
	double tolerance;     /* largest relative difference from sequential; 0: none at all */
	struct demand demand; /* all 0: it depends on the data, or nobody has counted */
	const char *bound;    /* what binds it, in a word, where demand does not say; or NULL */
	bool regular; /* all elements cost the same, and nothing waits for what is before it */

	bool in_order; /* elements are to be begun in their order, where they are dealt on demand */

	size_t input_bytes, partial_bytes; /* filled in by KERNEL */

	/* Prepares a zeroed input. Returns 0, or a negative errno with nothing left allocated. */
	int (*setup)(struct input *in, const struct problem *problem);
	/*
	 * Writes the initial data of these elements, the output's included, before anything is
	 * measured. Called from the threads that will work on them under `static`, so that each
	 * page is first touched, hence placed, near its user. May be NULL.
	 */
	void (*fill)(const struct input *in, struct range elements);
	/* Frees what setup allocated. May be NULL. */
	void (*release)(struct input *in);
	/* Adds one member's partial to another's. NULL if the output is all there is. */
	void (*combine)(struct partial *into, const struct partial *from);
	/* Writes the result as text. NULL if the output is all there is: then its hash is used. */
	void (*result)(const struct partial *total, char text[RESULT_BYTES]);
	/* The array that was written. NULL if the partial is all there is. */
	struct output (*output)(const struct input *in);
	/*
	 * Of kernels whose elements wait for something before there is anything to compute: starts
	 * that, if it is not started, and returns a descriptor, of body()'s, that is readable when
	 * body() can do the element without waiting; or a negative errno. body() starts what has not
	 * been started and waits for it, so that it can be called either way. Both calls for an
	 * element come from one member. NULL: no element waits.
	 */
	int (*begin)(const struct input *in, uint64_t element);
	/* How often a region of n elements goes over each. NULL: once. For ceilings alone. */
	uint64_t (*passes)(uint64_t n);
};

/*
 * Describes the kernel to the rest of Tine; the arguments are designated initialisers of struct
 * kernel. A file whose name is not the kernel's does not compile. Of a kernel's objects one carries
 * the description: its team's code defines KERNEL_DESCRIPTION, to give it a name of its own.
 */
#ifndef KERNEL_DESCRIPTION
#define KERNEL_DESCRIPTION static const struct kernel description __attribute__((unused))
#endif
#define KERNEL(kernel_name, ...)                                                                   \
	_Static_assert(the_file_is_named_##kernel_name, "KERNEL() takes the name of its file");    \
	KERNEL_DESCRIPTION = {                                                                     \
		.name = #kernel_name,                                                              \
		.input_bytes = sizeof(struct input),                                               \
		.partial_bytes = sizeof(struct partial),                                           \
		__VA_ARGS__,                                                                       \
	}

#ifdef KERNEL_FILE
/* Inlined into every variant, so that none pays for a call that another does not. */
static inline void __attribute__((always_inline))
body(const struct input *in, struct range elements, struct partial *into);
#endif

/*
 * Vectors as wide as the registers that kernels are built for and that are computed with by bytes, too,
 * in GNU C, which compilers turn into what any processor has. For loops of which compilers keep too few
 * additions under way: an array of vectors is as many running sums.
 */
#if defined(__AVX512BW__)
#define VECTOR_BYTES 64
#elif defined(__AVX2__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif
typedef uint64_t u64_vector __attribute__((vector_size(VECTOR_BYTES)));
typedef double f64_vector __attribute__((vector_size(VECTOR_BYTES)));
enum {
	U64_LANES = VECTOR_BYTES / sizeof(uint64_t),
	/* running values beside running sums, of which 16 registers hold 6, and AVX-512's 32 more */
	VECTOR_CHAINS = VECTOR_BYTES == 64 ? 8 : 6
};

/* first, first + 1 and so on in the lanes of `count` vectors, one after another. */
static inline void vectors_count_from(u64_vector *vectors, unsigned count, uint64_t first)
{
	u64_vector lanes = { 0 };

	for (unsigned lane = 0; lane < U64_LANES; lane++)
		lanes[lane] = lane;
	for (unsigned v = 0; v < count; v++)
		vectors[v] = lanes + (first + v * U64_LANES);
}

/* The sum of all lanes of `count` vectors, modulo 2^64. */
static inline uint64_t vectors_sum(const u64_vector *vectors, unsigned count)
{
	u64_vector all = { 0 };
	uint64_t sum = 0;

	for (unsigned v = 0; v < count; v++)
		all += vectors[v];
	for (unsigned lane = 0; lane < U64_LANES; lane++)
		sum += all[lane];
	return sum;
}

/*
 * Memory for a kernel's arrays, not yet touched, or NULL. Those of 256 KiB and more, which fill a good
 * part of a second-level cache, ask for huge pages and start on a 2 MiB boundary, so that timings
 * depend neither on where malloc happened to be nor on which small pages, of which some share cache
 * sets, a process happened to get. A huge page lies, whole, on the node of the member that touches
 * it first, whose elements ever are in it. The caller frees it with free().
 */
static inline void *kernel_alloc(uint64_t count, size_t element_bytes)
{
	const size_t line = 128, large = (size_t)1 << 18, huge = (size_t)2 << 20;
	size_t bytes;

	if (__builtin_mul_overflow(count, element_bytes, &bytes) || bytes > SIZE_MAX - huge)
		return NULL;
	const size_t align = bytes < large ? line : huge;
	const size_t whole = (bytes + align - 1) / align * align;
	void *at = aligned_alloc(align, whole);
	if (at && align == huge)
		madvise(at, whole, MADV_HUGEPAGE); /* where the system has any */
	return at;
}

/*
 * Random number i of those that a seed stands for, all 64 bits of it: SplitMix64, by G. L. Steele,
 * D. Lea and C. H. Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014. Each can be
 * had without those before it, so that members can fill their shares of an input on their own.
 */
static inline uint64_t random_of(uint64_t seed, uint64_t i)
{
	uint64_t z = seed + (i + 1) * 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* The same as a number between 0 and 1, neither of them included: odd multiples of 2^-53. */
static inline double uniform_of(uint64_t seed, uint64_t i)
{
	return ((double)(random_of(seed, i) >> 12) + 0.5) * 0x1p-52;
}

/* Bytes in one row of a picture. */
static inline size_t row_bytes(const struct picture *p)
{
	return (size_t)p->width * p->channels;
}

/* The first byte of row y. */
static inline uint8_t *row_of(const struct picture *p, uint64_t y)
{
	return p->pixels + y * row_bytes(p);
}

/* The index in [0, n) that i stands for when the edges mirror without repeating: -1 is 1, n is n-2. */
static inline int64_t mirror(int64_t i, int64_t n)
{
	if (i >= 0 && i < n) /* spares nearly all callers the divisions */
		return i;
	const int64_t period = n > 1 ? 2 * (n - 1) : 1;
	const int64_t k = (i % period + period) % period;

	return k < n ? k : period - k;
}

/* Bytes behind a picture's last that may be read, whatever they are, so that rows can be by vectors. */
enum { READ_PAST = 128 };

/* Makes room for a picture, untouched. Returns 0 or -ENOMEM; free(p->pixels) gives it back. */
static inline int picture_alloc(
	struct picture *p, uint32_t width, uint32_t height, uint32_t channels)
{
	*p = (struct picture) { width, height, channels, NULL };
	p->pixels = kernel_alloc((uint64_t)width * height + READ_PAST, channels);
	return p->pixels ? 0 : -ENOMEM;
}

/* Copies rows of a picture to another of the same shape. */
static inline void picture_copy(
	const struct picture *to, const struct picture *from, struct range rows)
{
	memcpy(row_of(to, rows.first), row_of(from, rows.first),
		(rows.end - rows.first) * row_bytes(from));
}

/* Makes rows of a picture zero. */
static inline void picture_clear(const struct picture *p, struct range rows)
{
	memset(row_of(p, rows.first), 0, (rows.end - rows.first) * row_bytes(p));
}

/* A picture as a kernel's output. */
static inline struct output picture_output(const struct picture *p)
{
	return (struct output) { p->pixels, p->height * row_bytes(p), *p };
}

#endif
