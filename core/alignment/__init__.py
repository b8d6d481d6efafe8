"""Where a map layer lies beside what the imagery shows: shifts, the smooth field behind them, features of their own."""
