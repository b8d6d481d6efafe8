"""Reading any source onto one metric grid: imagery, map and field layers, and the legend they are read with."""
