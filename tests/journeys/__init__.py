"""Whole visits by a scripted citizen, without a window: every way through every flow, and every way out of it."""
