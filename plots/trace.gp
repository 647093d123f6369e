# trace.gp: a whole traced run: how many cores' time went to what, over time, stacked.
# Usage: gnuplot -c trace.gp CSV TITLE BASE     writes BASE.svg and BASE.png
#
# CSV is what tine trace keeps of a whole run, a row a stretch of time: from and to in seconds, then in
# cores what the members of regions did, and outside: one core, while no region was open.
csv = ARG1; title = ARG2; base = ARG3
load ARG0[1:strlen(ARG0) - strlen("trace.gp")] . "style.gp"

parts = "outside work fork wait join"
colour(i) = word(gray . " " . green . " " . yellow . " " . blue . " " . sky, i)
low(i) = sum [j = 1:i - 1] column(word(parts, j))
high(i) = low(i) + column(word(parts, i))

stats csv using "to" name "T" nooutput
stats csv using (high(words(parts))) name "H" nooutput
scale = T_max >= 1 ? 1 : T_max >= 1e-3 ? 1e3 : 1e6
set title title noenhanced
set xlabel sprintf("time since the process began [%s]", scale == 1 ? "s" : scale == 1e3 ? "ms" : "µs")
set ylabel "cores"
set xrange [0:T_max * scale]
set yrange [0:1.05 * (H_max > 1 ? H_max : 1)]
set key outside top center horizontal Left reverse samplen 1.5 maxrows 1
set style fill solid 0.9 noborder

do for [out in "svg png"] {
	if (out eq "svg") { set terminal svg size 960,320 font font background rgb "white" }
	if (out eq "png") { set terminal pngcairo size 1920,640 font font fontscale 2 linewidth 2 background rgb "white" }
	set output base . "." . out
	plot for [i = 1:words(parts)] csv using (0):(0):(scale * column("from")):(scale * column("to")):(low(i)):(high(i)) \
		with boxxyerror linecolor rgb colour(i) title word(parts, i)
}
unset output
