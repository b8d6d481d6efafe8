"""GeoLoop in QGIS's Processing framework: algorithms, the engine's client, and the way from layers to jobs."""
