"""The fund's rules as pure functions over explicit, dated policy: no clock, file, database or float."""
