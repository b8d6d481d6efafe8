"""What the benchmark of the loop is made of."""
