"""A kiosk's life: every driver at work at the same time, faults at random, and nothing that grows."""
