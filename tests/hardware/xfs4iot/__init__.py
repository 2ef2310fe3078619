"""The client of a kiosk maker's services, against simulated ones on loopback."""
