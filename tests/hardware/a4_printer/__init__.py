"""The A4 printer: reasons, IPP, and the driver over a real cupsd with ippeveprinter behind it."""
