# style.gp: what all pictures share. Colours of Okabe and Ito, which colour-blind readers tell apart.
set datafile separator comma
set datafile columnheaders
set datafile missing NaN
set encoding utf8
set border 3 linecolor rgb "#555555"
set tics nomirror textcolor rgb "#222222"
set grid ytics linetype 1 linecolor rgb "#dddddd"

blue = "#0072B2"; orange = "#D55E00"; green = "#009E73"; pink = "#CC79A7"; sky = "#56B4E9"
yellow = "#E69F00"; gray = "#999999"; slate = "#555555"

font = "DejaVu Sans,11"

# The ends of a bar; where there is no interval it shrinks to the median.
low_end(x) = strlen(strcol("speedup_low")) ? column("speedup_low") : column("speedup_median")
high_end(x) = strlen(strcol("speedup_high")) ? column("speedup_high") : column("speedup_median")

# For statistics, which want a number in each row: where no speedup is known, 1 is as good as any.
known(x) = strlen(strcol("speedup_median")) ? x : 1

# The end of an axis: above all medians, and above all bars but those that dwarf them.
top_of(median, bar) = 1.06 * (bar > 1.5 * median ? 1.5 * median : bar > median ? bar : median)
