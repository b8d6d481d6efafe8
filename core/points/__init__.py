"""Point models: what was measured at places of the field, learnt from rasters and written as a map with its doubt."""
