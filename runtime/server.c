#include "server.h"

#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

enum {
	SPARE = 16,     /* connections that are about to end, and descriptors for other things */
	CHUNK = 1 << 15 /* bytes that are made, and sent, at a time */
};

/* How far a request has come. */
enum stage {
	HEARING,   /* it comes */
	WAITING,   /* for its time */
	ANSWERING, /* the answer goes */
	ENDING     /* until the other end closes */
};

struct connection {
	int socket;
	enum stage stage;
	size_t heard;  /* bytes of the request */
	uint64_t sent; /* bytes of the answer */
	uint64_t due_ns;
	struct request request;
};

/* What is polled: that it is to stop, that somebody connects, and each connection. */
enum { STOP, LISTEN, FIRST };

struct server {
	pthread_t thread;
	int stop, listening;
	bool starved; /* there was no descriptor for one more connection: none is taken until one ends */
	struct sockaddr_in address;
	size_t room, count;
	struct connection *connections; /* room of them */
	struct pollfd *polled;          /* FIRST + room */
	uint64_t chunk[CHUNK / sizeof(uint64_t)];
};

/* ---- the server's thread, which allocates nothing ---- */

static void drop(struct server *s, size_t which)
{
	close(s->connections[which].socket);
	s->connections[which] = s->connections[--s->count];
	s->starved = false;
}

static bool is_starving(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/* What they send goes at once, whatever is on its way: the last bytes would wait for an answer. */
static bool take_connection(struct server *s)
{
	const int yes = 1;
	const int socket = accept4(s->listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (socket < 0) {
		s->starved = s->count && is_starving(errno);
		return false;
	}
	setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	s->connections[s->count++] = (struct connection) { .socket = socket };
	return true;
}

/* All that there are: one between two looks at all others would be slow where there are many. */
static void take_connections(struct server *s)
{
	while (s->count < s->room && take_connection(s))
		continue;
}

static bool is_transient(ssize_t done)
{
	return done < 0 && (errno == EAGAIN || errno == EINTR);
}

/* Each of these returns whether the connection lives. */
static bool hear(struct connection *c)
{
	char *into = (char *)&c->request + c->heard;
	const ssize_t got = recv(c->socket, into, sizeof(c->request) - c->heard, 0);

	if (got <= 0)
		return is_transient(got);
	c->heard += (size_t)got;
	if (c->heard == sizeof(c->request)) {
		c->stage = WAITING;
		c->due_ns = clock_monotonic_ns() + c->request.after_ns;
	}
	return true;
}

/* Makes the chunk that holds the next byte; returns how many bytes of it there are from there on. */
static size_t make_chunk(struct server *s, const struct connection *c)
{
	const uint64_t begin = c->sent / CHUNK * CHUNK, left = c->request.bytes - begin;
	const size_t bytes = left < CHUNK ? left : CHUNK;

	for (size_t w = 0; w * sizeof(uint64_t) < bytes; w++)
		s->chunk[w] = random_of(c->request.seed, begin / sizeof(uint64_t) + w);
	return bytes - (size_t)(c->sent - begin);
}

static bool answer(struct server *s, struct connection *c)
{
	c->stage = ANSWERING;
	while (c->sent < c->request.bytes) {
		const size_t bytes = make_chunk(s, c);
		const char *from = (const char *)s->chunk + c->sent % CHUNK;
		const ssize_t gone = send(c->socket, from, bytes, MSG_NOSIGNAL);
		if (gone < 0)
			return is_transient(gone);
		c->sent += (uint64_t)gone;
	}
	c->stage = ENDING;
	return true;
}

/* The other end says nothing more, so that there is something to read only when it has closed. */
static bool attend(struct server *s, struct connection *c, short events, uint64_t now_ns)
{
	if (c->stage == HEARING && events)
		return hear(c);
	if (c->stage == WAITING && !events && now_ns >= c->due_ns)
		return answer(s, c);
	if (c->stage == ANSWERING && events == POLLOUT)
		return answer(s, c);
	return !events;
}

static void set_polled(struct server *s)
{
	static const short events[] = {
		[HEARING] = POLLIN, [WAITING] = POLLIN, [ANSWERING] = POLLOUT, [ENDING] = POLLIN
	};
	const bool full = s->count == s->room || s->starved;

	s->polled[STOP] = (struct pollfd) { .fd = s->stop, .events = POLLIN };
	s->polled[LISTEN] = (struct pollfd) { .fd = full ? -1 : s->listening, .events = POLLIN };
	for (size_t i = 0; i < s->count; i++)
		s->polled[FIRST + i] = (struct pollfd) { .fd = s->connections[i].socket,
			.events = events[s->connections[i].stage] };
}

/* Until the next answer is due, or for ever. Returns false when it is to stop. */
static bool await(struct server *s)
{
	const uint64_t second_ns = 1000000000, now_ns = clock_monotonic_ns();
	uint64_t next_ns = UINT64_MAX;

	for (size_t i = 0; i < s->count; i++)
		if (s->connections[i].stage == WAITING && s->connections[i].due_ns < next_ns)
			next_ns = s->connections[i].due_ns;
	const uint64_t left_ns = next_ns > now_ns ? next_ns - now_ns : 0;
	const struct timespec left = { (time_t)(left_ns / second_ns), (long)(left_ns % second_ns) };
	if (ppoll(s->polled, FIRST + s->count, next_ns < UINT64_MAX ? &left : NULL, NULL) < 0)
		for (size_t i = 0; i < FIRST + s->count; i++)
			s->polled[i].revents = 0;
	return !s->polled[STOP].revents;
}

/* From the last to the first, since the last takes the place of one that is dropped. */
static void *serve(void *argument)
{
	struct server *s = argument;

	for (set_polled(s); await(s); set_polled(s)) {
		const uint64_t now_ns = clock_monotonic_ns();
		for (size_t i = s->count; i-- > 0;)
			if (!attend(s, &s->connections[i], s->polled[FIRST + i].revents, now_ns))
				drop(s, i);
		if (s->polled[LISTEN].revents)
			take_connections(s);
	}
	return NULL;
}

/* ---- starting and stopping ---- */

/* Each request has two ends in this process. */
static int check_descriptors(uint64_t most)
{
	const uint64_t needed = 2 * (most + SPARE);
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return -errno;
	if (limit.rlim_cur >= needed)
		return 0;
	if (limit.rlim_max < needed)
		return -EMFILE;
	limit.rlim_cur = needed;
	return setrlimit(RLIMIT_NOFILE, &limit) ? -errno : 0;
}

/* And a port, beside the server's. */
static int check_ports(uint64_t most)
{
	FILE *range = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
	uint64_t first = 0, last = 0;

	if (!range)
		return 0;
	const bool known = fscanf(range, "%" SCNu64 " %" SCNu64, &first, &last) == 2;
	fclose(range);
	return known && last - first < most ? -EADDRNOTAVAIL : 0;
}

static int open_sockets(struct server *s)
{
	socklen_t length = sizeof(s->address);

	s->address = (struct sockaddr_in) { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	s->stop = eventfd(0, EFD_CLOEXEC);
	s->listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->stop < 0 || s->listening < 0 ||
		bind(s->listening, (struct sockaddr *)&s->address, length) ||
		listen(s->listening, SOMAXCONN) ||
		getsockname(s->listening, (struct sockaddr *)&s->address, &length))
		return -errno;
	return 0;
}

static void release(struct server *s)
{
	while (s->count)
		drop(s, s->count - 1);
	if (s->listening >= 0)
		close(s->listening);
	if (s->stop >= 0)
		close(s->stop);
	free(s->connections);
	free(s->polled);
	free(s);
}

int server_start(struct server **made, uint64_t most)
{
	int error = check_ports(most);

	if (!error)
		error = check_descriptors(most);
	struct server *s = error ? NULL : calloc(1, sizeof(*s));
	if (!s)
		return error ? error : -ENOMEM;
	s->stop = s->listening = -1;
	s->room = most + SPARE;
	s->connections = calloc(s->room, sizeof(*s->connections));
	s->polled = calloc(FIRST + s->room, sizeof(*s->polled));
	error = s->connections && s->polled ? open_sockets(s) : -ENOMEM;
	if (!error)
		error = -pthread_create(&s->thread, NULL, serve, s);
	if (error)
		release(s);
	else
		*made = s;
	return error;
}

void server_stop(struct server *s)
{
	const uint64_t one = 1;

	if (!s)
		return;
	while (write(s->stop, &one, sizeof(one)) < 0 && errno == EINTR)
		continue;
	pthread_join(s->thread, NULL);
	release(s);
}

/* ---- the other end ---- */

/* Closed at once, without the minute for which the system would keep the port. */
static void hang_up(int socket)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(socket);
}

int server_ask(const struct server *server, const struct request *request)
{
	const int asked = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (asked < 0)
		return -errno;
	if (!connect(asked, (const struct sockaddr *)&server->address, sizeof(server->address)) &&
		send(asked, request, sizeof(*request), MSG_NOSIGNAL) == sizeof(*request))
		return asked;
	const int error = errno;
	close(asked);
	return -error;
}

/* An event loop may have made it one that does not wait. */
static ssize_t receive(int asked, char *into, size_t bytes)
{
	for (;;) {
		struct pollfd polled = { .fd = asked, .events = POLLIN };
		const ssize_t got = recv(asked, into, bytes, 0);
		if (!is_transient(got))
			return got;
		poll(&polled, 1, -1);
	}
}

int server_answer(int asked, void *into, uint64_t bytes)
{
	int error = 0;

	for (uint64_t at = 0; at < bytes && !error;) {
		const ssize_t got = receive(asked, (char *)into + at, bytes - at);
		if (got <= 0)
			error = got ? -errno : -ECONNRESET;
		else
			at += (uint64_t)got;
	}
	hang_up(asked);
	return error;
}
