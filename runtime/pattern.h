/*
 * pattern: the picture that pixel kernels work on where no file is given.
 */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdint.h>

#include "kernel.h"
#include "message.h"

/*
 * Makes a picture of our own: gradients, shapes and noise in RGB, the same everywhere for the same
 * size. The caller gives it back with picture_release (image.h). Returns 0, -EINVAL, -EFBIG or -ENOMEM.
 */
int picture_generate(uint32_t width, uint32_t height, struct picture *into, struct message *why);

#endif
