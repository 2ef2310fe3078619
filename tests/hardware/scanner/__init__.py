"""Tests of the scanners; the frames that they read are drawn here."""
