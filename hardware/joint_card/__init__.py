"""Joint cards (联名卡): the bank cards that a fund account is tied to, read by their chip for the number alone."""
