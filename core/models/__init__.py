"""Networks, and how they are kept: weights as safetensors, everything else as a card beside them."""
