/*
 * opencv: the rival in C++, since OpenCV 4 has no other interface. All of its results go into memory
 * that was there before.
 */
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "rival.h"

struct rival_state {
	cv::Mat rgb, gray, table, to, to_gray, gx, gy, abs_gx, abs_gy;
};

static rival_state *open_canvas(const canvas *c)
{
	const cv::Size size(c->width, c->height);
	rival_state *state = new rival_state;

	state->rgb = cv::Mat(size, CV_8UC3, const_cast<uint8_t *>(c->rgb));
	state->gray = cv::Mat(size, CV_8UC1, const_cast<uint8_t *>(c->gray));
	state->table = cv::Mat(1, 256, CV_8UC1, const_cast<uint8_t *>(c->table));
	state->to = cv::Mat(size, CV_8UC3, c->to);
	state->to_gray = cv::Mat(size, CV_8UC1, c->to);
	state->gx = cv::Mat(size, CV_16SC1);
	state->gy = cv::Mat(size, CV_16SC1);
	state->abs_gx = cv::Mat(size, CV_8UC1);
	state->abs_gy = cv::Mat(size, CV_8UC1);
	return state;
}

static void set_threads(rival_state *, int count)
{
	cv::setNumThreads(count);
}

static void close_canvas(rival_state *state)
{
	delete state;
}

static void gray(rival_state *s)
{
	cv::cvtColor(s->rgb, s->to_gray, cv::COLOR_RGB2GRAY);
}

static void gamma_table(rival_state *s)
{
	cv::LUT(s->rgb, s->table, s->to);
}

/* With no sigma given, the weights of 5 are binomial. */
static void blur(rival_state *s)
{
	cv::GaussianBlur(s->rgb, s->to, cv::Size(5, 5), 0);
}

static void sobel(rival_state *s)
{
	cv::Sobel(s->gray, s->gx, CV_16S, 1, 0);
	cv::Sobel(s->gray, s->gy, CV_16S, 0, 1);
	cv::convertScaleAbs(s->gx, s->abs_gx);
	cv::convertScaleAbs(s->gy, s->abs_gy);
	cv::add(s->abs_gx, s->abs_gy, s->to_gray);
}

static void invert(rival_state *s)
{
	cv::bitwise_not(s->rgb, s->to);
}

static rival make_rival()
{
	rival r = {};

	r.name = "opencv";
	r.open = open_canvas;
	r.threads = set_threads;
	r.close = close_canvas;
	r.jobs[GRAY].run = gray;
	r.jobs[GAMMA].run = gamma_table;
	r.jobs[BLUR].run = blur;
	r.jobs[SOBEL].run = sobel;
	r.jobs[INVERT].run = invert;
	return r;
}

const rival rival_opencv = make_rival();
