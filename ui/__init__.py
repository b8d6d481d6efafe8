"""Windows. Nothing here does what an algorithm could not do headless."""
