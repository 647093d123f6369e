/* A task that is over when somebody says so. */
#include <omp.h>
#include <stdio.h>

int main(void)
{
	omp_event_handle_t event;
	int done = 0;

#pragma omp parallel
#pragma omp single
	{
#pragma omp task detach(event) shared(done)
		done = 1;
#pragma omp task
		omp_fulfill_event(event);
	}
	printf("%d\n", done);
	return 0;
}
