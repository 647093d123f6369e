/*
 * results: where commands leave directories that nobody has named.
 */
#ifndef RESULTS_H
#define RESULTS_H

enum { RESULTS_PATH = 512, RESULTS_TRIES = 100 };

/*
 * results/<host>-<UTC time>WHAT; from the second attempt on with -2, -3 ... behind it, for where the
 * first is taken.
 */
void results_path(char path[RESULTS_PATH], const char *what, unsigned attempt);

#endif
