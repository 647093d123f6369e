#include "store/tracefile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const void *tracefile_at(const struct tracefile *file, uint64_t offset, size_t bytes)
{
	if (!offset || offset % 8 || offset > file->bytes || bytes > file->bytes - offset)
		return NULL;
	return (const char *)file->head + offset;
}

static size_t region_bytes(uint32_t members)
{
	return sizeof(struct trace_region) + members * sizeof(struct trace_member);
}

static bool is_region(const struct trace_region *region, size_t room)
{
	return room >= sizeof(*region) && region->room && region->room <= TRACE_TEAM_MAX &&
		region->bytes == region_bytes(region->room) && region->bytes <= room &&
		region->site < TRACE_SITES;
}

const struct trace_region *tracefile_worst(
	const struct tracefile *file, const struct trace_site *site)
{
	const struct trace_region *worst = tracefile_at(file, site->worst, sizeof(*worst));

	/* its block may be larger than its members need */
	if (!worst || !worst->room || worst->room > TRACE_TEAM_MAX || !worst->join ||
		worst->join < worst->fork || worst->site != (size_t)(site - file->sites) ||
		!tracefile_at(file, site->worst, region_bytes(worst->room)))
		return NULL;
	return worst;
}

/* ---- blocks ---- */

/* What a block holds, without its header. */
static size_t content_of(const struct trace_block *block)
{
	const uint64_t used = block->used < block->bytes ? block->used : block->bytes;

	return used > sizeof(*block) ? used - sizeof(*block) : 0;
}

static void add_lanes(struct tracefile *file, const struct trace_block *block)
{
	const struct trace_lane *lane = (const struct trace_lane *)(block + 1);
	size_t count = content_of(block) / sizeof(*lane);

	for (; count-- && file->lane_count < file->head->lanes; lane++)
		if (file->lanes)
			file->lanes[file->lane_count++] = lane;
}

/* Counts them, or adds them where there is room. */
static size_t add_regions(struct tracefile *file, const struct trace_block *block, bool add)
{
	const char *at = (const char *)(block + 1), *end = at + content_of(block);
	size_t count = 0;

	while (is_region((const struct trace_region *)at, (size_t)(end - at))) {
		const struct trace_region *region = (const struct trace_region *)at;
		at += region->bytes;
		if (!add && region->fork)
			file->open += !region->join;
		if (region->join < region->fork || !region->fork || !region->kept)
			continue;
		if (add)
			file->regions[file->region_count++] = region;
		count++;
	}
	return count;
}

/* Calls for each block; the sum of what that returns. */
static size_t walk(struct tracefile *file, bool add)
{
	const struct trace_block *block;
	size_t count = 0;

	for (uint64_t at = TRACE_PAGE; (block = tracefile_at(file, at, sizeof(*block)));
		at += block->bytes) {
		if (block->bytes < sizeof(*block) || !tracefile_at(file, at, block->bytes))
			break;
		if (block->kind == TRACE_BLOCK_REGIONS)
			count += add_regions(file, block, add);
		else if (add && block->kind == TRACE_BLOCK_LANES)
			add_lanes(file, block);
	}
	return count;
}

static int by_fork(const void *a, const void *b)
{
	const struct trace_region *const *x = a, *const *y = b;

	return ((*x)->fork > (*y)->fork) - ((*x)->fork < (*y)->fork);
}

static bool ends(const char text[TRACE_PATH])
{
	return memchr(text, 0, TRACE_PATH);
}

static bool have_names(const struct tracefile *file)
{
	for (size_t s = 0; file->sites && s < TRACE_SITES; s++)
		if (!ends(file->sites[s].module))
			return false;
	return true;
}

static int read_blocks(struct tracefile *file)
{
	const struct trace_head *head = file->head;
	const size_t regions = walk(file, false);

	file->sites = tracefile_at(file, head->sites, TRACE_SITES * sizeof(*file->sites));
	if (head->bin_ticks)
		file->bins = tracefile_at(file, head->bins, TRACE_BINS * sizeof(*file->bins));
	if (!have_names(file))
		return -EINVAL;
	file->lanes = calloc(head->lanes + 1u, sizeof(*file->lanes));
	file->regions = calloc(regions + 1, sizeof(*file->regions));
	if (!file->lanes || !file->regions)
		return -ENOMEM;
	walk(file, true);
	qsort(file->regions, file->region_count, sizeof(*file->regions), by_fork);
	return 0;
}

/* ---- files ---- */

static void release(struct tracefile *file)
{
	free(file->lanes);
	free(file->regions);
	free((void *)file->head);
}

static bool is_head(const struct trace_head *head)
{
	return head->magic == TRACE_MAGIC && head->version == TRACE_VERSION &&
		head->lanes <= TRACE_TEAM_MAX && ends(head->program) && ends(head->runtime);
}

/* A copy, since a process that outlives the command still writes to what it would be checked in. */
static int copy(struct tracefile *file, int fd)
{
	struct stat about;
	ssize_t got;

	if (fstat(fd, &about))
		return -errno;
	if (!S_ISREG(about.st_mode) || about.st_size < TRACE_PAGE)
		return -EINVAL;
	const size_t bytes = (size_t)about.st_size;
	char *at = malloc(bytes);
	if (!at)
		return -ENOMEM;
	file->head = (const struct trace_head *)at;
	while ((got = read(fd, at + file->bytes, bytes - file->bytes)) > 0)
		file->bytes += (size_t)got;
	if (got < 0)
		return -errno;
	return file->bytes >= TRACE_PAGE && is_head(file->head) ? 0 : -EINVAL;
}

static int load(struct tracefile *file, int directory, const char *name)
{
	const int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);

	*file = (struct tracefile) { 0 };
	if (fd < 0)
		return -errno;
	int error = copy(file, fd);
	close(fd);
	if (!error)
		error = read_blocks(file);
	if (error)
		release(file);
	return error;
}

static int by_begin(const void *a, const void *b)
{
	const struct tracefile *x = a, *y = b;

	return (x->head->begin > y->head->begin) - (x->head->begin < y->head->begin);
}

static int add(struct tracefiles *into, int directory, const char *name)
{
	struct tracefile *more = realloc(into->files, (into->count + 1) * sizeof(*into->files));

	if (!more)
		return -ENOMEM;
	into->files = more;
	const int error = load(&into->files[into->count], directory, name);
	into->count += !error;
	into->unread += error != 0;
	return error == -ENOMEM ? error : 0;
}

int tracefiles_load(struct tracefiles *into, const char *directory, struct message *why)
{
	DIR *files = opendir(directory);
	struct dirent *entry;
	int error = 0;

	*into = (struct tracefiles) { 0 };
	if (!files)
		return fail(why, -errno, "cannot read %s: %s", directory, strerror(errno));
	while (!error && (entry = readdir(files)))
		if (entry->d_name[0] != '.')
			error = add(into, dirfd(files), entry->d_name);
	closedir(files);
	if (error) {
		tracefiles_release(into);
		return fail(why, error, "no memory to read the trace");
	}
	if (into->count)
		qsort(into->files, into->count, sizeof(*into->files), by_begin);
	return 0;
}

void tracefiles_release(struct tracefiles *files)
{
	for (size_t f = 0; f < files->count; f++)
		release(&files->files[f]);
	free(files->files);
	*files = (struct tracefiles) { 0 };
}
