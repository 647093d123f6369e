#include "trace/real.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void *in_libraries_of(const char *name, const void *caller)
{
	Dl_info info;
	void *found = NULL;

	if (!dladdr(caller, &info) || !info.dli_fname)
		return NULL;
	void *module = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
	if (!module)
		return NULL;
	found = dlsym(module, name);
	dlclose(module);
	return found;
}

void *real_find(const char *name, const void *caller)
{
	const int error = errno;
	void *found = dlsym(RTLD_NEXT, name);

	if (!found)
		found = in_libraries_of(name, caller);
	errno = error;
	return found;
}

void *real_need(const char *name, const void *caller)
{
	static const char said[] = ": no library has it\n";
	void *found = real_find(name, caller);

	if (found)
		return found;
	if (write(STDERR_FILENO, name, strlen(name)) >= 0 &&
		write(STDERR_FILENO, said, sizeof(said) - 1) >= 0)
		_exit(127);
	_exit(127);
}
