"""Encoders: networks that turn imagery into features, public foundation models among them, behind one interface."""
