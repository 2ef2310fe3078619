"""Tests of what kiosk and centre agree on."""
