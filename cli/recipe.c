#include "recipe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "launch.h"
#include "nearest.h"

enum { LIST_BYTES = 300 };

static const char *shape_at(const void *shapes, size_t index)
{
	return ((const char *const *)shapes)[index];
}

static size_t shape_count(const struct kernel *kernel)
{
	size_t count = 0;

	while (kernel->shapes[count])
		count++;
	return count;
}

static bool has_shape(const struct kernel *kernel, const char *shape)
{
	for (size_t s = 0; kernel->shapes[s]; s++)
		if (!strcmp(kernel->shapes[s], shape))
			return true;
	return false;
}

/* "constant, rising or falling" */
static const char *list_shapes(char text[LIST_BYTES], const struct kernel *kernel)
{
	const size_t count = shape_count(kernel);
	int length = 0;

	for (size_t s = 0; s < count && length < LIST_BYTES; s++)
		length += snprintf(text + length, (size_t)(LIST_BYTES - length), "%s%s",
			!s                      ? ""
				: s + 1 < count ? ", "
						: " or ",
			kernel->shapes[s]);
	return text;
}

static int unknown_shape(const struct kernel *kernel, const char *shape, struct message *why)
{
	char hint[HINT_TEXT], list[LIST_BYTES];

	return fail(why, -EINVAL, "--shape %s%s: it is %s", shape,
		nearest_hint(hint, shape, shape_at, kernel->shapes, shape_count(kernel)),
		list_shapes(list, kernel));
}

/* Kernel k of those that are asked for, which are all unless some are named; NULL: unknown. */
static const struct kernel *asked_for(const struct options *o, size_t k)
{
	return o->argument_count ? launch_kernel(o->arguments[k]) : launch_kernel_at(k);
}

/* What of a recipe few kernels take, and which do. */
enum part { SHAPE, MEAN, SCALE, FILES, PARTS };

static const struct {
	const char *option, *takers;
} parts[PARTS] = {
	[SHAPE] = { "--shape", "synthetic does" },
	[MEAN] = { "--mean-ns", "synthetic does" },
	[SCALE] = { "--scale", "fetch and mixed do" },
	[FILES] = { "--input", "log_scan does" },
};

static bool is_given(const struct options *o, enum part part)
{
	const bool given[PARTS] = {
		[SHAPE] = o->shape,
		[MEAN] = o->mean_ns,
		[SCALE] = o->scale > 0,
		[FILES] = o->file_count,
	};

	return given[part];
}

static bool is_taken(const struct kernel *kernel, enum part part)
{
	const bool taken[PARTS] = {
		[SHAPE] = kernel->shapes,
		[MEAN] = kernel->shapes,
		[SCALE] = kernel->begin,
		[FILES] = kernel->takes_files,
	};

	return taken[part];
}

static int check_part(const struct options *o, enum part part, struct message *why)
{
	const size_t count = o->argument_count ? o->argument_count : launch_kernel_count();

	for (size_t k = 0; k < count; k++) {
		const struct kernel *kernel = asked_for(o, k);
		if (!kernel || is_taken(kernel, part)) /* what is unknown is told later */
			return 0;
	}
	return fail(why, -EINVAL, "%s: %s takes none; %s", parts[part].option,
		asked_for(o, 0)->name, parts[part].takers);
}

static int check_shape(const struct options *o, struct message *why)
{
	const size_t count = o->argument_count ? o->argument_count : launch_kernel_count();

	for (size_t k = 0; k < count; k++) {
		const struct kernel *kernel = asked_for(o, k);
		if (kernel && kernel->shapes && !has_shape(kernel, o->shape))
			return unknown_shape(kernel, o->shape, why);
	}
	return 0;
}

static int check_kernels(const struct options *o, struct message *why)
{
	int error = 0;

	for (int part = 0; part < PARTS && !error; part++)
		if (is_given(o, part))
			error = check_part(o, part, why);
	return error || !o->shape ? error : check_shape(o, why);
}

int recipe_of_options(struct recipe *into, const struct options *o, struct message *why)
{
	char *files[TEXTS_MOST] = { NULL };
	const struct recipe asked = {
		.shape = o->shape,
		.mean_ns = o->mean_ns,
		.scale = o->scale,
		.seed = o->has_seed ? o->seed : 0,
		.files = (const char *const *)files,
		.file_count = o->file_count,
	};
	int error = check_kernels(o, why);

	*into = (struct recipe) { 0 };
	for (size_t f = 0; f < o->file_count && !error; f++) {
		files[f] = realpath(o->files[f], NULL);
		if (!files[f])
			error = fail(why, -EINVAL, "--input %s: %s", o->files[f], strerror(errno));
	}
	if (!error)
		error = recipe_copy(into, &asked, why);
	for (size_t f = 0; f < o->file_count; f++)
		free(files[f]);
	return error;
}

/* ---- copies ---- */

static char **copy_files(const struct recipe *from)
{
	char **files = calloc(from->file_count, sizeof(*files));

	for (size_t f = 0; files && f < from->file_count; f++)
		files[f] = strdup(from->files[f]);
	return files;
}

static bool is_whole(const struct recipe *recipe, const struct recipe *from)
{
	if ((from->shape && !recipe->shape) || (from->file_count && !recipe->files))
		return false;
	for (size_t f = 0; f < recipe->file_count; f++)
		if (!recipe->files[f])
			return false;
	return true;
}

int recipe_copy(struct recipe *into, const struct recipe *from, struct message *why)
{
	*into = *from;
	into->shape = from->shape ? strdup(from->shape) : NULL;
	into->files = from->file_count ? (const char *const *)copy_files(from) : NULL;
	if (is_whole(into, from))
		return 0;
	recipe_release(into);
	return fail(why, -ENOMEM, "no memory for a shape or files");
}

void recipe_release(struct recipe *recipe)
{
	for (size_t f = 0; recipe->files && f < recipe->file_count; f++)
		free((char *)recipe->files[f]);
	free((void *)recipe->files);
	free((char *)recipe->shape);
	*recipe = (struct recipe) { 0 };
}

/* ---- JSON ---- */

static json_t *files_to_json(const struct recipe *recipe)
{
	json_t *files = json_array();

	for (size_t f = 0; f < recipe->file_count; f++)
		json_array_append_new(files, json_string(recipe->files[f]));
	if (json_array_size(files) == recipe->file_count)
		return files;
	json_decref(files); /* memory ran out */
	return NULL;
}

json_t *recipe_to_json(const struct recipe *recipe)
{
	json_t *json = json_pack("{sI}", "seed", (json_int_t)recipe->seed);
	int error = json ? 0 : -ENOMEM;

	if (!error && recipe->shape)
		error = json_object_set_new(json, "shape", json_string(recipe->shape));
	if (!error && recipe->mean_ns)
		error = json_object_set_new(
			json, "mean_ns", json_integer((json_int_t)recipe->mean_ns));
	if (!error && recipe->scale > 0)
		error = json_object_set_new(json, "scale", json_real(recipe->scale));
	if (!error && recipe->file_count)
		error = json_object_set_new(json, "files", files_to_json(recipe));
	if (!error)
		return json;
	json_decref(json);
	return NULL;
}

int recipe_from_json(struct recipe *into, const json_t *json, struct message *why)
{
	const json_t *paths = json_object_get(json, "files"), *path;
	const char *files[TEXTS_MOST];
	struct recipe recipe = {
		.shape = json_string_value(json_object_get(json, "shape")),
		.mean_ns = (uint64_t)json_integer_value(json_object_get(json, "mean_ns")),
		.scale = json_number_value(json_object_get(json, "scale")),
		.seed = (uint64_t)json_integer_value(json_object_get(json, "seed")),
		.files = files,
	};
	size_t index;

	json_array_foreach (paths, index, path) {
		if (json_is_string(path) && recipe.file_count < TEXTS_MOST)
			files[recipe.file_count++] = json_string_value(path);
	}
	return recipe_copy(into, &recipe, why);
}
