"""The speaker: rendering, playing, and being cut short."""
