/*
 * otf2: regions as an OTF2 archive.
 *
 * A member is a location of one process on one host. Its events, in the order of time: enter region,
 * fork latency, work, unit, wait and leave them; the caller, who is member 0, has its fork in place
 * of the latency, and in its wait the join, which begins when the last member is done. Attributes
 * tell the CPU, the core and the number of units of a member's work, and which unit a unit is.
 *
 * The openmp variant also has the records of OTF2's fork-join model: ThreadFork and ThreadJoin of
 * the caller, and of each member ThreadTeamBegin and ThreadTeamEnd, around its region. That of
 * threads, with a create and a wait for each of them, asks for moments that Tine does not stamp, so
 * pthread and pool do without.
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
#include <otf2/otf2.h>
#include <string.h>
#include <sys/stat.h>

#include "timeline/describe.h"

/* ---- what is defined ---- */

enum place { REGION, COLD, FORK, LATENCY, WORK, UNIT, FURTHER, WAIT, JOIN, PLACES };

static const struct {
	const char *name, *what;
	OTF2_RegionRole role;
} places[PLACES] = {
	[REGION] = { "region", "from fork to join", OTF2_REGION_ROLE_PARALLEL },
	[COLD] = { "region, cold", "the first of its process", OTF2_REGION_ROLE_PARALLEL },
	[FORK] = { "fork", "until the caller starts on its own part", OTF2_REGION_ROLE_CODE },
	[LATENCY] = { "fork latency", "until the member starts", OTF2_REGION_ROLE_ARTIFICIAL },
	[WORK] = { "work", "the member's part", OTF2_REGION_ROLE_LOOP },
	[UNIT] = { "unit", "one step of the scheduled loop", OTF2_REGION_ROLE_CODE },
	[FURTHER] = { "further units", "not kept one by one", OTF2_REGION_ROLE_CODE },
	[WAIT] = { "wait", "done, until the join", OTF2_REGION_ROLE_BARRIER },
	[JOIN] = { "join", "all are done, and the caller not yet on", OTF2_REGION_ROLE_CODE },
};

enum attribute { CPU, CORE, UNITS, WHICH_UNIT, ATTRIBUTES };

static const struct {
	const char *name, *what;
	OTF2_Type type;
} attributes[ATTRIBUTES] = {
	[CPU] = { "CPU", "at its start", OTF2_TYPE_INT32 },
	[CORE] = { "core", "at its start", OTF2_TYPE_INT32 },
	[UNITS] = { "units", "how many", OTF2_TYPE_UINT64 },
	[WHICH_UNIT] = { "number", "which unit it is", OTF2_TYPE_UINT64 },
};

enum { ALLOCATED, TOUCHED, METRICS };

static const struct {
	const char *name, *what;
} metrics[METRICS] = {
	[ALLOCATED] = { "bytes allocated", "asked for by the member" },
	[TOUCHED] = { "bytes first touched", "in pages that the member touched first" },
};

static const struct {
	OTF2_Paradigm paradigm;
	const char *name;
	OTF2_ParadigmClass class;
} paradigms[VARIANTS_OF_TASKS] = {
	[SEQUENTIAL] = { OTF2_PARADIGM_USER, NULL, 0 },
	[OPENMP] = { OTF2_PARADIGM_OPENMP, "OpenMP", OTF2_PARADIGM_CLASS_THREAD_FORK_JOIN },
	[PTHREAD] = { OTF2_PARADIGM_PTHREAD, "POSIX threads",
		OTF2_PARADIGM_CLASS_THREAD_CREATE_WAIT },
	[POOL] = { OTF2_PARADIGM_PTHREAD, "POSIX threads", OTF2_PARADIGM_CLASS_THREAD_CREATE_WAIT },
	[PROCESS] = { OTF2_PARADIGM_USER, NULL, 0 },
	[ONE_CORE] = { OTF2_PARADIGM_PTHREAD, "POSIX threads",
		OTF2_PARADIGM_CLASS_THREAD_CREATE_WAIT },
	[GLOBAL_LOCK] = { OTF2_PARADIGM_PTHREAD, "POSIX threads",
		OTF2_PARADIGM_CLASS_THREAD_CREATE_WAIT },
	[EVENT_LOOP] = { OTF2_PARADIGM_USER, NULL, 0 },
	[OPENMP_SECTIONS] = { OTF2_PARADIGM_OPENMP, "OpenMP",
		OTF2_PARADIGM_CLASS_THREAD_FORK_JOIN },
	[OPENMP_TASKS] = { OTF2_PARADIGM_OPENMP, "OpenMP", OTF2_PARADIGM_CLASS_THREAD_FORK_JOIN },
};

/* Everything of a kind that there is only one of has this number. */
enum { THE_ONE = 0 };

/* ---- the archive ---- */

struct archive {
	const struct timeline *timeline;
	OTF2_Archive *handle;
	OTF2_EvtWriter *events; /* of the location that is being written */
	OTF2_GlobalDefWriter *definitions;
	OTF2_AttributeList *with; /* attributes of the next event, which empties it */
	OTF2_StringRef strings;   /* defined so far */
	OTF2_ErrorCode error;     /* the first; what comes after it does not count */
	char said[256];           /* by OTF2, of it */
};

static void check(struct archive *archive, OTF2_ErrorCode code)
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
		check(archive, code);
	}
	return code;
}

static OTF2_Paradigm paradigm_of(const struct archive *archive)
{
	return paradigms[archive->timeline->spec->variant].paradigm;
}

static bool is_openmp(const struct archive *archive)
{
	return paradigm_of(archive) == OTF2_PARADIGM_OPENMP;
}

/* ---- events ---- */

static void enter(struct archive *a, OTF2_RegionRef place, uint64_t ns)
{
	check(a, OTF2_EvtWriter_Enter(a->events, a->with, ns, place));
}

static void leave(struct archive *a, OTF2_RegionRef place, uint64_t ns)
{
	check(a, OTF2_EvtWriter_Leave(a->events, NULL, ns, place));
}

static void pass(struct archive *a, OTF2_RegionRef place, uint64_t begin_ns, uint64_t end_ns)
{
	enter(a, place, begin_ns);
	leave(a, place, end_ns);
}

/* Tasks by their own names come behind all others. */
static OTF2_RegionRef unit_ref(const struct timeline *t, uint64_t unit)
{
	return unit < t->task_count ? PLACES + t->place_count + unit : UNIT;
}

static void write_units(struct archive *a, const struct member_record *m)
{
	uint64_t end_ns = m->start_ns;

	for (size_t k = 0; k < m->kept; k++) {
		const struct unit_record *unit = &m->kept_units[k];
		check(a, OTF2_AttributeList_AddUint64(a->with, WHICH_UNIT, unit->unit));
		pass(a, unit_ref(a->timeline, unit->unit), unit->begin_ns, unit->end_ns);
		end_ns = unit->end_ns;
	}
	if (a->timeline->units && m->units > m->kept) {
		check(a, OTF2_AttributeList_AddUint64(a->with, UNITS, m->units - m->kept));
		pass(a, FURTHER, end_ns, m->complete_ns);
	}
}

static void write_work(struct archive *a, const struct member_record *m)
{
	const int core = core_of_cpu(a->timeline, m->cpu_start);

	if (m->cpu_start >= 0)
		check(a, OTF2_AttributeList_AddInt32(a->with, CPU, m->cpu_start));
	if (core >= 0)
		check(a, OTF2_AttributeList_AddInt32(a->with, CORE, core));
	check(a, OTF2_AttributeList_AddUint64(a->with, UNITS, m->units));
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
	const bool team = is_openmp(a), forks = team && !member;

	if (!took_part(region, &region->members[member]))
		return;
	if (forks)
		check(a,
			OTF2_EvtWriter_ThreadFork(a->events, NULL, region->fork_ns, paradigm_of(a),
				a->timeline->spec->threads));
	if (team)
		check(a, OTF2_EvtWriter_ThreadTeamBegin(a->events, NULL, region->fork_ns, THE_ONE));
	enter(a, place, region->fork_ns);
	write_inside(a, region, member);
	leave(a, place, region->join_ns);
	if (team)
		check(a, OTF2_EvtWriter_ThreadTeamEnd(a->events, NULL, region->join_ns, THE_ONE));
	if (forks)
		check(a,
			OTF2_EvtWriter_ThreadJoin(
				a->events, NULL, region->join_ns, paradigm_of(a)));
}

static void write_memory(struct archive *a, const struct member_memory *memory)
{
	const OTF2_Type types[METRICS] = { OTF2_TYPE_UINT64, OTF2_TYPE_UINT64 };
	const OTF2_MetricValue values[METRICS] = {
		[ALLOCATED] = { .unsigned_int = memory->allocated_bytes },
		[TOUCHED] = { .unsigned_int = memory->touched_bytes },
	};

	check(a,
		OTF2_EvtWriter_Metric(a->events, NULL, a->timeline->regions[0].fork_ns, THE_ONE,
			METRICS, types, values));
}

/* ---- definitions ---- */

static OTF2_StringRef string(struct archive *a, const char *text)
{
	check(a, OTF2_GlobalDefWriter_WriteString(a->definitions, a->strings, text));
	return a->strings++;
}

static void define_clock(struct archive *a)
{
	const struct timeline *t = a->timeline;
	const uint64_t origin_ns = t->regions[0].fork_ns, per_second = 1000000000;

	check(a,
		OTF2_GlobalDefWriter_WriteClockProperties(a->definitions, per_second, origin_ns,
			t->regions[t->count - 1].join_ns - origin_ns, OTF2_UNDEFINED_TIMESTAMP));
}

static void define_places(struct archive *a)
{
	char id[CASE_ID_MAX];
	const OTF2_StringRef none = string(a, "");
	const OTF2_StringRef case_id = string(a, describe_title(a->timeline, id));

	for (uint32_t p = 0; p < PLACES; p++) {
		const bool implicit = p == WAIT && is_openmp(a);
		const OTF2_RegionRole role =
			implicit ? OTF2_REGION_ROLE_IMPLICIT_BARRIER : places[p].role;
		const OTF2_StringRef name = string(a, places[p].name);
		check(a,
			OTF2_GlobalDefWriter_WriteRegion(a->definitions, p, name,
				p <= COLD ? case_id : name, string(a, places[p].what), role,
				paradigm_of(a), OTF2_REGION_FLAG_NONE, none, 0, 0));
	}
}

/* One of its own name, that is otherwise as `like`. */
static void define_named(struct archive *a, OTF2_RegionRef ref, const char *text, enum place like)
{
	const OTF2_StringRef none = string(a, ""), what = string(a, places[like].what);
	const OTF2_StringRef name = string(a, text);

	check(a,
		OTF2_GlobalDefWriter_WriteRegion(a->definitions, ref, name, name, what,
			places[like].role, paradigm_of(a), OTF2_REGION_FLAG_NONE, none, 0, 0));
}

static void define_named_places(struct archive *a)
{
	const struct timeline *t = a->timeline;
	char name[DESCRIPTION_MAX];

	for (uint32_t p = 0; p < t->place_count; p++)
		define_named(a, PLACES + p, t->places[p], REGION);
	for (uint64_t i = 0; i < t->task_count; i++)
		define_named(a, unit_ref(t, i), describe_unit(t, i, name), UNIT);
}

static void define_attributes(struct archive *a)
{
	for (uint32_t i = 0; i < ATTRIBUTES; i++) {
		const OTF2_StringRef name = string(a, attributes[i].name);
		check(a,
			OTF2_GlobalDefWriter_WriteAttribute(a->definitions, i, name,
				string(a, attributes[i].what), attributes[i].type));
	}
}

static void define_memory(struct archive *a)
{
	const OTF2_MetricMemberRef members[METRICS] = { ALLOCATED, TOUCHED };
	const OTF2_StringRef unit = string(a, "bytes");

	for (uint32_t i = 0; i < METRICS; i++) {
		const OTF2_StringRef name = string(a, metrics[i].name);
		check(a,
			OTF2_GlobalDefWriter_WriteMetricMember(a->definitions, i, name,
				string(a, metrics[i].what), OTF2_METRIC_TYPE_OTHER,
				OTF2_METRIC_ABSOLUTE_POINT, OTF2_TYPE_UINT64, OTF2_BASE_DECIMAL, 0,
				unit));
	}
	check(a,
		OTF2_GlobalDefWriter_WriteMetricClass(a->definitions, THE_ONE, METRICS, members,
			OTF2_METRIC_ASYNCHRONOUS, OTF2_RECORDER_KIND_CPU));
}

static void define_process(struct archive *a)
{
	const struct timeline *t = a->timeline;
	char id[CASE_ID_MAX];
	const OTF2_StringRef host = string(a, t->host), class = string(a, "node");
	const OTF2_StringRef process = string(a, describe_title(t, id));
	const OTF2_Paradigm paradigm = paradigm_of(a);

	check(a,
		OTF2_GlobalDefWriter_WriteSystemTreeNode(
			a->definitions, THE_ONE, host, class, OTF2_UNDEFINED_SYSTEM_TREE_NODE));
	check(a,
		OTF2_GlobalDefWriter_WriteSystemTreeNodeDomain(
			a->definitions, THE_ONE, OTF2_SYSTEM_TREE_DOMAIN_SHARED_MEMORY));
	check(a,
		OTF2_GlobalDefWriter_WriteLocationGroup(a->definitions, THE_ONE, process,
			OTF2_LOCATION_GROUP_TYPE_PROCESS, THE_ONE, OTF2_UNDEFINED_LOCATION_GROUP));
	if (paradigms[t->spec->variant].name)
		check(a,
			OTF2_GlobalDefWriter_WriteParadigm(a->definitions, paradigm,
				string(a, paradigms[t->spec->variant].name),
				paradigms[t->spec->variant].class));
}

static void define_location(struct archive *a, unsigned member, uint64_t events)
{
	char name[DESCRIPTION_MAX];

	check(a,
		OTF2_GlobalDefWriter_WriteLocation(a->definitions, member,
			string(a, describe_member(a->timeline, member, name)),
			OTF2_LOCATION_TYPE_CPU_THREAD, events, THE_ONE));
}

/* The team is a communicator of all locations. */
static void define_team(struct archive *a)
{
	enum { ALL_LOCATIONS, TEAM };
	uint64_t members[THREADS_MAX];
	const uint32_t count = a->timeline->team;
	const OTF2_StringRef name = string(a, "team");

	for (uint32_t m = 0; m < count; m++)
		members[m] = m;
	check(a,
		OTF2_GlobalDefWriter_WriteGroup(a->definitions, ALL_LOCATIONS, name,
			OTF2_GROUP_TYPE_COMM_LOCATIONS, paradigm_of(a), OTF2_GROUP_FLAG_NONE, count,
			members));
	check(a,
		OTF2_GlobalDefWriter_WriteGroup(a->definitions, TEAM, name,
			OTF2_GROUP_TYPE_COMM_GROUP, paradigm_of(a), OTF2_GROUP_FLAG_NONE, count,
			members));
	check(a,
		OTF2_GlobalDefWriter_WriteComm(a->definitions, THE_ONE, name, TEAM,
			OTF2_UNDEFINED_COMM, OTF2_COMM_FLAG_NONE));
}

/* ---- files ---- */

/* One after the other: each that is open holds a buffer and a file. */
static void write_location(struct archive *a, unsigned member)
{
	const struct timeline *t = a->timeline;
	uint64_t count = 0;

	a->events = OTF2_Archive_GetEvtWriter(a->handle, member);
	if (!a->events) {
		check(a, OTF2_ERROR_MEM_ALLOC_FAILED);
		return;
	}
	if (t->memory)
		write_memory(a, &t->memory[member]);
	for (size_t r = 0; r < t->count; r++)
		write_region(a, r, member);
	check(a, OTF2_EvtWriter_GetNumberOfEvents(a->events, &count));
	check(a, OTF2_Archive_CloseEvtWriter(a->handle, a->events));
	define_location(a, member, count);
}

/* Readers want a file of definitions for each location, be it empty. */
static void write_empty_definitions(struct archive *a)
{
	check(a, OTF2_Archive_OpenDefFiles(a->handle));
	for (unsigned m = 0; m < a->timeline->team && !a->error; m++) {
		OTF2_DefWriter *writer = OTF2_Archive_GetDefWriter(a->handle, m);
		check(a,
			writer ? OTF2_Archive_CloseDefWriter(a->handle, writer)
			       : OTF2_ERROR_MEM_ALLOC_FAILED);
	}
	check(a, OTF2_Archive_CloseDefFiles(a->handle));
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
		check(a, OTF2_ERROR_FILE_CAN_NOT_OPEN);
		return;
	}
	check(a, OTF2_Archive_SetFlushCallbacks(a->handle, &flush, NULL));
	check(a, OTF2_Archive_SetSerialCollectiveCallbacks(a->handle));
	check(a, OTF2_Archive_SetCreator(a->handle, "Tine"));
	check(a, OTF2_Archive_SetMachineName(a->handle, a->timeline->host));
	check(a, OTF2_Archive_OpenEvtFiles(a->handle));
	if (a->error)
		return;
	a->definitions = OTF2_Archive_GetGlobalDefWriter(a->handle);
	a->with = OTF2_AttributeList_New();
	if (!a->definitions || !a->with)
		check(a, OTF2_ERROR_MEM_ALLOC_FAILED);
}

static void write_all(struct archive *a)
{
	define_clock(a);
	define_places(a);
	define_named_places(a);
	define_attributes(a);
	if (a->timeline->memory)
		define_memory(a);
	define_process(a);
	for (unsigned m = 0; m < a->timeline->team && !a->error; m++)
		write_location(a, m);
	if (is_openmp(a))
		define_team(a);
	check(a, OTF2_Archive_CloseEvtFiles(a->handle));
	write_empty_definitions(a);
}

static void close_archive(struct archive *a)
{
	if (a->with)
		OTF2_AttributeList_Delete(a->with);
	if (a->handle)
		check(a, OTF2_Archive_Close(a->handle));
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
