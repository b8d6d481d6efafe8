"""From QGIS layers to the inputs of a job: files by path, everything else by a temporary copy."""
