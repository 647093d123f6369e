/*
 * pthread: threads created and joined in every region.
 *
 * A template: compiled around each kernel file.
 */
#include KERNEL_FILE

#include "team/share.h"

#define MEMBERS_OF pthread
#define SEAT_WORK  seat_work
#include "team/threads.h"
