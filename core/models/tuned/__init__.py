"""Encoders made to say what a user's labels say: frozen, with small additions or whole, under a light decoder."""
