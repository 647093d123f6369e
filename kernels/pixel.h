/*
 * pixel: what pixel kernels compute with: vectors of as many bytes as the processor has in one.
 *
 * GNU vector types, for which compilers find each processor's instructions, or take a vector apart
 * where it has none. A vector of bytes is also one of 16-bit lanes: lane k holds byte 2k in its lower
 * half and byte 2k + 1 in its upper half. So bytes are widened by `& 255` and `>> 8`, and narrowed by
 * putting the halves together again, which takes no shuffle.
 *
 * Rows are done vector by vector, up to their last byte: what a vector reads behind it is the next row
 * or READ_PAST, and does not matter; what it would write there is not written. Whole vectors have a
 * loop of their own, since a call to memcpy in it would cost all that is kept in registers.
 */
#ifndef PIXEL_H
#define PIXEL_H

#include "kernel.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "a lane's lower half is its first byte");

enum { VECTOR = VECTOR_BYTES, LANES = VECTOR / 2 /* of 16 bits */ };

/* Whether one instruction picks any bytes out of 64. Without, pick() of 64 is slower than 64 loads. */
#if defined(__AVX512VBMI__)
enum { WIDE_PICK = 1 };
#else
enum { WIDE_PICK = 0 };
#endif
_Static_assert(!WIDE_PICK || VECTOR == 64, "a vector is what is picked from");
_Static_assert(2 * VECTOR <= READ_PAST, "a row's last pixels are read as two whole vectors");

typedef uint8_t vec8 __attribute__((vector_size(VECTOR)));
typedef uint16_t vec16 __attribute__((vector_size(VECTOR)));
typedef int16_t vec16s __attribute__((vector_size(VECTOR)));

/* Inlined, so that constant arguments fold, at the cost of code size. */
#define PIXEL_INLINE static inline __attribute__((always_inline))

PIXEL_INLINE vec8 load8(const void *from)
{
	vec8 v;

	memcpy(&v, from, sizeof(v));
	return v;
}

PIXEL_INLINE vec16 load16(const void *from)
{
	return (vec16)load8(from);
}

/*
 * Between loads and what is done with them: gcc 12 else takes an operand from memory again for each
 * use, and there are more uses than a processor has loads for. Emits nothing.
 */
PIXEL_INLINE void keep_loaded(void)
{
	__asm__ volatile("" ::: "memory");
}

/*
 * The bytes of a vector, or of two, one behind the other, at these places, which must lie inside.
 * gcc has an operation for this. clang 14 has none, but knows this loop for the shuffle it is.
 */
#ifdef __clang__
PIXEL_INLINE vec8 pick(vec8 from, vec8 places)
{
	vec8 picked;

#pragma clang loop unroll(full)
	for (int i = 0; i < VECTOR; i++)
		picked[i] = from[places[i]];
	return picked;
}

PIXEL_INLINE vec8 pick_of_two(vec8 a, vec8 b, vec8 places)
{
	vec8 picked;

#pragma clang loop unroll(full)
	for (int i = 0; i < VECTOR; i++)
		picked[i] = places[i] < VECTOR ? a[places[i]] : b[places[i] - VECTOR];
	return picked;
}
#else
PIXEL_INLINE vec8 pick(vec8 from, vec8 places)
{
	return __builtin_shuffle(from, places);
}

PIXEL_INLINE vec8 pick_of_two(vec8 a, vec8 b, vec8 places)
{
	return __builtin_shuffle(a, b, places);
}
#endif

/*
 * Lane by lane: gcc 12 has one instruction for each of these loops, clang 14 a function. And lanes
 * `first` and on of two vectors, one behind the other.
 */
#ifdef __clang__
PIXEL_INLINE vec16s magnitude(vec16s v)
{
	return __builtin_elementwise_abs(v);
}

PIXEL_INLINE vec16s larger(vec16s a, vec16s b)
{
	return __builtin_elementwise_max(a, b);
}

PIXEL_INLINE vec16 at_most(vec16 v, uint16_t limit)
{
	return __builtin_elementwise_min(v, (vec16) { 0 } + limit);
}

PIXEL_INLINE vec16 lanes_from(vec16 a, vec16 b, uint32_t first)
{
	vec16 lanes;

#pragma clang loop unroll(full)
	for (uint32_t i = 0; i < LANES; i++)
		lanes[i] = i + first < LANES ? a[i + first] : b[i + first - LANES];
	return lanes;
}
#else
PIXEL_INLINE vec16s magnitude(vec16s v)
{
	vec16s made;

	for (int i = 0; i < LANES; i++)
		made[i] = v[i] < 0 ? -v[i] : v[i];
	return made;
}

PIXEL_INLINE vec16s larger(vec16s a, vec16s b)
{
	vec16s made;

	for (int i = 0; i < LANES; i++)
		made[i] = a[i] > b[i] ? a[i] : b[i];
	return made;
}

PIXEL_INLINE vec16 at_most(vec16 v, uint16_t limit)
{
	vec16 made;

	for (int i = 0; i < LANES; i++)
		made[i] = v[i] < limit ? v[i] : limit;
	return made;
}

PIXEL_INLINE vec16 lanes_from(vec16 a, vec16 b, uint32_t first)
{
	vec16 places;

#pragma GCC unroll 32
	for (uint32_t i = 0; i < LANES; i++)
		places[i] = (uint16_t)(i + first);
	return __builtin_shuffle(a, b, places);
}
#endif

/*
 * Asks for what lies so many bytes ahead of a loop that has much to do for each line: processors see
 * ahead by themselves, but not beyond a page, nor as far as that takes. What is written ahead may be
 * another member's: it then comes from that one's cache, and back, so it should not be far.
 */
PIXEL_INLINE void read_soon(const uint8_t *at, int64_t ahead)
{
	__builtin_prefetch(at + ahead);
}

PIXEL_INLINE void write_soon(const uint8_t *at, int64_t ahead)
{
	__builtin_prefetch(at + ahead, 1);
}

/* Luma by ITU-R BT.601, 0.299, 0.587 and 0.114, in units of 2^-15; they add up to 1. */
enum { GRAY_R = 9798, GRAY_G = 19235, GRAY_B = 3735 };

/* The gray of a pixel, rounded; gray stays as it is. */
static inline uint8_t gray_of(const uint8_t *pixel, uint32_t channels)
{
	if (channels < 3)
		return pixel[0];
	return (uint8_t)((GRAY_R * pixel[0] + GRAY_G * pixel[1] + GRAY_B * pixel[2] + 16384) >> 15);
}

/* Whether a channel of a pixel is alpha: the last of 2 or 4. */
static inline bool is_alpha(uint32_t channel, uint32_t channels)
{
	return channels % 2 == 0 && channel == channels - 1;
}

#endif
