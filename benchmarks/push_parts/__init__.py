"""The parts of benchmarks/push.py, each run in a process of its own, most in QGIS's Python; they print JSON."""
