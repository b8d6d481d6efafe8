"""The parts of benchmarks/inference.py: models and rasters, runs in processes of their own, one file a question."""
