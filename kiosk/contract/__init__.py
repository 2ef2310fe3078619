"""The wire models and the money that kiosk and centre share: all of the kiosk that the centre imports."""
