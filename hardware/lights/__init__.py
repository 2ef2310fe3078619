"""Guidance lights: which slot to use now."""
