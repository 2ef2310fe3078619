"""Demonstration data: plainly synthetic citizens that between them show every branch."""

from central.demo.citizens import CITIZENS, citizens
from central.demo.spec import Citizen

__all__ = ["CITIZENS", "Citizen", "citizens"]
