"""What surrounds the kiosk on a developer's machine: set-up and virtual displays."""
