"""Running a network over a raster of any size: one tiler, one way to write."""
