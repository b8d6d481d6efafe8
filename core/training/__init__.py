"""Fitting networks to the labels that maps and field surveys hold: one fit, whatever is fitted."""
