"""Drivers over real transports, against simulated devices at the far end."""
