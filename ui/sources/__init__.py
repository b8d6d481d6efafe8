"""SOURCES as a form: what layers do not say of themselves, asked in plain words."""
