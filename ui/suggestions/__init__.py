"""Texts that need not be typed: fields that offer names, or a file, and say in words what is chosen."""
