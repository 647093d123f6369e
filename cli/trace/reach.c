#include "trace/reach.h"

#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* A program that asks for no interpreter is loaded by the kernel alone. */
static bool asks_for_loader(int file, const Elf64_Ehdr *header)
{
	for (unsigned i = 0; i < header->e_phnum; i++) {
		Elf64_Phdr segment;
		const off_t at = (off_t)(header->e_phoff + i * (Elf64_Off)header->e_phentsize);
		if (pread(file, &segment, sizeof(segment), at) == (ssize_t)sizeof(segment) &&
			segment.p_type == PT_INTERP)
			return true;
	}
	return false;
}

/* The kind of processor that we were built for. */
static bool read_own_header(Elf64_Ehdr *into)
{
	const int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	const bool read =
		file >= 0 && pread(file, into, sizeof(*into), 0) == (ssize_t)sizeof(*into);

	if (file >= 0)
		close(file);
	return read;
}

static enum reach reach_of_file(int file)
{
	Elf64_Ehdr header, own;

	if (pread(file, &header, sizeof(header), 0) != (ssize_t)sizeof(header) ||
		memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
		return REACHED; /* a script: its interpreter is what runs */
	if (read_own_header(&own) &&
		(header.e_ident[EI_CLASS] != own.e_ident[EI_CLASS] ||
			header.e_machine != own.e_machine))
		return REACH_OTHER;
	return asks_for_loader(file, &header) ? REACHED : REACH_STATIC;
}

static bool changes_rights(const char *path)
{
	struct stat about;

	if (stat(path, &about))
		return false;
	return (about.st_mode & S_ISUID && about.st_uid != getuid()) ||
		(about.st_mode & S_ISGID && about.st_gid != getgid()) ||
		(geteuid() && getxattr(path, "security.capability", NULL, 0) > 0);
}

enum reach reach_of(const char *path)
{
	const int file = open(path, O_RDONLY | O_CLOEXEC);

	if (changes_rights(path)) {
		if (file >= 0)
			close(file);
		return REACH_SETUID;
	}
	if (file < 0)
		return REACHED; /* it may be run, but not read */
	const enum reach reach = reach_of_file(file);
	close(file);
	return reach;
}

const char *reach_lack(enum reach reach)
{
	static const char *const words[] = {
		[REACH_STATIC] =
			"it is statically linked, so that preloading cannot reach it; only "
			"programs that it starts can be seen",
		[REACH_SETUID] = "it runs with other rights than ours (setuid, setgid or "
				 "capabilities), so that preloading cannot reach it",
		[REACH_OTHER] = "it is built for another processor or word size than Tine, so that "
				"preloading cannot reach it",
	};

	return words[reach];
}
