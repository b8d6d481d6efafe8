"""Features of any layer as tokens: what a network takes in of their shape, their words and how they lie to each other.
"""
