/* Has no OpenMP of its own. Usage: opens_plugin LIBRARY */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
	int (*sum)(void);

	if (!library)
		return 2;
	*(void **)&sum = dlsym(library, "plugin_sum");
	printf("%d\n", sum());
	return 4;
}
