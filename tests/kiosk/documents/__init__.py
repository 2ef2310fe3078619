"""What stands on paper: every kind in every language and width, read back by others."""
