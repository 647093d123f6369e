# schedules.gp: speedup of openmp by schedule, all kernels in one picture.
# Usage: gnuplot -c schedules.gp RUN/schedules.csv TITLE BASE     writes BASE.svg and BASE.png
csv = ARG1; base = ARG3
load ARG0[1:strlen(ARG0) - strlen("schedules.gp")] . "style.gp"

# the kernels and schedules there are, in the order of the file
kernels = ""; schedules = ""
name(kind, chunk) = kind . (strlen(chunk) ? "," . chunk : "")
note(list, word) = strstrt(" " . list . " ", " " . word . " ") ? list : list . (strlen(list) ? " " : "") . word
stats csv using (kernels = note(kernels, strcol("kernel")), \
	schedules = note(schedules, name(strcol("schedule"), strcol("chunk"))), column("threads")) name "T" nooutput

index_of(list, word) = (sum [i = 1:words(list)] (word(list, i) eq word ? i : 0))
colour(i) = word(blue . " " . sky . " " . orange . " " . yellow . " " . green . " " . pink, (i - 1) % 6 + 1)
width = 0.8 / words(schedules)
at(s) = index_of(kernels, strcol("kernel")) + (s - (words(schedules) + 1) / 2.0) * width
mine(s) = name(strcol("schedule"), strcol("chunk")) eq word(schedules, s)

set title sprintf("speedup of openmp by schedule, %d thread%s", T_max, T_max == 1 ? "" : "s")
set ylabel "speedup"
stats csv using (known(column("speedup_median"))) name "S" nooutput
stats csv using (known(high_end(0))) name "H" nooutput
set yrange [0 : top_of(S_max > T_max ? S_max : T_max, H_max)]
set xrange [0.4 : words(kernels) + 0.6]
set xtics scale 0 rotate by 30 right noenhanced
set for [k = 1:words(kernels)] xtics add (word(kernels, k) k)
set key outside right center Left reverse noenhanced
set style fill solid 0.85 border rgb "#444444"
set bars 0.4

do for [out in "svg png"] {
	if (out eq "svg") { set terminal svg size 960,480 font font background rgb "white" }
	if (out eq "png") { set terminal pngcairo size 1920,960 font font fontscale 2 linewidth 2 background rgb "white" }
	set output base . "." . out
	plot T_max with lines linecolor rgb gray dashtype 2 title "ideal", \
	     for [s = 1:words(schedules)] csv using \
		(mine(s) ? at(s) : NaN):(column("speedup_median")):(low_end(0)):(high_end(0)):(width) \
		with boxerrorbars linecolor rgb colour(s) title word(schedules, s)
}
unset output
