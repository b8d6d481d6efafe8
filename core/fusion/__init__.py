"""From what each source says to what they say together, and how far each can be trusted."""
