"""The engine: every computation of GeoLoop. Nothing in here imports ``qgis``."""
