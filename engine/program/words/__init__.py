"""The checked program told back: one line for each condition, header, step and trigger, in Chinese or English."""
