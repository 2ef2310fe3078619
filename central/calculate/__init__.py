"""`python -m central calculate`: every rule from the command line, so that a centre can check us against its own."""

from central.calculate.front import main

__all__ = ["main"]
