"""The algorithms of the provider, one file each."""
