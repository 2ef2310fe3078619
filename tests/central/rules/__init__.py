"""The rules against figures worked out by hand, and against what must hold for any figures."""
