"""Tests of what kiosk and centre share."""
