"""The device bench: its cable, its hands and its page."""
