# speedup.gp: speedup over threads of one kernel, all variants, with the ideal line.
# Usage: gnuplot -c speedup.gp RUN/speedup.csv KERNEL BASE     writes BASE.svg and BASE.png
#
# Points are medians, bars 95 % intervals; a bar that is missing means too few launches for one.
# Variants stand a little apart, so that equal ones can be told from one another.
csv = ARG1; kernel = ARG2; base = ARG3
load ARG0[1:strlen(ARG0) - strlen("speedup.gp")] . "style.gp"

variants = "openmp pthread pool"
colour(i) = i == 1 ? blue : i == 2 ? orange : green
mine(v) = strcol("kernel") eq kernel && strcol("variant") eq v

stats csv using (strcol("kernel") eq kernel ? column("threads") : NaN) name "T" nooutput
most = T_max
stats csv using (strcol("kernel") eq kernel ? known(column("speedup_median")) : NaN) name "S" nooutput
stats csv using (strcol("kernel") eq kernel ? known(high_end(0)) : NaN) name "H" nooutput
top = top_of(S_max > most ? S_max : most, H_max)
apart(t, i) = most > 8 ? t * 1.02 ** (i - 2) : t + 0.012 * most * (i - 2)

set title "speedup of ".kernel." over the sequential variant" noenhanced
set xlabel "threads"
set ylabel "speedup"
set key outside right center Left reverse samplen 2
if (most > 8) {
	# powers of two, evenly spaced: the ideal line stays straight
	set logscale xy 2
	set format y "%g"
	set xrange [0.88 : most * 1.14]
	set yrange [(S_min < 0.7 ? S_min : 0.7) * 0.9 : top]
	set xtics 2
	set xtics add (sprintf("%d", most) most)
} else {
	set xrange [0.7 : most + 0.3]
	set yrange [0 : top]
	set xtics 1
}

do for [out in "svg png"] {
	if (out eq "svg") { set terminal svg size 720,480 font font background rgb "white" }
	if (out eq "png") { set terminal pngcairo size 1440,960 font font fontscale 2 linewidth 2 pointscale 2 background rgb "white" }
	set output base . "." . out
	plot x with lines linecolor rgb gray dashtype 2 title "ideal", \
	     1 with lines linecolor rgb gray linewidth 0.5 title "sequential", \
	     for [i = 1:words(variants)] csv using \
		(mine(word(variants, i)) ? apart(column("threads"), i) : NaN):(column("speedup_median")):(low_end(0)):(high_end(0)) \
		with yerrorlines linecolor rgb colour(i) pointtype 5 + 2 * (i - 1) pointsize 0.8 \
		title word(variants, i)
}
unset output
