"""The front door: set-up, and displays where there are none."""
