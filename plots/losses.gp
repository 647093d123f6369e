# losses.gp: where the core time went, a stacked bar a case: those of losses.csv's overview.
# Usage: gnuplot -c losses.gp RUN/losses.csv TITLE BASE     writes BASE.svg and BASE.png
#
# The parts of a bar add up to 100 %. Inflation below 0, where the members did the work in less time
# than the sequential run, is drawn to the left of 0, and the bar then passes 100 % by as much.
csv = ARG1; base = ARG3
load ARG0[1:strlen(ARG0) - strlen("losses.gp")] . "style.gp"

parts = "work inflation fork dispatch lock yield wait join"
colour(i) = word(green . " " . orange . " " . yellow . " " . pink . " " . gray . " " . slate . " " . blue . " " . sky, i)
share(i) = strcol(word(parts, i) . "_percent")
size(i) = strlen(share(i)) ? real(share(i)) : 0
start(i) = sum [j = 1:i - 1] (size(j) > 0 ? size(j) : 0)
low(i) = size(i) < 0 ? size(i) : start(i)
high(i) = size(i) < 0 ? 0 : start(i) + size(i)
drawn(x) = strcol("overview") eq "true" && strlen(share(1))

# Each record's line, from the top; kernels stand apart, and their names beside their cases.
line = 0; lines = ""; kernels = ""; tops = ""; last = ""; variants = ""; threads = ""; missing = 0; crowded = ""
begin(kernel) = (line = line + (line > 0 ? 0.6 : 0), last = kernel, kernels = kernels . " " . kernel, \
	tops = tops . sprintf(" %.1f", line + 1))
place(x) = (last eq strcol("kernel") ? 0 : begin(strcol("kernel")), line = line + 1, \
	variants = variants . " " . strcol("variant"), missing = missing + !strlen(share(4)), \
	threads = threads . " " . strcol("team") . (strcol("crowded") eq "true" ? (crowded = "*") : ""), line)
note(line) = (lines = lines . (line > 0 ? sprintf(" %.1f", line) : " 0"), line)
stats csv using (note(drawn(0) ? place(0) : 0)) name "Y" nooutput
stats csv using (drawn(0) ? low(2) : NaN) name "L" nooutput
stats csv using (drawn(0) ? high(words(parts)) : NaN) name "H" nooutput
# Few variants have a lock, or yields: none is named where none of these is there.
stats csv using (drawn(0) ? size(5) : NaN) name "LOCK" nooutput
stats csv using (drawn(0) ? size(6) : NaN) name "YIELD" nooutput
name(i) = (i == 5 && LOCK_max == 0) || (i == 6 && YIELD_max == 0) ? "" : word(parts, i)
y(x) = drawn(0) ? real(word(lines, int(column(0)) + 1)) : NaN
bottom(k) = k < words(kernels) ? real(word(tops, k + 1)) - 1.6 : line
widest = 0
do for [k = 1:words(kernels)] {
	widest = strlen(word(kernels, k)) > widest ? strlen(word(kernels, k)) : widest
	set label k word(kernels, k) at screen 0.012, first (real(word(tops, k)) + bottom(k)) / 2 \
		noenhanced textcolor rgb "#222222"
}

set title "where the core time went"
set xlabel "per cent of p · E, members × time of the region" \
	. (missing ? "; dispatch that was not recorded is in inflation" : "") \
	. (strlen(crowded) ? "\n* threads share CPUs: this is the threads' time, not the cores'" : "")
set xrange [(L_min < 0 ? 1.05 * L_min : 0) : (H_max > 100 ? H_max : 100) + 1]
set yrange [line + 0.7 : 0.3]
set lmargin widest + 14
unset grid
set grid xtics front linetype 1 linecolor rgb "#dddddd" linewidth 0.5
set ytics scale 0 () noenhanced
at = 0
do for [i = 1:words(lines)] {
	if (real(word(lines, i)) > 0) {
		at = at + 1
		set ytics add (word(variants, at) . ", " . word(threads, at) real(word(lines, i)))
	}
}
set key tmargin center horizontal Left reverse samplen 1.5 maxrows 1
set arrow 1 from 100, graph 0 to 100, graph 1 nohead front linecolor rgb "#222222" dashtype 2
set arrow 2 from 0, graph 0 to 0, graph 1 nohead front linecolor rgb "#222222"
set style fill solid 0.9 noborder

height = 130 + 20 * line
do for [out in "svg png"] {
	if (out eq "svg") { set terminal svg size 960,height font font background rgb "white" }
	if (out eq "png") { set terminal pngcairo size 1920,2 * height font font fontscale 2 linewidth 2 background rgb "white" }
	set output base . "." . out
	plot for [i = 1:words(parts)] csv using (0):(y(0)):(low(i)):(high(i)):(y(0) - 0.4):(y(0) + 0.4) \
		with boxxyerror linecolor rgb colour(i) title name(i)
}
unset output
