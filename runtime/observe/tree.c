#include "observe/tree.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATH_TEXT = 64 };

static FILE *open_children(pid_t process, pid_t thread)
{
	char path[PATH_TEXT];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)process, (int)thread);
	return fopen(path, "re");
}

bool tree_can_be_seen(void)
{
	FILE *children = open_children(getpid(), getpid());

	if (!children)
		return false;
	fclose(children);
	return true;
}

static int add(struct tree *tree, pid_t process)
{
	if (tree->count == tree->room) {
		const size_t room = tree->room ? 2 * tree->room : 64;
		pid_t *more = realloc(tree->processes, room * sizeof(*more));
		if (!more)
			return -ENOMEM;
		tree->processes = more;
		tree->room = room;
	}
	tree->processes[tree->count++] = process;
	return 0;
}

static int add_children(void *tree, pid_t process, pid_t thread)
{
	FILE *children = open_children(process, thread);
	int child, error = 0;

	if (!children)
		return 0; /* it is gone */
	while (!error && fscanf(children, "%d", &child) == 1)
		error = add(tree, child);
	fclose(children);
	return error;
}

int tree_threads(pid_t process, see_thread *see, void *context)
{
	char path[PATH_TEXT];
	struct dirent *entry;
	int result = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)process);
	DIR *threads = opendir(path);
	while (threads && !result && (entry = readdir(threads)))
		if (entry->d_name[0] != '.')
			result = see(context, process, (pid_t)atoi(entry->d_name));
	if (threads)
		closedir(threads);
	return result;
}

int tree_find(struct tree *tree)
{
	tree->count = 0;
	int error = tree_threads(getpid(), add_children, tree);

	for (size_t p = 0; p < tree->count && !error; p++)
		error = tree_threads(tree->processes[p], add_children, tree);
	return error;
}

void tree_release(struct tree *tree)
{
	free(tree->processes);
	*tree = (struct tree) { 0 };
}
