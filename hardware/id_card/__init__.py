"""Resident ID cards (居民身份证) and the three permits of the same make: reading a card laid on."""
