# lesson.gp: what ways to do the same work gain over one thread, a panel an experiment.
# Usage: gnuplot -c lesson.gp CSV TITLE BASE     writes BASE.svg and BASE.png
#
# Bars are medians, whiskers 95 % intervals; a whisker that is missing means too few launches for one. Lines
# are what as many cores could gain at best.
csv = ARG1; what = ARG2; base = ARG3
load ARG0[1:strlen(ARG0) - strlen("lesson.gp")] . "style.gp"

# the panels, and the rows there are, in the order of the file; words of a list have no spaces
panels = ""; count = 0
array panel[1000]; array label[1000]; bare = 0; lined = 0
note(list, word) = strstrt(" " . list . " ", " " . word . " ") ? list : list . (strlen(list) ? " " : "") . word
stats csv using (panels = note(panels, strcol("panel")), count = count + 1, panel[count] = strcol("panel"), \
	label[count] = strcol("label") . (strlen(strcol("chunk")) ? "," . strcol("chunk") : ""), \
	bare = bare + !strlen(strcol("speedup_low")), lined = lined + (strlen(strcol("cores")) > 0), 1) nooutput
members(p) = (sum [i = 1:count] (panel[i] eq p ? 1 : 0))
rank(i) = (sum [k = 1:i] (panel[k] eq panel[i] ? 1 : 0))

stats csv using (known(column("speedup_median"))) name "S" nooutput
stats csv using (known(high_end(0))) name "H" nooutput
stats csv using (strlen(strcol("cores")) ? column("cores") : 1) name "C" nooutput
right = top_of(S_max > C_max ? S_max : C_max, H_max)

half = 0.36
is_of(p) = strcol("panel") eq p
place(p) = is_of(p) ? rank(int(column(0)) + 1) : NaN

set xrange [0 : right]
set grid noytics xtics linetype 1 linecolor rgb "#dddddd"
set lmargin 24; set rmargin 3
set style fill solid 0.85 noborder
set bars 0.6
unset key
set bmargin bare ? 4.5 : 3.5
axis = "speedup over one thread" . (lined ? "; lines: by as many cores, at best" : "") . \
	(bare ? "\nno whisker: too few launches" : "")
height = 80 + 90 * words(panels) + 34 * count

do for [out in "svg png"] {
	if (out eq "svg") { set terminal svg size 720,height font font background rgb "white" }
	if (out eq "png") { set terminal pngcairo size 1440,2 * height font font fontscale 2 linewidth 2 background rgb "white" }
	set output base . "." . out
	set multiplot layout words(panels),1 title what noenhanced
	do for [p in panels] {
		set yrange [members(p) + 0.6 : 0.4]
		set ytics scale 0 () noenhanced
		do for [i = 1:count] { if (panel[i] eq p) { set ytics add (label[i] rank(i)) } }
		set title p noenhanced
		set xlabel p eq word(panels, words(panels)) ? axis : ""
		plot csv using (column("speedup_median")):(place(p)):(0):(column("speedup_median")):(place(p) - half):(place(p) + half) \
			with boxxyerror linecolor rgb blue, \
		     csv using (column("speedup_median")):(strlen(strcol("speedup_low")) ? place(p) : NaN):(low_end(0)):(high_end(0)) with xerrorbars \
			linecolor rgb "#222222" linewidth 1.5 pointtype 0, \
		     csv using (column("cores")):(place(p) - half):(0):(2 * half) \
			with vectors nohead linecolor rgb orange linewidth 2
	}
	unset multiplot
}
unset output
