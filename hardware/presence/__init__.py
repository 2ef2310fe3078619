"""The presence sensor: whether somebody stands before the kiosk."""
