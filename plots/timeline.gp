# timeline.gp: regions as they were: the caller's line that forks and joins, and a bar a member.
# Usage: gnuplot -c timeline.gp CSV TITLE BASE     writes BASE.svg and BASE.png
#
# CSV is what `tine timeline --format csv` prints. Units that are narrower than a pixel and a half are
# drawn together, as one bar of their bodies' length, so that its shade is their share; those of at
# least three pixels are set apart. Where members share a row of pixels, it shows the latest start
# and the latest completion among them, and the picture says so.
csv = ARG1; title = ARG2; base = ARG3
load ARG0[1:strlen(ARG0) - strlen("timeline.gp")] . "style.gp"

# ---- how many regions, how long, how many members, and whether there are units ----

REGIONS_MAX = 6
array fork[REGIONS_MAX]; array span[REGIONS_MAX]; array last[REGIONS_MAX]; array cold[REGIONS_MAX]
regions = 0; members = 0; units = 0; left = 0; right = 0
larger(a, b) = a > b ? a : b
smaller(a, b) = a < b ? a : b

# "12.3 MB", three significant digits
prefix(power) = word("B kB MB GB TB PB EB", power + 1)
digits(v) = v >= 99.95 ? "%.0f " : v >= 9.995 ? "%.1f " : "%.2f "
scaled(b, power) = b >= 999.5 && power < 6 ? scaled(b / 1000, power + 1) : \
	sprintf(power ? digits(b) : "%.0f ", b) . prefix(power)

# The labels of the member in the row of its work.
moved(a, b) = strlen(a) && strlen(b) && a ne b
cpus(a, b) = strlen(a . b) ? "  CPU " . (strlen(a) ? a : b) . (moved(a, b) ? "→" . b : "") : ""
core(c) = strlen(c) ? "  core " . c : ""
left_label(x) = "member " . strcol("member") . \
	cpus(strcol("cpu_start"), strcol("cpu_complete")) . core(strcol("core"))
bytes(b, what) = b > 0 ? sprintf("  %s %s", scaled(b, 0), what) : ""
node(b, n) = b > 0 && strlen(n) ? " on node " . n : ""
memory(x) = strlen(strcol("touched_bytes")) ? bytes(column("allocated_bytes"), "allocated") . \
	bytes(column("touched_bytes"), "touched") . node(column("touched_bytes"), strcol("node")) : ""
right_label(x) = (strlen(strcol("units")) ? strcol("units") . (strcol("units") eq "1" ? " unit" : " units") : "") . memory(0)

note_region(r, b, e) = (regions = r, r > REGIONS_MAX ? 0 : \
	(fork[r] = b, span[r] = e - b, last[r] = 0, cold[r] = strlen(strcol("cold")) ? strcol("cold") eq "true" ? ", cold" : ", warm" : ""))
note_work(r, m, e) = (members = larger(members, m + 1), \
	left = larger(left, strlen(left_label(0))), right = larger(right, strlen(right_label(0))), \
	r > REGIONS_MAX ? 0 : (last[r] = larger(last[r], e)))
note(phase) = \
	phase eq "region" ? note_region(int(column("region")), column("begin_ns"), column("end_ns")) : \
	phase eq "work" ? note_work(int(column("region")), column("member"), column("end_ns")) : \
	phase eq "unit" ? (units = 1) : 0
stats csv using (note(strcol("phase")), 0) nooutput

# One scale for all, if that leaves the shortest region a quarter of the width.
drawn = smaller(regions, REGIONS_MAX)
longest = 1; shortest = span[1]
do for [r = 1:drawn] { longest = larger(longest, span[r]); shortest = smaller(shortest, span[r]) }
shared = 4 * shortest >= longest
scale_ns(r) = larger(1, shared ? longest : span[r])
unit_ns(ns) = ns >= 1e9 ? 1e9 : ns >= 1e6 ? 1e6 : ns >= 1e3 ? 1e3 : 1
unit_name(ns) = ns >= 1e9 ? "s" : ns >= 1e6 ? "ms" : ns >= 1e3 ? "µs" : "ns"

# ---- the layout, in pixels ----

TITLE = 26; KEY = 26; HEAD = 30; CALLER = 30; FOOT = 50; WIDE = 640; ASIDE = 24; LETTER = 6.8; GAP = 12
tall = smaller(smaller(30.0 * members, 240 + 5.0 * members), drawn > 1 ? 640.0 : 960.0)
pitch = tall / members
half = pitch > 3 ? 0.4 * pitch : larger(0.5 * pitch, 0.5)
every_label = 1
while (pitch < 12 && every_label * pitch < 40) { every_label = 2 * every_label }
plot_left = GAP + LETTER * left
plot_right = plot_left + WIDE + 2 * ASIDE
heading = title . (regions > drawn ? sprintf(" (regions 1 to %d of %d)", drawn, regions) : "")
width = larger(larger(plot_right + LETTER * right + GAP, LETTER * strlen(heading) + 2 * GAP), 800.0)
height = TITLE + KEY + drawn * (HEAD + CALLER + tall + FOOT)
panel_top(r) = height - TITLE - KEY - HEAD - (r - 1) * (HEAD + CALLER + tall + FOOT)
show_units = units && pitch >= 3

# ---- members and units, merged where they cannot be told apart ----

at(r, ns) = (ns - fork[r]) / unit_ns(scale_ns(r))
pixels(r, ns) = 1.0 * ns * WIDE / scale_ns(r)
row(kind, r, m, b, e) = sprintf("%s\t%d\t%d\t%.9g\t%.15g\t%.15g\t", \
	kind, r, m, (m + 0.5) * pitch, at(r, b), at(r, e))

# A run is of units that follow one another; `close`: nothing to be seen between it and the last.
run = 0; run_close = 0; run_begin = 0; run_end = 0; run_body = 0; complete = 0; unkept = 0
end_run(r, m) = run ? row("run", r, m, run_begin, run_begin + run_body) . \
	(run_close && pixels(r, run_body) >= 3) : ""
begin_run(r, b, e) = (run_close = pixels(r, b - run_end) < 1, \
	run = 1, run_begin = b, run_end = e, run_body = e - b)
extend_run(b, e) = (run_end = e, run_body = run_body + e - b)
on_work(r, m, b, e) = (run_end = b, complete = e, unkept = column("kept") < column("units"), \
	row("work", r, m, b, e) . left_label(0) . "\t" . right_label(0))
on_unit(r, m, b, e) = run && pixels(r, e - run_begin) < 1.5 ? (extend_run(b, e), "") : \
	(ended = end_run(r, m), begin_run(r, b, e), ended)
on_wait(r, m) = (ended = end_run(r, m), run = 0, ended)
on_join(r, m) = unkept ? row("run", r, m, run_end, complete) . "0" : ""
of_member(phase, r, m, b, e) = phase eq "work" ? on_work(r, m, b, e) : \
	!show_units ? "" : phase eq "unit" ? on_unit(r, m, b, e) : \
	phase eq "wait" ? on_wait(r, m) : phase eq "join" ? on_join(r, m) : ""
to_draw(x) = strcol("phase") eq "region" || column("region") > drawn ? "" : \
	of_member(strcol("phase"), int(column("region")), int(column("member")), \
		column("begin_ns"), column("end_ns"))

text = ""
set table $rows
plot csv using (text = to_draw(0)) with table if (strlen(text))
unset table

# ---- the names of tasks: what a member did of one without a gap to be seen bears one ----

name = ""; name_begin = 0; name_end = 0
fits(text, width) = LETTER * strlen(text) + 8 < width
without_size(text) = text[1:strstrt(text, "/") - 1]
shown(text, width) = fits(text, width) ? text : \
	fits(without_size(text), width) ? without_size(text) : \
	fits(word(text, 1), width) ? word(text, 1) : ""
end_name(r, m) = (text = strlen(name) ? shown(name, pixels(r, name_end - name_begin)) : "", \
	strlen(text) ? row("name", r, m, name_begin, name_end) . text : "")
begin_name(b, e) = (name = strcol("name"), name_begin = b, name_end = e)
name_unit(r, m, b, e) = strcol("name") eq name && pixels(r, b - name_end) < 2 ? \
	(name_end = e, "") : (ended = end_name(r, m), begin_name(b, e), ended)
name_of_member(phase, r, m, b, e) = phase eq "unit" ? name_unit(r, m, b, e) : \
	phase eq "wait" ? (ended = end_name(r, m), name = "", ended) : ""
to_name(x) = pitch < 12 || strcol("phase") eq "region" || column("region") > drawn ? "" : \
	name_of_member(strcol("phase"), int(column("region")), int(column("member")), \
		column("begin_ns"), column("end_ns"))
set table $rows append
plot csv using (found = to_name(0)) with table if (strlen(found))
unset table
unset datafile columnheaders
set datafile separator tab

# ---- the picture ----

set style fill solid noborder
unset ytics
unset grid
set grid xtics linetype 1 linecolor rgb "#dddddd"
set key horizontal center Left reverse maxrows 1 samplen 1.5 width -4
ink = "#222222"
crowd = pitch >= 1 ? "" : sprintf("; of %d members in a row of pixels, the latest start and completion", ceil(1 / pitch))
row_is(kind, r) = strcol(1) eq kind && $2 == r
only(kind, r) = row_is(kind, r) ? 0 : NaN
named(r) = row_is("work", r) && int($3) % every_label == 0
bar = "($4 - half):($4 + half) with boxxyerror notitle linecolor rgb"
line = "front linewidth 2 linecolor rgb ink"

do for [out in "svg png"] {
	if (out eq "svg") { set terminal svg size width,height font font background rgb "white" }
	if (out eq "png") { set terminal pngcairo size 2 * width,2 * height font font \
		fontscale 1.5 linewidth 2 background rgb "white" }
	set output base . "." . out
	set multiplot
	set label 1 heading at screen 0.5, screen 1 - 0.6 * TITLE / height center noenhanced textcolor rgb ink

	# the key, in a plot of its own, as wide as the picture
	set lmargin at screen 0; set rmargin at screen 1
	set tmargin at screen 1 - TITLE / height; set bmargin at screen 1 - (TITLE + KEY) / height
	unset border; unset xtics; unset xlabel
	set xrange [0 : 1]; set yrange [0 : 1]
	plot NaN with boxes linecolor rgb orange title "fork latency", \
	     NaN with boxes linecolor rgb blue title show_units ? "unit" : "work", \
	     for [i = 1:show_units] NaN with boxes linecolor rgb sky title "between units", \
	     NaN with boxes linecolor rgb yellow title "wait for the last", \
	     NaN with boxes linecolor rgb pink title "join"
	unset label 1

	set border 1
	set xtics nomirror textcolor rgb ink
	set lmargin at screen plot_left / width
	set rmargin at screen plot_right / width
	do for [r = 1:drawn] {
		unit = unit_name(scale_ns(r))
		end = span[r] / unit_ns(scale_ns(r)); done = at(r, last[r])
		scale = scale_ns(r) / unit_ns(scale_ns(r)); aside = scale * ASIDE / WIDE
		set tmargin at screen panel_top(r) / height
		set bmargin at screen (panel_top(r) - CALLER - tall) / height
		set xrange [-aside : scale + aside]
		set yrange [tall : -CALLER]
		set xlabel "time since t_{fork}, " . unit textcolor rgb ink
		set label 2 sprintf("region %d%s: %.4g %s", r, cold[r], end, unit) . crowd \
			at 0, -CALLER offset 0, 0.7 left textcolor rgb ink
		set label 3 "caller" at -aside, -0.5 * CALLER right offset -0.7, 0 textcolor rgb ink
		set label 4 "t_{fork}" at 0, -0.5 * CALLER left offset 0.5, 0 textcolor rgb ink
		set label 5 "t_{join}" at end, -0.5 * CALLER right offset -0.5, 0 textcolor rgb ink
		set arrow 1 from -aside, -0.5 * CALLER to 0, -0.5 * CALLER nohead @line
		set arrow 2 from 0, -0.5 * CALLER to 0, tall nohead @line
		set arrow 3 from end, -0.5 * CALLER to end, tall nohead @line
		set arrow 4 from end, -0.5 * CALLER to scale + aside, -0.5 * CALLER \
			head filled size screen 9 / width, 20 @line
		plot $rows using (only("work", r)):4:6:(done):@bar yellow, \
		     $rows using (only("work", r)):4:(done):(end):@bar pink, \
		     $rows using (only("work", r)):4:5:6:@bar show_units ? sky : blue, \
		     for [i = 1:show_units] $rows using (only("run", r)):4:5:6:@bar blue, \
		     for [i = 1:show_units] $rows using \
			(row_is("run", r) && $7 > 0 ? $5 : NaN):($4 - half):(0):(2 * half) \
			with vectors nohead linecolor rgb "white" linewidth 0.7 notitle, \
		     $rows using (only("work", r)):4:(0):5:@bar orange, \
		     $rows using (row_is("name", r) ? 0.5 * ($5 + $6) : NaN):4:7 \
			with labels center noenhanced textcolor rgb "white" notitle, \
		     $rows using (named(r) ? -aside : NaN):4:7 \
			with labels right offset -0.7, 0 noenhanced textcolor rgb ink notitle, \
		     $rows using (named(r) ? scale + aside : NaN):4:8 \
			with labels left offset 0.7, 0 noenhanced textcolor rgb ink notitle
	}
	unset multiplot
	unset label; unset arrow
}
unset output
