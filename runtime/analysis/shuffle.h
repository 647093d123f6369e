/*
 * shuffle: a random order that its seed repeats.
 */
#ifndef SHUFFLE_H
#define SHUFFLE_H

#include <stddef.h>
#include <stdint.h>

/* Fills order with 0 to count - 1, shuffled. Returns 0 or -ENOMEM. */
int shuffle(size_t *order, size_t count, uint64_t seed);

#endif
