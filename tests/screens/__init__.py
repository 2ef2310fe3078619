"""Tests of what the citizen sees: layout in millimetres, the window by touch and keys, texts in both languages."""
