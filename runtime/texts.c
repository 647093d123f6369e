#include "texts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail_at(const char *path, int error, struct message *why)
{
	return fail(why, -EINVAL, "%s: %s", path, strerror(error));
}

static int map_open(struct text *text, int file, const char *path, struct message *why)
{
	struct stat status;
	void *at;

	if (fstat(file, &status))
		return fail_at(path, errno, why);
	if (S_ISDIR(status.st_mode))
		return fail_at(path, EISDIR, why);
	if (!S_ISREG(status.st_mode))
		return fail(why, -EINVAL, "%s is no regular file", path);
	*text = (struct text) { NULL, (uint64_t)status.st_size };
	if (!text->count)
		return 0;
	at = mmap(NULL, text->count, PROT_READ, MAP_SHARED, file, 0);
	if (at == MAP_FAILED)
		return fail_at(path, errno, why);
	text->bytes = at;
	return 0;
}

/* Does not wait for who would write a pipe. */
static int map_file(struct text *text, const char *path, struct message *why)
{
	const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (file < 0)
		return fail_at(path, errno, why);
	const int error = map_open(text, file, path, why);
	close(file);
	return error;
}

int texts_map(struct text *texts, const char *const *paths, size_t count, struct message *why)
{
	for (size_t t = 0; t < count; t++) {
		const int error = map_file(&texts[t], paths[t], why);
		if (!error)
			continue;
		texts_unmap(texts, t);
		return error;
	}
	if (!count || texts_bytes(texts, count))
		return 0;
	return fail(why, -EINVAL, "%s%s is empty: there is nothing to read", paths[0],
		count > 1 ? ", as the others," : "");
}

void texts_unmap(struct text *texts, size_t count)
{
	for (size_t t = 0; t < count; t++)
		if (texts[t].count)
			munmap((void *)texts[t].bytes, texts[t].count);
}

uint64_t texts_bytes(const struct text *texts, size_t count)
{
	uint64_t bytes = 0;

	for (size_t t = 0; t < count; t++)
		bytes += texts[t].count;
	return bytes;
}
