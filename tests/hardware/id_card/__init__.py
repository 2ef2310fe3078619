"""The ID card reader: its text blocks, its frames, and the driver over a pseudo-terminal."""
