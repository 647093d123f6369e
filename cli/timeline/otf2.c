/*
 * otf2: regions as an OTF2 archive.
 *
 * A member is a location of one process on one host. Its events, in the order of time: enter region,
 * fork latency, work, unit, wait and leave them; the caller, who is member 0, has its fork in place
 * of the latency, and in its wait the join, which begins when the last member is done. Attributes
 * tell the CPU, the core and the number of units of a member's work, and which unit a unit is.
 *
 * OpenMP's variants also have the records of OTF2's fork-join model: ThreadFork and ThreadJoin of
 * the caller, and of each member ThreadTeamBegin and ThreadTeamEnd, around its region. That of
 * threads, with a create and a wait for each of them, asks for moments that Tine does not stamp, so
 * the others do without.
 */
#include "timeline/timeline.h"

#include <errno.h>

#ifndef HAVE_OTF2

int timeline_write_otf2(const struct timeline *timeline, const char *path, struct message *why)
{
	(void)timeline;
	return fail(why, -ENOSYS,
		"no archive %s: Tine was built without libotf2 3; apt-get install "
		"libotf2-trace-dev, dnf install otf2-devel or module load otf2, then make, "
		"brings it",
		path);
}

#else

#include <ftw.h>
#include <string.h>
#include <sys/stat.h>

#include "timeline/describe.h"
#include "timeline/otf2_archive.h"

/* ---- errors ---- */

void archive_check(struct archive *archive, OTF2_ErrorCode code)
{
	if (archive->error == OTF2_SUCCESS)
		archive->error = code;
}

/*
 * OTF2 would print it. Of a file that cannot be written in full it tells here alone: the functions
 * return that all is well. Warnings have negative codes.
 */
static OTF2_ErrorCode keep_error(void *data, const char *file, uint64_t line, const char *function,
	OTF2_ErrorCode code, const char *format, va_list args)
{
	struct archive *archive = data;

	(void)file, (void)line, (void)function;
	if (code > OTF2_SUCCESS && !archive->said[0]) {
		vsnprintf(archive->said, sizeof(archive->said), format, args);
		archive_check(archive, code);
	}
	return code;
}

/* ---- events ---- */

static void enter(struct archive *a, OTF2_RegionRef place, uint64_t ns)
{
	archive_check(a, OTF2_EvtWriter_Enter(a->events, a->with, ns, place));
}

static void leave(struct archive *a, OTF2_RegionRef place, uint64_t ns)
{
	archive_check(a, OTF2_EvtWriter_Leave(a->events, NULL, ns, place));
}

static void pass(struct archive *a, OTF2_RegionRef place, uint64_t begin_ns, uint64_t end_ns)
{
	enter(a, place, begin_ns);
	leave(a, place, end_ns);
}

static void write_units(struct archive *a, const struct member_record *m)
{
	uint64_t end_ns = m->start_ns;

	for (size_t k = 0; k < m->kept; k++) {
		const struct unit_record *unit = &m->kept_units[k];
		archive_check(a, OTF2_AttributeList_AddUint64(a->with, WHICH_UNIT, unit->unit));
		pass(a, archive_unit(a->timeline, unit->unit), unit->begin_ns, unit->end_ns);
		end_ns = unit->end_ns;
	}
	if (a->timeline->units && m->units > m->kept) {
		archive_check(a, OTF2_AttributeList_AddUint64(a->with, UNITS, m->units - m->kept));
		pass(a, FURTHER, end_ns, m->complete_ns);
	}
}

static void write_work(struct archive *a, const struct member_record *m)
{
	const int core = core_of_cpu(a->timeline, m->cpu_start);

	if (m->cpu_start >= 0)
		archive_check(a, OTF2_AttributeList_AddInt32(a->with, CPU, m->cpu_start));
	if (core >= 0)
		archive_check(a, OTF2_AttributeList_AddInt32(a->with, CORE, core));
	archive_check(a, OTF2_AttributeList_AddUint64(a->with, UNITS, m->units));
	enter(a, WORK, m->start_ns);
	write_units(a, m);
	leave(a, WORK, m->complete_ns);
}

static void write_inside(struct archive *a, const struct region_record *region, unsigned member)
{
	const struct member_record *m = &region->members[member];

	pass(a, member ? LATENCY : FORK, region->fork_ns, m->start_ns);
	write_work(a, m);
	enter(a, WAIT, m->complete_ns);
	if (!member)
		pass(a, JOIN, last_complete_ns(a->timeline, region), region->join_ns);
	leave(a, WAIT, region->join_ns);
}

/* Places by their own names come behind the others. */
static OTF2_RegionRef region_ref(const struct timeline *t, size_t r)
{
	if (t->places)
		return PLACES + t->place_of[r];
	return r == 0 && t->cold ? COLD : REGION;
}

static void write_region(struct archive *a, size_t r, unsigned member)
{
	const struct region_record *region = &a->timeline->regions[r];
	const OTF2_RegionRef place = region_ref(a->timeline, r);
	const bool team = archive_is_openmp(a), forks = team && !member;

	if (!took_part(region, &region->members[member]))
		return;
	if (forks)
		archive_check(a,
			OTF2_EvtWriter_ThreadFork(a->events, NULL, region->fork_ns,
				archive_paradigm(a), a->timeline->spec->threads));
	if (team)
		archive_check(a,
			OTF2_EvtWriter_ThreadTeamBegin(a->events, NULL, region->fork_ns, THE_ONE));
	enter(a, place, region->fork_ns);
	write_inside(a, region, member);
	leave(a, place, region->join_ns);
	if (team)
		archive_check(
			a, OTF2_EvtWriter_ThreadTeamEnd(a->events, NULL, region->join_ns, THE_ONE));
	if (forks)
		archive_check(a,
			OTF2_EvtWriter_ThreadJoin(
				a->events, NULL, region->join_ns, archive_paradigm(a)));
}

static void write_memory(struct archive *a, const struct member_memory *memory)
{
	const OTF2_Type types[METRICS] = { OTF2_TYPE_UINT64, OTF2_TYPE_UINT64 };
	const OTF2_MetricValue values[METRICS] = {
		[ALLOCATED] = { .unsigned_int = memory->allocated_bytes },
		[TOUCHED] = { .unsigned_int = memory->touched_bytes },
	};

	archive_check(a,
		OTF2_EvtWriter_Metric(a->events, NULL, a->timeline->regions[0].fork_ns, THE_ONE,
			METRICS, types, values));
}

/* ---- files ---- */

/* One after the other: each that is open holds a buffer and a file. */
static void write_location(struct archive *a, unsigned member)
{
	const struct timeline *t = a->timeline;
	uint64_t count = 0;

	a->events = OTF2_Archive_GetEvtWriter(a->handle, member);
	if (!a->events) {
		archive_check(a, OTF2_ERROR_MEM_ALLOC_FAILED);
		return;
	}
	if (t->memory)
		write_memory(a, &t->memory[member]);
	for (size_t r = 0; r < t->count; r++)
		write_region(a, r, member);
	archive_check(a, OTF2_EvtWriter_GetNumberOfEvents(a->events, &count));
	archive_check(a, OTF2_Archive_CloseEvtWriter(a->handle, a->events));
	archive_define_location(a, member, count);
}

/* Readers want a file of definitions for each location, be it empty. */
static void write_empty_definitions(struct archive *a)
{
	archive_check(a, OTF2_Archive_OpenDefFiles(a->handle));
	for (unsigned m = 0; m < a->timeline->team && !a->error; m++) {
		OTF2_DefWriter *writer = OTF2_Archive_GetDefWriter(a->handle, m);
		archive_check(a,
			writer ? OTF2_Archive_CloseDefWriter(a->handle, writer)
			       : OTF2_ERROR_MEM_ALLOC_FAILED);
	}
	archive_check(a, OTF2_Archive_CloseDefFiles(a->handle));
}

static OTF2_FlushType flush_always(
	void *data, OTF2_FileType type, OTF2_LocationRef location, void *caller, bool final)
{
	(void)data, (void)type, (void)location, (void)caller, (void) final;
	return OTF2_FLUSH;
}

static void open_archive(struct archive *a, const char *path)
{
	static const OTF2_FlushCallbacks flush = { .otf2_pre_flush = flush_always };

	a->handle = OTF2_Archive_Open(path, "traces", OTF2_FILEMODE_WRITE, OTF2_CHUNK_SIZE_MIN,
		OTF2_CHUNK_SIZE_MIN, OTF2_SUBSTRATE_POSIX, OTF2_COMPRESSION_NONE);
	if (!a->handle) {
		archive_check(a, OTF2_ERROR_FILE_CAN_NOT_OPEN);
		return;
	}
	archive_check(a, OTF2_Archive_SetFlushCallbacks(a->handle, &flush, NULL));
	archive_check(a, OTF2_Archive_SetSerialCollectiveCallbacks(a->handle));
	archive_check(a, OTF2_Archive_SetCreator(a->handle, "Tine"));
	archive_check(a, OTF2_Archive_SetMachineName(a->handle, a->timeline->host));
	archive_check(a, OTF2_Archive_OpenEvtFiles(a->handle));
	if (a->error)
		return;
	a->definitions = OTF2_Archive_GetGlobalDefWriter(a->handle);
	a->with = OTF2_AttributeList_New();
	if (!a->definitions || !a->with)
		archive_check(a, OTF2_ERROR_MEM_ALLOC_FAILED);
}

static void write_all(struct archive *a)
{
	archive_define(a);
	for (unsigned m = 0; m < a->timeline->team && !a->error; m++)
		write_location(a, m);
	if (archive_is_openmp(a))
		archive_define_team(a);
	archive_check(a, OTF2_Archive_CloseEvtFiles(a->handle));
	write_empty_definitions(a);
}

static void close_archive(struct archive *a)
{
	if (a->with)
		OTF2_AttributeList_Delete(a->with);
	if (a->handle)
		archive_check(a, OTF2_Archive_Close(a->handle));
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *depth)
{
	(void)about, (void)kind, (void)depth;
	remove(path);
	return 0;
}

int timeline_write_otf2(const struct timeline *timeline, const char *path, struct message *why)
{
	struct archive archive = { .timeline = timeline };

	if (mkdir(path, 0777))
		return fail(why, -errno, "cannot make the directory %s: %s", path, strerror(errno));
	OTF2_ErrorCallback before = OTF2_Error_RegisterCallback(keep_error, &archive);
	open_archive(&archive, path);
	if (!archive.error)
		write_all(&archive);
	close_archive(&archive);
	OTF2_Error_RegisterCallback(before, NULL);
	if (!archive.error)
		return 0;
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return fail(why, -EIO, "no archive %s: OTF2: %s: %s", path,
		OTF2_Error_GetDescription(archive.error), archive.said);
}

#endif
