"""The colours and markers of every figure; core.js and book.css repeat them."""

# Okabe and Ito's palette, told apart by colour-blind readers too:
# https://jfly.uni-koeln.de/color/
BLUE, RED, GREEN = "#0072B2", "#D55E00", "#009E73"
PURPLE, ORANGE, SKY = "#CC79A7", "#E69F00", "#56B4E9"
GREY = "#6B7280"
COLORS = [BLUE, RED, GREEN, PURPLE, ORANGE, SKY]
MARKERS = ["o", "s", "^", "D", "v", "P"]
INK = "#1F2937"
