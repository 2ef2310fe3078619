"""The device bench: in demo mode only, on loopback, it plays the citizen's hands and the lobby's mishaps."""
