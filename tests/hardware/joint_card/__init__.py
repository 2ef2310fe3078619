"""The joint card reader: TLVs, the reading of a chip, and the driver over the real pcscd and libccid."""
