"""One scene for each row of the fault table: how its cause is made on the wire, and what the real driver calls it."""
