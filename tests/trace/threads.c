/* Five times, three threads that meet at a barrier; one of them ends by pthread_exit. */
#include <pthread.h>
#include <stdio.h>

enum { THREADS = 3, TIMES = 5 };

static pthread_barrier_t barrier;

static void *meet(void *number)
{
	pthread_barrier_wait(&barrier);
	if (!*(int *)number)
		pthread_exit(number);
	return number;
}

int main(void)
{
	pthread_t threads[THREADS];
	int numbers[THREADS], sum = 0;
	void *result;

	pthread_barrier_init(&barrier, NULL, THREADS);
	for (int time = 0; time < TIMES; time++) {
		for (int i = 0; i < THREADS; i++) {
			numbers[i] = i;
			pthread_create(&threads[i], NULL, meet, &numbers[i]);
		}
		for (int i = 0; i < THREADS; i++) {
			pthread_join(threads[i], &result);
			sum += *(int *)result;
		}
	}
	printf("%d\n", sum);
	return 0;
}
