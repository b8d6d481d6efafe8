"""The parts of the fine-tuning benchmark."""
