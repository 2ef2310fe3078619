"""Measurements: every figure that is claimed, as JSON lines."""
