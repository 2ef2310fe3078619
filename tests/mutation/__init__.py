"""Mutation testing of the rules: `python -m tests.mutation` changes them one spot at a time and sees the tests fail."""
