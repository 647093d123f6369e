# roof.gp: rooflines, a panel for each number of threads.
# Usage: gnuplot -c roof.gp CSV TITLE BASE     writes BASE.svg and BASE.png
#
# Level lines are what cores can do of each kind of operation; slopes, what caches and memory can move for
# them. A kernel is a point in the colour of the operations that take it the longest, with the share it
# attains of the ceiling that binds it; at the right stand those that keep to registers.
csv = ARG1; base = ARG3
load ARG0[1:strlen(ARG0) - strlen("roof.gp")] . "style.gp"

# ---- the thread counts and kinds of operations there are, in the order of the file ----

has(list, word) = strstrt(" " . list . " ", " " . word . " ") > 0
note(list, word) = has(list, word) ? list : list . (strlen(list) ? " " : "") . word
panels = ""; kinds = ""; slopes = ""; count = 0
is_level(x) = strcol("row") eq "ceiling" && strcol("kind") ne "bytes"
is_slope(x) = strcol("row") eq "ceiling" && (strstrt(strcol("name"), "_in_cache") || strstrt(strcol("name"), "_in_memory"))
stats csv using (count = count + 1, panels = note(panels, strcol("threads")), \
	is_level(0) ? (kinds = note(kinds, strcol("kind")), 0) : \
	is_slope(0) ? (slopes = note(slopes, strcol("name")), 0) : 0) nooutput
colour(k) = word(blue . " " . orange . " " . green . " " . pink . " " . sky . " " . yellow, (k - 1) % 6 + 1)
index_of(list, name) = (sum [i = 1:words(list)] (word(list, i) eq name ? i : 0))
spaced(name) = strstrt(name, "_") ? \
	spaced(name[1:strstrt(name, "_") - 1] . " " . name[strstrt(name, "_") + 1:strlen(name)]) : name

# ---- where a kernel stands ----

x_least = 0.008; x_edge = 60; x_most = 20000
here(p) = strcol("row") eq "kernel" && strcol("threads") eq p && strlen(strcol("operations")) && strlen(strcol("per_second"))
moves(x) = strlen(strcol("bytes")) > 0
strip = 0
place(x) = moves(0) ? column("operations") / column("bytes") : (strip = strip + 1, x_edge * 1.5 * 3 ** (strip - 1))
height(x) = column("operations") * column("per_second")
share(x) = strlen(strcol("attained")) ? sprintf(" %.0f %%", 100 * column("attained")) : ""
mark(x) = strcol("name") . share(0)
shade(x) = index_of(kinds, strcol("kind"))

# ---- labels go down to the right; where that would cross another's, up to the left, if nobody is there ----

# A decade is some 95 by 83 pixels, and a label falls by 30 degrees: along it, and across.
along(dx, dy) = 82 * dx - 41 * dy
across(dx, dy) = 47 * dx + 72 * dy
in_way(dx, dy) = abs(across(dx, dy)) < 11 && abs(along(dx, dy)) < 95
array X[count + 1]; array Y[count + 1]; array left[count + 1]
meets(i, j) = X[j] == X[j] && in_way(X[i] - X[j], Y[i] - Y[j])
below(i, j) = along(X[i] - X[j], Y[i] - Y[j]) > 20
right_taken(i) = (sum [j = 1:i - 1] (meets(i, j) && !left[j])) > 0
left_taken(i) = (sum [j = 1:i - 1] (meets(i, j) && (left[j] || below(i, j)))) > 0
settle(i, x, y) = (X[i] = log10(x), Y[i] = log10(y), left[i] = x == x && right_taken(i) && !left_taken(i), y)
row(x) = int(column(0)) + 1

set logscale xy
set xrange [x_least : x_most]
set xtics ("0.1" 0.1, "1" 1, "10" 10, "registers" x_edge * 9)
set format y "10^{%T}"
set ylabel "operations per second"
set key bmargin center vertical maxcols 1 Left reverse samplen 2 noenhanced
columns = words(panels) > 1 ? 2 : 1
rows = (words(panels) + columns - 1) / columns
lines = words(kinds) + words(slopes)
wide = 760 * columns; high = (480 + 18 * lines) * rows
set lmargin 9; set rmargin 3; set tmargin 3; set bmargin 4.5 + lines

level(p, k) = is_level(0) && strcol("threads") eq p && strcol("kind") eq word(kinds, k + 0) ? column("per_second") : NaN
slope(p, s) = is_slope(0) && strcol("threads") eq p && strcol("name") eq word(slopes, s + 0) ? column("per_second") : NaN
rate(v) = v >= 1e12 ? sprintf("%.3g T", v / 1e12) : sprintf("%.3g G", v / 1e9)
dash(s) = int((s + 1) / 2) # a pattern for both of its places
in_cache(s) = strstrt(word(slopes, s + 0), "_in_cache") > 0

do for [out in "svg png"] {
	if (out eq "svg") { set terminal svg size wide,high font font background rgb "white" }
	if (out eq "png") { set terminal pngcairo size 2 * wide,2 * high font font fontscale 2 linewidth 2 pointscale 2 background rgb "white" }
	set output base . "." . out
	set multiplot layout rows,columns
	do for [p in panels] {
		array L[words(kinds)]; array S[words(slopes) + 1]
		top = 0; low = 1e30
		do for [k = 1:words(kinds)] {
			L[k] = NaN
			stats csv using (v = level(p, k), v == v ? (L[k] = v, v) : NaN) nooutput
			if (L[k] == L[k]) { top = L[k] > top ? L[k] : top }
		}
		do for [s = 1:words(slopes)] {
			S[s] = NaN
			stats csv using (v = slope(p, s), v == v ? (S[s] = v, v) : NaN) nooutput
		}
		strip = 0
		stats csv using (settle(row(0), here(p) ? place(0) : NaN, here(p) ? height(0) : NaN)) name "H" nooutput
		low = exists("H_min") ? H_min : 1e8
		top = top > 0 ? top : 1e12
		set yrange [low / 4 : top * 4]
		set xlabel "operations per byte moved"
		set title sprintf("%s thread%s", p, p eq "1" ? "" : "s") noenhanced
		plot for [k = 1:words(kinds)] [x_least : x_most] L[k] with lines linewidth 1.5 linecolor rgb colour(k) \
			title sprintf("%s: %s/s", spaced(word(kinds, k)), rate(L[k])), \
		     for [s = 1:words(slopes)] [x_least : x_edge] S[s] * x < top * 2 ? S[s] * x : NaN with lines \
			linecolor rgb (in_cache(s) ? "#bbbbbb" : "#555555") dashtype dash(s) \
			title sprintf("%s: %sB/s", spaced(word(slopes, s)), rate(S[s])), \
		     for [k = 1:words(kinds)] csv \
			using (here(p) && shade(0) == k && !left[row(0)] ? 10 ** X[row(0)] : NaN):(height(0)):(mark(0)) \
			with labels left rotate by -30 offset 0.6,-0.4 noenhanced font ",9" \
			point pointtype 7 pointsize 0.7 linecolor rgb colour(k) notitle, \
		     for [k = 1:words(kinds)] csv \
			using (here(p) && shade(0) == k && left[row(0)] ? 10 ** X[row(0)] : NaN):(height(0)):(mark(0)) \
			with labels right rotate by -30 offset -0.6,0.4 noenhanced font ",9" \
			point pointtype 7 pointsize 0.7 linecolor rgb colour(k) notitle
	}
	unset multiplot
}
unset output
