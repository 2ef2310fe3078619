"""The speaker and the headset: texts spoken aloud, cut short at once when they are no longer wanted."""
