"""What the benchmarks of discrepancies are made of."""
