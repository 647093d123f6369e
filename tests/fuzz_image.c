/*
 * fuzz_image: picture_read on arbitrary bytes. What it reads must be whole, and what it refuses
 * must have a reason. clang -fsanitize=fuzzer,address,undefined; see libFuzzer's documentation.
 */
#include "image.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct picture *picture, int error, const struct message *why)
{
	uint64_t sum = 0;

	if (error) {
		if (!why->text[0] || picture->pixels)
			abort();
		return;
	}
	if (picture->channels < 1 || picture->channels > 4)
		abort();
	for (uint64_t y = 0; y < picture->height; y++)
		for (size_t i = 0; i < row_bytes(picture); i++)
			sum += row_of(picture, y)[i];
	if (sum > UINT64_C(255) * 4 * PICTURE_PIXELS_MAX)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const int fd = memfd_create("picture", MFD_CLOEXEC);
	struct picture picture;
	struct message why = { "" };
	char path[64];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	const int error = picture_read(path, &picture, &why);
	check(&picture, error, &why);
	picture_release(&picture);
	close(fd);
	return 0;
}
