"""A4 printers, through CUPS: statements and certificates on paper."""
