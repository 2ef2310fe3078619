"""A scripted citizen who touches the real window: for tours, for tests of the whole, and for figures from outside."""
